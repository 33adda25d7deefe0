"""Leave out of a fix what it does not need."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def minimise(parts: Sequence[T], passes: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return a small subset of `parts` that still passes: none of its parts can be left out.

    Parts are left out by halves, then by ever smaller groups, as in Zeller and Hildebrandt's
    ddmin ("Simplifying and isolating failure-inducing input", TSE 2002).

    Parameters
    ----------
    parts
        All of them together pass.
    passes
        Judges a subset, in the order of `parts`.
    """
    kept = list(parts)
    size = len(kept) // 2
    while size:
        start = 0
        while start < len(kept) and len(kept) > size:
            fewer = kept[:start] + kept[start + size :]
            if fewer and passes(fewer):
                kept = fewer
            else:
                start += size
        size //= 2
    return kept
