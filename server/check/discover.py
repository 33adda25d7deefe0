"""Which files a command line names."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from pathspec import GitIgnoreSpec

from server.config import SettingsSource
from server.errors import UserError
from server.texts import Texts

DEFAULT_EXCLUDES = (
    ".*/",
    "__pycache__/",
    "__pypackages__/",
    "build/",
    "dist/",
    "node_modules/",
    "site-packages/",
    "venv/",
)

_DEFAULTS = GitIgnoreSpec.from_lines(DEFAULT_EXCLUDES)


class MissingPathError(UserError):
    """A path of the command line that is not there."""


def discover(paths: Iterable[Path], settings: SettingsSource) -> list[Path]:
    """Return the programs that paths name, each once, in order.

    A file that is named is taken as it is. In a folder, files `*.py` are taken, but not what
    .gitignore files or the settings' `exclude` leave out, nor what no one writes by hand. A
    folder in it that cannot be entered stands for its files: to read it says why.

    Raises
    ------
    MissingPathError
        Where a path does not exist or cannot be looked at.
    ConfigError
        Where the configuration of a folder cannot be used.
    """
    found: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                found += _walk(path, _ignores_above(path), settings)
            elif path.exists():
                found.append(path)
            else:
                raise MissingPathError(partial(_missing, path))
        except PermissionError as error:
            raise MissingPathError(partial(_unreadable, path, str(error.strerror))) from None
    return _without_doubles(found)


def _without_doubles(paths: Iterable[Path]) -> list[Path]:
    """Leave out what names a file that is there already; a link gives way to the file itself."""
    kept: dict[str, Path] = {}
    for path in paths:
        file = os.path.realpath(path)
        if file not in kept or (kept[file].is_symlink() and not path.is_symlink()):
            kept[file] = path
    return list(kept.values())


def _missing(path: Path, texts: Texts) -> str:
    return texts.no_such_path.format(path=path)


def _unreadable(path: Path, reason: str, texts: Texts) -> str:
    return texts.cannot_read.format(file=path, reason=reason)


def _walk(
    folder: Path, ignores: tuple[tuple[Path, GitIgnoreSpec], ...], settings: SettingsSource
) -> Iterator[Path]:
    if not os.access(folder, os.R_OK | os.X_OK):
        yield folder
        return
    if own := _ignores_of(folder):
        ignores += (own,)
    exclude = settings.of_folder(folder).exclude
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        is_folder = entry.is_dir() and not entry.is_symlink()
        name = f"{entry.name}/" if is_folder else entry.name
        if (
            not (is_folder or (entry.suffix == ".py" and entry.is_file()))
            or _DEFAULTS.match_file(name)
            or _is_ignored(entry, is_folder, ignores)
            or exclude.match(entry, is_folder=is_folder)
        ):
            continue
        if is_folder:
            yield from _walk(entry, ignores, settings)
        else:
            yield entry


def _ignores_above(folder: Path) -> tuple[tuple[Path, GitIgnoreSpec], ...]:
    """Return the .gitignore files that hold for a folder from above, up to the repository."""
    above: list[tuple[Path, GitIgnoreSpec]] = []
    for parent in (folder := folder.absolute()).parents:
        if (folder / ".git").exists():
            return tuple(reversed(above))
        if own := _ignores_of(parent):
            above.append(own)
        folder = parent
    return ()


def _ignores_of(folder: Path) -> tuple[Path, GitIgnoreSpec] | None:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return folder.absolute(), GitIgnoreSpec.from_lines(lines)


def _is_ignored(
    entry: Path, is_folder: bool, ignores: tuple[tuple[Path, GitIgnoreSpec], ...]
) -> bool:
    absolute = entry.absolute()
    for folder, spec in reversed(ignores):  # the nearest file that says something decides
        name = absolute.relative_to(folder).as_posix() + ("/" if is_folder else "")
        if (include := spec.check_file(name).include) is not None:
            return include
    return False
