"""Answers drawn by their probability, where a search would take the likeliest."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import Branch, Exploration, Outlook, Path, Place
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

    def take(self, outlook: Outlook) -> None:
        """Go on, where tokens may follow, with one of them drawn."""
        ended = [self._ends[token] for path in self._active for token in path.unread]
        super().take(_drawn_first(outlook, np.array(ended, bool)))

    def _leave_draft(self, places: Sequence[Place]) -> None:
        """Draw where to leave the draft, and how.

        To keep or leave it, token by token until it is left, comes to the same as to draw among
        all that may be first to differ from it.
        """
        likely: list[Branch] = []
        for place in places:
            some = list(self._all_possible(place))
            if some:
                kept = _likely(np.array([one.log_probability for one in some]))
                likely += [one for one, keep in zip(some, kept, strict=True) if keep]
        if likely:
            chances = np.array([branch.log_probability for branch in likely])
            for number in _drawn(chances, self._width):
                self._push(self._open, likely[number])

    def _all_possible(self, place: Place) -> Iterator[Branch]:
        """Yield all branches at one place, the likeliest first."""
        rank = 0
        while (one := self._possible(place, rank)) is not None:
            yield one
            rank = one.rank + 1

    def _consider(self, place: Place, rank: int) -> None:
        """Follow nothing but what was drawn."""

    def _postpone(self, path: Path) -> None:
        """Presume nothing."""
        self._push(self._open, path)

    def _add(self, tokens: tuple[int, ...], log_probability: float) -> None:
        """Keep an answer, which makes no other superfluous."""
        self._found[tokens] = log_probability


def _drawn_first(outlook: Outlook, ended: NDArray[np.bool_]) -> Outlook:
    """Return an outlook with one token drawn and put before the others; `END` where one may end."""
    order = np.tile(np.arange(outlook.tokens.shape[1]), (len(ended), 1))
    for row, (tokens, chances) in enumerate(
        zip(outlook.tokens, outlook.log_probabilities, strict=True)
    ):
        possible = np.flatnonzero(ended[row] | (tokens != END))
        possible = possible[_likely(chances[possible])]
        drawn = possible[_drawn(chances[possible], 1)[0]]
        order[row, : drawn + 1] = [drawn, *range(drawn)]
    return Outlook(
        np.take_along_axis(outlook.tokens, order, axis=1),
        np.take_along_axis(outlook.log_probabilities, order, axis=1),
        outlook.following,
    )


def _drawn(chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Draw so many numbers, by logarithms of their probabilities up to a factor."""
    weights = np.exp(chances - chances.max())
    return _chance.choice(len(weights), count, p=weights / weights.sum())


def _likely(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return what is likely enough to be drawn, by logarithms of probabilities."""
    return chances >= chances.max() + math.log(LEAST_SHARE)
