"""Checking again whenever something changes."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch


class _Filter(DefaultFilter):
    """Programs, settings and the files of problems; not what editors and builds leave behind."""

    suffixes = frozenset({".in", ".md", ".out", ".py", ".toml"})

    def __call__(self, change: Change, path: str) -> bool:
        return Path(path).suffix in self.suffixes and super().__call__(change, path)


async def rounds(paths: tuple[Path, ...]) -> AsyncGenerator[None, None]:
    """Yield at once, and then each time that something at paths has changed.

    What changes while the caller is busy with one round gives rise to the next.
    """
    changes = awatch(*paths, watch_filter=_Filter(), debounce=400)
    while True:
        upcoming = asyncio.ensure_future(anext(changes))
        try:
            await asyncio.sleep(0)  # so that watching has begun before the caller looks
            yield
            await upcoming
        finally:
            upcoming.cancel()


def clear_terminal() -> None:
    """Clear the terminal, if there is one."""
    if sys.stdout.isatty():
        sys.stdout.write("\x1b[2J\x1b[3J\x1b[H")
        sys.stdout.flush()
