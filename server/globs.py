"""Globs of files, as .gitignore writes them."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec


class Globs(NamedTuple):
    """Globs that are relative to a folder.

    Parameters
    ----------
    root
        The folder; files elsewhere match nothing.
    patterns
        As in a .gitignore file: of those that match, the last decides.
    """

    root: Path
    patterns: tuple[str, ...] = ()

    def match(self, path: Path, *, is_folder: bool = False) -> bool:
        """Whether a file, or a folder, or a folder that holds it, matches."""
        if not self.patterns:
            return False
        try:
            relative = path.absolute().relative_to(self.root).as_posix()
        except ValueError:
            return False
        return _spec(self.patterns).match_file(f"{relative}/" if is_folder else relative)


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
