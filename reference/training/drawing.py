"""Answers drawn by their probability, where a search would take the likeliest."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import Branch, Choices, Exploration, Path
from reference.model.prompt import END

LEAST_SHARE = 0.05
"""What is less likely than this part of the likeliest is not drawn (min-p, arXiv:2407.01082).

Where an answer leaves the draft is drawn as it comes: there are many such places, each of them
unlikely.
"""

_chance = np.random.default_rng()


class Drawing(Exploration):
    """As many answers as are wanted, each drawn without regard to the others.

    All differ from the draft; what is drawn twice is one answer. The effort must be enough to
    follow them to their ends.
    """

    def _leave_draft(self, branches: Sequence[Branch]) -> None:
        """Draw where to leave the draft, and how.

        To keep or leave it, token by token until it is left, comes to the same as to draw among
        all that may be first to differ from it.
        """
        likely: list[Branch] = []
        for branch in branches:
            some = list(self._all_possible(branch))
            if some:
                kept = _likely(np.array([one.log_probability for one in some]))
                likely += [one for one, keep in zip(some, kept, strict=True) if keep]
        if likely:
            chances = np.array([branch.log_probability for branch in likely])
            for number in _drawn(chances, self._width):
                self._push(self._open, likely[number])

    def _all_possible(self, branch: Branch) -> Iterator[Branch]:
        """Yield all branches at one place, the likeliest first."""
        rank = 0
        while (one := self._possible(branch, rank)) is not None:
            yield one
            rank = one.rank + 1

    def _best(self, choices: Choices, ended: bool) -> tuple[int, float]:
        """Draw a token that may follow."""
        tokens, chances = map(np.array, choices)
        possible = np.flatnonzero(ended | (tokens != END))
        possible = possible[_likely(chances[possible])]
        drawn = possible[_drawn(chances[possible], 1)[0]]
        return int(tokens[drawn]), float(chances[drawn])

    def _consider(self, branch: Branch, rank: int = 0) -> None:
        """Follow nothing but what was drawn."""

    def _postpone(self, path: Path) -> None:
        """Presume nothing."""
        self._push(self._open, path)

    def _add(self, tokens: tuple[int, ...], log_probability: float) -> None:
        """Keep an answer, which makes no other superfluous."""
        self._found[tokens] = log_probability


def _drawn(chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Draw so many numbers, by logarithms of their probabilities up to a factor."""
    weights = np.exp(chances - chances.max())
    return _chance.choice(len(weights), count, p=weights / weights.sum())


def _likely(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return what is likely enough to be drawn, by logarithms of probabilities."""
    return chances >= chances.max() + math.log(LEAST_SHARE)
