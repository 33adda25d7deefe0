import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from modal_app.batching import MicroBatcher


class Squares:
    """Squares numbers in batches; holds the first batch back until told to go on."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.begun.set()
        assert self.go_on.wait(10)
        if 13 in numbers:
            raise ValueError("no 13")
        return [number**2 for number in numbers]


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as callers:
        yield callers


def test_what_comes_during_a_batch_makes_the_next_ones(callers: ThreadPoolExecutor) -> None:
    squares = Squares()
    batcher = MicroBatcher(squares, size=4, wait_s=0.05)
    first = callers.submit(batcher, 0)
    assert squares.begun.wait(10)
    others = [callers.submit(batcher, number) for number in range(1, 10)]
    squares.go_on.set()
    assert first.result(10) == 0
    assert [other.result(10) for other in others] == [number**2 for number in range(1, 10)]
    batcher.close()
    assert squares.batches[0] == [0]
    assert sorted(number for batch in squares.batches for number in batch) == list(range(10))
    assert max(map(len, squares.batches)) == 4


def test_one_bad_item_spoils_no_others_answer(callers: ThreadPoolExecutor) -> None:
    squares = Squares()
    batcher = MicroBatcher(squares, size=8, wait_s=0.05)
    first = callers.submit(batcher, 1)
    assert squares.begun.wait(10)
    bad = callers.submit(batcher, 13)
    good = callers.submit(batcher, 5)
    squares.go_on.set()
    assert first.result(10) == 1
    assert good.result(10) == 25
    with pytest.raises(ValueError, match="no 13"):
        bad.result(10)
    assert batcher(6) == 36
    batcher.close()


def test_a_lone_item_does_not_wait_for_company() -> None:
    squares = Squares()
    squares.go_on.set()
    batcher = MicroBatcher(squares, size=8, wait_s=0.0)
    assert batcher(3) == 9
    assert squares.batches == [[3]]
    batcher.close()
