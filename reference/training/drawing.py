"""Answers drawn by their probability, where a search would take the likeliest."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import Effort, Exploration, Outlook, _Branch, _Path
from reference.model.prompt import END

LEAST_SHARE = 0.05
"""What is less likely than this part of the likeliest is not drawn (min-p, arXiv:2407.01082).

Where an answer leaves the draft is drawn as it comes: there are many such places, each of them
unlikely.
"""


class Drawing(Exploration):
    """As many answers as are wanted, each drawn without regard to the others.

    All differ from the draft; what is drawn twice is one answer. The effort must be enough to
    follow them to their ends.
    """

    _left = False

    def __init__(
        self,
        draft: Sequence[int],
        outlook: Outlook,
        *,
        width: int,
        line_ends: NDArray[np.bool_],
        effort: Effort,
    ) -> None:
        super().__init__(draft, outlook, width=width, line_ends=line_ends, effort=effort)
        self._left = True
        self._chance = np.random.default_rng()
        # To keep or leave the draft, token by token until it is left, comes to the same as to
        # draw among all that may be first to differ from it.
        choices: defaultdict[int, list[_Branch]] = defaultdict(list)
        for *_, node in self._open:
            assert isinstance(node, _Branch)
            choices[node.place].append(node)
        self._open = []
        likely = []
        for nodes in choices.values():
            kept = _likely(np.array([node.log_probability for node in nodes]))
            likely += [node for node, keep in zip(nodes, kept, strict=True) if keep]
        chances = np.array([node.log_probability for node in likely])
        for branch in [likely[n] for n in self._drawn(chances, width)] if likely else []:
            path = branch.start()
            if branch.token == END:
                self._add((*path.tokens, END), path.log_probability)
            else:
                self._push(self._open, path)

    def _best(self, outlook: Outlook, row: int, ended: bool) -> tuple[int, float]:
        """Draw a token that may follow."""
        tokens, chances = outlook.tokens[row], outlook.log_probabilities[row]
        possible = np.flatnonzero(ended | (tokens != END))
        possible = possible[_likely(chances[possible])]
        drawn = possible[self._drawn(chances[possible], 1)[0]]
        return int(tokens[drawn]), float(chances[drawn])

    def _branch(self, *arguments: Any, **named: Any) -> None:
        """Remember what else may follow only where that is the draft."""
        if not self._left:
            super()._branch(*arguments, **named)

    def _postpone(self, path: _Path) -> None:
        """Presume nothing."""
        self._push(self._open, path)

    def _add(self, tokens: tuple[int, ...], log_probability: float) -> None:
        """Keep an answer, which makes no other superfluous."""
        self._found[tokens] = log_probability

    def _drawn(self, chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
        """Draw so many numbers, by logarithms of their probabilities up to a factor."""
        weights = np.exp(chances - chances.max(initial=-math.inf))
        return self._chance.choice(len(weights), count, p=weights / weights.sum())


def _likely(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return what is likely enough to be drawn, by logarithms of probabilities."""
    return chances >= chances.max() + math.log(LEAST_SHARE)
