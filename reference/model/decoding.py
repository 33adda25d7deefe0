"""Search for the likeliest edits of a program.

Beam search (Lowerre, 1976) over hunks. All beams share the prompt, which is read once; what may
not follow, such as a line of the program in the middle of a written line, is never tried.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.model.prompt import ACCEPTED, END, FIRST_LINE, SPECIAL_TOKENS

Scores = NDArray[np.float32]
State = TypeVar("State")


class Runtime(Protocol[State]):
    """A model that is ready to be asked what comes next."""

    def prefill(self, prompt: Sequence[int]) -> tuple[State, Scores]:
        """Read a prompt; return what is to be remembered, and scores [vocabulary]."""

    def step(
        self, state: State, parents: NDArray[np.int64], tokens: NDArray[np.int64]
    ) -> tuple[State, Scores]:
        """Go on from beams `parents` with one token each; return scores [beams, vocabulary]."""


class Search(Protocol):
    """Finds edits; safe to call from several threads where its runtime is."""

    def search(
        self, prompt: Sequence[int], lines: int, *, width: int, max_tokens: int, deadline: float
    ) -> "Iterator[Beam]":
        """See `EditSearch.search`."""

    def first(self, prompt: Sequence[int], lines: int) -> NDArray[np.float64]:
        """See `EditSearch.first`; perhaps of the special tokens alone."""


@dataclass(frozen=True, slots=True)
class Beam:
    """What was written so far; `log_probability` is the natural logarithm."""

    tokens: tuple[int, ...]
    log_probability: float


class EditSearch(Generic[State]):
    """Finds edits for one prompt.

    Parameters
    ----------
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    """

    def __init__(self, runtime: Runtime[State], line_ends: NDArray[np.bool_]) -> None:
        self._runtime = runtime
        self._line_ends = line_ends
        self._texts = np.arange(len(line_ends)) >= len(SPECIAL_TOKENS)

    def search(
        self, prompt: Sequence[int], lines: int, *, width: int, max_tokens: int, deadline: float
    ) -> Iterator[Beam]:
        """Yield complete edits of a program of so many lines, as the search completes them.

        Stops when `width` edits are complete, when no open beam is likelier than the `width` best
        complete ones, or at `deadline` (of `time.monotonic`).
        """
        state, scores = self._runtime.prefill(prompt)
        beams = [Beam((), 0.0)]
        scores = scores[None]
        complete: list[float] = []
        for _ in range(max_tokens):
            allowed = np.stack([self._allowed(beam.tokens, lines) for beam in beams])
            totals = np.where(allowed, _log_softmax(scores), -np.inf)
            totals += np.array([[beam.log_probability] for beam in beams])
            flat = totals.ravel()
            count = min(2 * width, len(flat))
            best = np.argpartition(flat, -count)[-count:]
            best = best[np.argsort(-flat[best])]
            parents: list[int] = []
            tokens: list[int] = []
            open_beams: list[Beam] = []
            for place in best:
                if not np.isfinite(flat[place]) or len(open_beams) == width:
                    break
                parent, token = divmod(int(place), totals.shape[1])
                beam = Beam((*beams[parent].tokens, token), float(flat[place]))
                if token == END:
                    complete.append(beam.log_probability)
                    yield beam
                else:
                    parents.append(parent)
                    tokens.append(token)
                    open_beams.append(beam)
            if not open_beams or time.monotonic() > deadline:
                return
            if len(complete) >= width:
                worst = sorted(complete, reverse=True)[width - 1]
                if open_beams[0].log_probability < worst:
                    return
            beams = open_beams
            state, scores = self._runtime.step(
                state, np.array(parents, np.int64), np.array(tokens, np.int64)
            )

    def first(self, prompt: Sequence[int], lines: int) -> NDArray[np.float64]:
        """Return the natural logarithms of the probabilities of each first token [vocabulary].

        That is the first line of an edit, or `ACCEPTED`; the others have probability 0.
        """
        _, scores = self._runtime.prefill(prompt)
        return first_choice(scores, lines)

    def _allowed(self, written: tuple[int, ...], lines: int) -> NDArray[np.bool_]:
        allowed = np.zeros(len(self._line_ends), np.bool_)
        named = [token for token in written if FIRST_LINE <= token < len(SPECIAL_TOKENS)]
        last_line = FIRST_LINE + lines
        if not written:
            allowed[FIRST_LINE : last_line + 1] = True
        elif written[-1] == ACCEPTED:
            allowed[END] = True
        elif len(named) % 2:
            allowed[named[-1] : last_line + 1] = True
        else:
            allowed |= self._texts
            deletion = written[-1] == named[-1] and named[-1] != named[-2]
            if deletion or self._line_ends[written[-1]]:
                allowed[END] = True
                allowed[named[-1] + 1 : last_line + 1] = True
        return allowed


class Exclusive:
    """Lets one search run at a time, where each takes all processors.

    A search that has no turn before its deadline finds nothing: two at once would both be late.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._turn = threading.Lock()

    def search(
        self, prompt: Sequence[int], lines: int, *, width: int, max_tokens: int, deadline: float
    ) -> Iterator[Beam]:
        """See `EditSearch.search`."""
        if not self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return
        try:
            beams = self._search.search(
                prompt, lines, width=width, max_tokens=max_tokens, deadline=deadline
            )
            found = list(beams)
        finally:
            self._turn.release()
        yield from found

    def first(self, prompt: Sequence[int], lines: int) -> NDArray[np.float64]:
        """See `EditSearch.first`."""
        with self._turn:
            return self._search.first(prompt, lines)


def first_choice(scores: Scores, lines: int) -> NDArray[np.float64]:
    """Return the natural logarithms of the probabilities of a line to edit, and of `ACCEPTED`."""
    possible = np.full(scores.shape, -np.inf, np.float32)
    for places in (ACCEPTED, slice(FIRST_LINE, FIRST_LINE + lines + 1)):
        possible[places] = scores[places]
    return _log_softmax(possible)


def _log_softmax(scores: Scores) -> NDArray[np.float64]:
    shifted = scores.astype(np.float64) - scores.max(axis=-1, keepdims=True)
    log_probabilities: NDArray[np.float64] = shifted - np.log(
        np.exp(shifted).sum(axis=-1, keepdims=True)
    )
    return log_probabilities
