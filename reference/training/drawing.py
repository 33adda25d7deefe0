"""Answers drawn by their probability, where a search would take the likeliest."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

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
        choices: defaultdict[int, list[Branch]] = defaultdict(list)
        for branch in branches:
            choices[branch.place].append(branch)
        likely: list[Branch] = []
        for some in choices.values():
            kept = _likely(np.array([branch.log_probability for branch in some]))
            likely += [branch for branch, keep in zip(some, kept, strict=True) if keep]
        if likely:
            chances = np.array([branch.log_probability for branch in likely])
            super()._consider(likely[n] for n in _drawn(chances, self._width))

    def _best(self, choices: Choices, ended: bool) -> tuple[int, float]:
        """Draw a token that may follow."""
        tokens, chances = map(np.array, choices)
        possible = np.flatnonzero(ended | (tokens != END))
        possible = possible[_likely(chances[possible])]
        drawn = possible[_drawn(chances[possible], 1)[0]]
        return int(tokens[drawn]), float(chances[drawn])

    def _consider(self, branches: Iterable[Branch]) -> None:
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
