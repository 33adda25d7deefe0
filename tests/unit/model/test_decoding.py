import itertools
import math
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from reference.model.decoding import Beam, EditSearch, Exclusive
from reference.model.prompt import END, FIRST_LINE, SPECIAL_TOKENS

TEXT, NEWLINE = len(SPECIAL_TOKENS), len(SPECIAL_TOKENS) + 1
SIZE = len(SPECIAL_TOKENS) + 2
LINE_ENDS = np.arange(SIZE) == NEWLINE


class Lookup:
    """A model whose scores depend on all that was written, by a fixed random table."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def scores(self, written: tuple[int, ...]) -> NDArray[np.float32]:
        rng = np.random.default_rng([self._seed, *written])
        scores = rng.normal(0, 2, SIZE)
        scores[[END, NEWLINE, TEXT]] += 3
        return scores.astype(np.float32)

    def prefill(self, prompt: Sequence[int]) -> tuple[list[tuple[int, ...]], NDArray[np.float32]]:
        return [()], self.scores(())

    def step(
        self,
        state: list[tuple[int, ...]],
        parents: NDArray[np.int64],
        tokens: NDArray[np.int64],
    ) -> tuple[list[tuple[int, ...]], NDArray[np.float32]]:
        beams = [(*state[p], int(t)) for p, t in zip(parents, tokens, strict=True)]
        return beams, np.stack([self.scores(beam) for beam in beams])


def log_probability(model: Lookup, written: tuple[int, ...]) -> float:
    total = 0.0
    for place, token in enumerate(written):
        scores = model.scores(written[:place]).astype(float)
        total += scores[token] - math.log(np.exp(scores).sum())
    return total


def test_a_wide_search_finds_what_trying_everything_finds() -> None:
    lines = range(FIRST_LINE, FIRST_LINE + 2)
    texts = [(), (NEWLINE,), (TEXT, NEWLINE), (NEWLINE, NEWLINE)]
    for seed in range(5):
        model = Lookup(seed)
        possible = [
            (start, stop, *text, END)
            for start, stop in itertools.product(lines, lines)
            for text in texts
            if start <= stop and (text or start < stop)
        ]
        expected = max(possible, key=lambda written: log_probability(model, written))
        search = EditSearch(model, LINE_ENDS)
        found = search.search([1], 1, width=200, max_tokens=5, deadline=time.monotonic() + 60)
        best = max(found, key=lambda beam: beam.log_probability)
        assert best.tokens == expected
        assert math.isclose(best.log_probability, log_probability(model, expected), abs_tol=1e-6)


def test_every_answer_is_a_sensible_edit() -> None:
    search = EditSearch(Lookup(7), LINE_ENDS)
    found = list(search.search([1], 3, width=30, max_tokens=12, deadline=time.monotonic() + 60))
    assert found
    for beam in found:
        named = [t - FIRST_LINE for t in beam.tokens if FIRST_LINE <= t < TEXT]
        assert len(named) % 2 == 0
        assert named == sorted(named)
        assert named[-1] <= 3
        assert beam.tokens[-1] == END


def test_no_search_goes_on_after_the_deadline() -> None:
    search = EditSearch(Lookup(7), LINE_ENDS)
    found = list(search.search([1], 3, width=5, max_tokens=100, deadline=time.monotonic() - 1))
    assert found == []


def test_a_search_that_has_no_turn_before_its_deadline_finds_nothing() -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Held(Lookup):
        """A model that takes its time over a prompt."""

        def prefill(
            self, prompt: Sequence[int]
        ) -> tuple[list[tuple[int, ...]], NDArray[np.float32]]:
            begun.set()
            assert go_on.wait(30)
            return super().prefill(prompt)

    search = Exclusive(EditSearch(Held(7), LINE_ENDS))

    def found(seconds: float) -> list[Beam]:
        deadline = time.monotonic() + seconds
        return list(search.search([1], 3, width=5, max_tokens=12, deadline=deadline))

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(found, 60)
        assert begun.wait(30)
        assert found(0.01) == []
        go_on.set()
        assert first.result(30)
    assert found(60) == first.result()
