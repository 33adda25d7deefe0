"""Checking again whenever something changes."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch


class _Filter(DefaultFilter):
    """Programs, settings and the files of problems; not what editors and builds leave behind."""

    suffixes = frozenset({".in", ".md", ".out", ".py", ".toml"})

    def __call__(self, change: Change, path: str) -> bool:
        return Path(path).suffix in self.suffixes and super().__call__(change, path)


async def changes(paths: tuple[Path, ...]) -> AsyncIterator[None]:
    """Yield each time that something at paths has changed, a moment later."""
    async for _ in awatch(*paths, watch_filter=_Filter(), debounce=400, raise_interrupt=True):
        yield


def clear_terminal() -> None:
    """Clear the terminal, if there is one."""
    if sys.stdout.isatty():
        sys.stdout.write("\x1b[2J\x1b[3J\x1b[H")
        sys.stdout.flush()
