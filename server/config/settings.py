"""Settings that hold for a file: the defaults, its folder's configuration, and overrides."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from server.config.options import ConfigError, Options, kebab_case, parse_options
from server.errors import Wording
from server.globs import Globs

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_FILES = ("wpc.toml", "pyproject.toml")


class ProblemGlob(NamedTuple):
    """Files, and the problem that they solve: an id, or a folder relative to the globs' root."""

    files: Globs
    problem: str


class Settings(BaseModel):
    """What holds in a folder; see `Options` for the meaning of each."""

    model_config = ConfigDict(frozen=True)

    problems: tuple[ProblemGlob, ...] = ()
    select: tuple[str, ...] = ("WPC",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Globs, tuple[str, ...]], ...] = ()
    exclude: Globs = Globs(Path())
    time_budget: float = 10.0
    locale: str = "en"


class SettingsSource:
    """Gives the settings of each folder, reading each configuration file once.

    Parameters
    ----------
    overrides
        What the command line or the editor says; it wins over files, option by option.
    root
        The folder that the globs of `overrides` are relative to; by default the working folder.
        Those of a configuration file are relative to its folder.
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
        root: Path | None = None,
        config: Path | None = None,
        isolated: bool = False,
        locale: str = "en",
    ) -> None:
        self._default = Settings(locale=locale)
        self._overrides = _resolved(overrides or Options(), (root or Path()).absolute())
        self._fixed = config and self._settings(config, _read_file(config) or Options())
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
            return self._settings(*own)
        if self._isolated or folder.parent == folder:
            return self._default.model_copy(update=self._overrides)
        return self.of_folder(folder.parent)

    def _settings(self, file: Path, options: Options) -> Settings:
        said = _resolved(options, file.absolute().parent) | self._overrides
        return self._default.model_copy(update=said)


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
    tools = table.get("tool")
    if not isinstance(tools, Mapping) or "wpc" not in tools:
        return None
    return _parse(tools["wpc"], f"{file}: [tool.wpc]")


def _parse(table: Any, where: str) -> Options:
    if not isinstance(table, Mapping):
        raise ConfigError(lambda texts: texts.not_a_table.format(where=where))
    return parse_options(table, kebab_case, lambda _: where)


def _unreadable(file: Path, reason: str) -> Wording:
    return lambda texts: texts.cannot_read.format(file=file, reason=reason)


def _resolved(options: Options, root: Path) -> dict[str, Any]:
    """Return what is said, with globs relative to `root`."""
    said: dict[str, Any] = {name: value for name, value in options if value is not None}
    if options.problems is not None:
        said["problems"] = tuple(
            ProblemGlob(Globs(root, (glob,)), problem) for glob, problem in options.problems.items()
        )
    if options.per_file_ignores is not None:
        said["per_file_ignores"] = tuple(
            (Globs(root, (glob,)), rules) for glob, rules in options.per_file_ignores.items()
        )
    if options.exclude is not None:
        said["exclude"] = Globs(root, options.exclude)
    return said
