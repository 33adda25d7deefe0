"""Makes batches for the device out of searches that are asked for one by one."""

import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.model.decoding import Beam, first_choice
from reference.model.gpu.beams import Question
from reference.model.gpu.decoder import Decoder, Poll


@dataclass(eq=False)
class _Job:
    """A search under way; `read` takes its outcome from its slot."""

    question: Question
    deadline: float
    read: Callable[[int], Any]
    answer: "Future[Any]" = field(default_factory=Future)


class BatchedSearch:
    """Searches like `EditSearch`, for many threads at once.

    A search joins the others at their next step, if a slot is free, and leaves when it has ended:
    none waits for the slowest of a batch. Callers block, each on a thread of its own, so that no
    more can wait than there are threads; the pool in front of them bounds the queue.

    Parameters
    ----------
    decoder
        Used by this alone.
    """

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._slots: list[_Job | None] = [None] * decoder.capacity.slots
        self._polls: deque[tuple[Poll, list[_Job | None]]] = deque()
        self._thread = threading.Thread(target=self._work, name="decoder", daemon=True)
        self._thread.start()

    def search(
        self, prompt: Sequence[int], lines: int, *, width: int, max_tokens: int, deadline: float
    ) -> Iterator[Beam]:
        """Yield what `EditSearch.search` yields, when all of it is known.

        Raises
        ------
        ValueError
            If the decoder has no room for such a search.
        """
        question = Question(tuple(prompt), lines, width, max_tokens)
        beams: list[Beam] = self._ask(_Job(question, deadline, self._decoder.found))
        yield from beams

    def first(self, prompt: Sequence[int], lines: int) -> NDArray[np.float64]:
        """Return what `EditSearch.first` returns, of the special tokens.

        Raises
        ------
        ValueError
            If the decoder has no room for such a prompt.
        """
        question = Question(tuple(prompt), lines, width=1, max_tokens=1)
        return first_choice(self._ask(_Job(question, math.inf, self._decoder.first)), lines)

    def close(self) -> None:
        """Answer what was asked, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _ask(self, job: _Job) -> Any:
        self._waiting.put(job)
        return job.answer.result()

    def _work(self) -> None:
        closing = False
        while not closing or any(self._slots):
            try:
                closing = self._admit() or closing
                if any(self._slots):
                    self._step()
            except Exception as error:
                self._fail(error)

    def _admit(self) -> bool:
        """Start what waits, as far as there is room; return whether to close."""
        while None in self._slots:
            idle = not any(self._slots)
            try:
                job = self._waiting.get(block=idle)
            except queue.Empty:
                return False
            if job is None:
                return True
            slot = self._slots.index(None)
            if time.monotonic() > job.deadline:
                job.answer.set_result([])
                continue
            try:
                self._decoder.begin(slot, job.question)
            except ValueError as error:
                job.answer.set_exception(error)
                continue
            self._slots[slot] = job
        return False

    def _step(self) -> None:
        busy = [slot for slot, job in enumerate(self._slots) if job is not None]
        self._polls.append((self._decoder.step(busy), list(self._slots)))
        # One step behind, so that the device has work while its answer is looked at.
        if len(self._polls) > 1 or self._decoder.device.type == "cpu":
            poll, jobs = self._polls.popleft()
            for slot, (done, job) in enumerate(zip(poll.result(), jobs, strict=True)):
                if job is None or job is not self._slots[slot]:
                    continue
                late = time.monotonic() > job.deadline
                if late and not done:
                    self._decoder.halt(slot)
                if late or done:
                    self._slots[slot] = None
                    job.answer.set_result(job.read(slot))

    def _fail(self, error: Exception) -> None:
        self._polls.clear()
        for slot, job in enumerate(self._slots):
            self._slots[slot] = None
            if job is not None:
                job.answer.set_exception(error)
