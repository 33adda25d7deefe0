"""Globs of files, as .gitignore writes them."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pathspec import GitIgnoreSpec


def matches(globs: Iterable[str], path: Path, root: Path) -> bool:
    """Whether a file, or a folder that holds it, matches one of the globs, relative to `root`."""
    try:
        relative = path.absolute().relative_to(root)
    except ValueError:
        return False
    return _spec(tuple(globs)).match_file(relative.as_posix())


@lru_cache(maxsize=256)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(globs)
