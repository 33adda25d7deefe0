"""Search for the likeliest repaired programs, with the program that was sent as a draft."""

import threading
import time
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import CHOICES, Answer, Effort, Exploration, Outlook, Reading
from reference.model.prompt import END, SPECIAL_TOKENS

Scores = NDArray[np.float32]
State = TypeVar("State")

EFFORT = Effort(at_once=8, tokens=500, behind=1.0)


class Runtime(Protocol[State]):
    """A model that is ready to be asked what comes next."""

    def begin(self, prompt: Sequence[int], draft: Sequence[int]) -> tuple[State, Outlook]:
        """Read a prompt and a draft.

        Returns what is to be remembered, and the outlook from the prompt's last token and from
        all of the draft but its last token, which need not be read.
        """

    def read(self, state: State, reading: Reading) -> Outlook:
        """Read tokens, which take the places after those read before."""


class Search(Protocol):
    """Finds answers; safe to call from several threads where its runtime is."""

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        """See `DraftSearch.search`."""

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """See `DraftSearch.likelihood`."""


class DraftSearch(Generic[State]):
    """Finds answers for one prompt at a time.

    Parameters
    ----------
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    """

    def __init__(
        self, runtime: Runtime[State], line_ends: NDArray[np.bool_], effort: Effort = EFFORT
    ) -> None:
        self._runtime = runtime
        self._line_ends = line_ends
        self._effort = effort

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        """Return answers that differ from the draft, likeliest first; fewer after a deadline.

        `draft` is whole lines and `END`, `deadline` a value of `time.monotonic`.
        """
        if time.monotonic() > deadline:
            return []
        state, outlook = self._runtime.begin(prompt, draft)
        effort = self._effort.for_answers(width)
        exploration = Exploration(
            draft, outlook, width=width, line_ends=self._line_ends, effort=effort
        )
        while time.monotonic() < deadline:
            reading = exploration.next()
            if reading is None:
                break
            exploration.take(self._runtime.read(state, reading))
        return exploration.answers()

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """Return the natural logarithm of an answer's probability."""
        _, outlook = self._runtime.begin(prompt, answer)
        return float(outlook.following.sum())


class Exclusive:
    """Lets one search run at a time, where each takes all processors.

    A search that has no turn before its deadline finds nothing: two at once would both be late.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._turn = threading.Lock()

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        """See `DraftSearch.search`."""
        if not self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return []
        try:
            return self._search.search(prompt, draft, width=width, deadline=deadline)
        finally:
            self._turn.release()

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """See `DraftSearch.likelihood`."""
        with self._turn:
            return self._search.likelihood(prompt, answer)


def outlook(scores: Scores, following: NDArray[np.int64]) -> Outlook:
    """Return the outlook from tokens with these scores of the next, [tokens, vocabulary]."""
    high = scores.max(axis=-1, keepdims=True)
    total = high[:, 0] + np.log(np.exp(scores - high).sum(axis=-1, dtype=np.float64))
    wanted = np.take_along_axis(scores, following[:, None], axis=-1)[:, 0] - total
    possible = scores.copy()
    possible[:, :END] = possible[:, END + 1 : len(SPECIAL_TOKENS)] = -np.inf
    best = np.argpartition(possible, -CHOICES, axis=-1)[:, -CHOICES:]
    chances = np.take_along_axis(possible, best, axis=-1)
    order = np.argsort(-chances, axis=-1, kind="stable")
    return Outlook(
        np.take_along_axis(best, order, axis=-1),
        np.take_along_axis(chances, order, axis=-1).astype(np.float64) - total[:, None],
        wanted,
    )
