"""Settings that hold for a file: the defaults, its folder's configuration, and overrides."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from server.config.options import ConfigError, Options, kebab_case, parse_options
from server.errors import Wording

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_FILES = ("wpc.toml", "pyproject.toml")


class ProblemGlob(NamedTuple):
    """Files, by a glob relative to the settings' root, and the problem that they solve."""

    glob: str
    problem: str


class Settings(BaseModel):
    """What holds in a folder; see `Options` for the meaning of each.

    Parameters
    ----------
    root
        The folder that globs are relative to: that of the configuration file, if there is one.
    file
        The configuration file, if there is one.
    """

    model_config = ConfigDict(frozen=True)

    root: Path
    file: Path | None = None
    problems: tuple[ProblemGlob, ...] = ()
    select: tuple[str, ...] = ("WPC",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    time_budget: float = 10.0
    locale: str = "en"


class SettingsSource:
    """Gives the settings of each folder, reading each configuration file once.

    Parameters
    ----------
    overrides
        What the command line or the editor says; it wins over files, option by option.
    config
        The configuration file of every folder.
    isolated
        Read no configuration files.
    locale
        Of messages, where neither overrides nor files say one.

    Raises
    ------
    ConfigError
        Where `config` cannot be used.
    """

    def __init__(
        self,
        overrides: Options | None = None,
        *,
        config: Path | None = None,
        isolated: bool = False,
        locale: str = "en",
    ) -> None:
        self._default = Options(locale=locale)
        self._overrides = overrides or Options()
        self._fixed = config and self._settings(
            config.absolute().parent, config, _read_file(config) or Options()
        )
        self._isolated = isolated
        self._by_folder: dict[Path, Settings] = {}

    def of_file(self, path: Path) -> Settings:
        """Return the settings that hold for a file, which need not exist.

        Raises
        ------
        ConfigError
            Where the nearest configuration file cannot be used.
        """
        return self.of_folder(path.absolute().parent)

    def of_folder(self, folder: Path) -> Settings:
        """Return the settings that hold in a folder; raises as `of_file` does."""
        if self._fixed:
            return self._fixed
        folder = folder.absolute()
        if folder not in self._by_folder:
            self._by_folder[folder] = self._resolve(folder)
        return self._by_folder[folder]

    def forget(self) -> None:
        """Read configuration files again when next asked."""
        self._by_folder.clear()

    def _resolve(self, folder: Path) -> Settings:
        own = None if self._isolated else _read_folder(folder)
        if own is not None:
            file, options = own
            return self._settings(folder, file, options)
        if self._isolated or folder.parent == folder:
            return self._settings(folder, None, Options())
        parent = self.of_folder(folder.parent)
        return parent if parent.file else parent.model_copy(update={"root": folder})

    def _settings(self, folder: Path, file: Path | None, options: Options) -> Settings:
        return _settings(folder, file, self._default, options, self._overrides)


def _read_folder(folder: Path) -> tuple[Path, Options] | None:
    for name in CONFIG_FILES:
        file = folder / name
        if file.is_file() and (options := _read_file(file)) is not None:
            return file, options
    return None


def _read_file(file: Path) -> Options | None:
    """Return what a file says; `None` for a pyproject.toml without a word for us."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(_unreadable(file, str(error))) from None
    if file.name != "pyproject.toml":
        return _parse(table, str(file))
    tools = table.get("tool", {})
    return _parse(tools["wpc"], f"{file}: [tool.wpc]") if "wpc" in tools else None


def _parse(table: Any, where: str) -> Options:
    if not isinstance(table, Mapping):
        raise ConfigError(lambda texts: texts.not_a_table.format(where=where))
    return parse_options(table, kebab_case, lambda _: where)


def _unreadable(file: Path, reason: str) -> Wording:
    return lambda texts: texts.cannot_read.format(file=file, reason=reason)


def _settings(folder: Path, file: Path | None, *layers: Options) -> Settings:
    said: dict[str, Any] = {}
    for layer in layers:
        said |= {name: value for name, value in layer if value is not None}
    for table in ("problems", "per_file_ignores"):
        if table in said:
            said[table] = tuple(said[table].items())
    return Settings(root=folder, file=file, **said)
