"""Makes batches for the device out of searches that are asked for one by one."""

import itertools
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import Answer, Effort, Exploration, Outlook, Reading
from reference.model.gpu.decoder import GPU_EFFORT, Decoder


@dataclass(frozen=True, eq=False)
class _Job:
    """A question; without a way to `explore` it, the outlook is all that is asked for."""

    prompt: Sequence[int]
    draft: Sequence[int]
    deadline: float = math.inf
    explore: Callable[[Outlook], Exploration] | None = None
    answer: "Future[Any]" = field(default_factory=Future)


class BatchedSearch:
    """Searches like `DraftSearch`, for many threads at once.

    A search joins others at their next reading, if a slot is free, and leaves when it has ended:
    none waits for the slowest of a batch. The decoder's groups of slots take turns, so that the
    device reads for one group while the searches of another go on.

    Callers block, each on a thread of its own, so that no more can wait than there are threads;
    the pool in front of them bounds the queue.

    Parameters
    ----------
    decoder
        Used by this alone.
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    explore
        How a search goes on: to what is likeliest, unless training draws.

    Raises
    ------
    ValueError
        If the decoder has no room for such an effort.
    """

    def __init__(
        self,
        decoder: Decoder,
        line_ends: NDArray[np.bool_],
        effort: Effort = GPU_EFFORT,
        explore: type[Exploration] = Exploration,
    ) -> None:
        capacity = decoder.capacity
        if capacity.later < effort.most or capacity.rows < effort.rows:
            raise ValueError(f"{capacity} has no room for {effort}")
        self._decoder = decoder
        self._order = capacity.order()
        self._line_ends = line_ends
        self._effort = effort
        self._explore = explore
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._busy: dict[int, tuple[_Job, Exploration]] = {}
        self._begun: tuple[int, _Job, Callable[[], Outlook]] | None = None
        self._started: dict[int, Callable[[], dict[int, Outlook]]] = {}
        self._thread = threading.Thread(target=self._work, name="decoder", daemon=True)
        self._thread.start()

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        """Return what `DraftSearch.search` returns.

        Raises
        ------
        ValueError
            If the decoder has no room for such a prompt and draft.
        """
        effort = self._effort.for_answers(width).within(self._decoder.capacity.later)

        def explore(outlook: Outlook) -> Exploration:
            return self._explore(
                draft, outlook, width=width, line_ends=self._line_ends, effort=effort
            )

        answers: list[Answer] = self._ask(_Job(prompt, draft, deadline, explore))
        return answers

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """Return what `DraftSearch.likelihood` returns.

        Raises
        ------
        ValueError
            If the decoder has no room for such a prompt and answer.
        """
        outlook: Outlook = self._ask(_Job(prompt, answer))
        return float(outlook.following.sum())

    def close(self) -> None:
        """Answer what was asked, then end; nothing may be asked any more."""
        self._waiting.put(None)
        self._thread.join()

    def _ask(self, job: _Job) -> Any:
        self._waiting.put(job)
        return job.answer.result()

    def _work(self) -> None:
        closing = False
        for group in itertools.cycle(range(self._decoder.capacity.groups)):
            if closing and not self._busy and self._begun is None:
                return
            try:
                self._take(group)
                self._join()
                readings = self._next(group)
                closing = closing or self._admit()
                if readings:
                    self._started[group] = self._decoder.start(readings)
            except Exception as error:
                for slot in self._searching(group):
                    self._fail(slot, error)

    def _take(self, group: int) -> None:
        """Wait for what was started for a group, and go on with its searches."""
        if group in self._started:
            for slot, outlook in self._started.pop(group)().items():
                try:
                    self._busy[slot][1].take(outlook)
                except Exception as error:  # which is no concern of the others
                    self._fail(slot, error)

    def _next(self, group: int) -> dict[int, Reading]:
        """Return what a group's searches want read, and answer where that is nothing."""
        readings = {}
        for slot in self._searching(group):
            job, exploration = self._busy[slot]
            late = time.monotonic() > job.deadline
            try:
                reading = None if late else exploration.next()
            except Exception as error:  # which is no concern of the others
                self._fail(slot, error)
                continue
            if reading is not None:
                readings[slot] = reading
            else:
                job.answer.set_result(exploration.answers())
                del self._busy[slot]
        return readings

    def _fail(self, slot: int, error: Exception) -> None:
        self._busy.pop(slot)[0].answer.set_exception(error)

    def _searching(self, group: int) -> list[int]:
        """Return the slots of a group's searches."""
        return [slot for slot in self._busy if slot // self._decoder.capacity.slots == group]

    def _admit(self) -> bool:
        """Begin what waits, as far as there is room; return whether to close."""
        for slot in self._order:
            if slot in self._busy:
                continue
            try:
                job = self._waiting.get(block=not self._busy and self._begun is None)
            except queue.Empty:
                return False
            if job is None:
                return True
            if time.monotonic() > job.deadline:
                job.answer.set_result([])
                continue
            self._join()
            try:
                self._begun = slot, job, self._decoder.begin(slot, job.prompt, job.draft)
            except Exception as error:  # such as no room, which is no concern of the others
                job.answer.set_exception(error)
        return False

    def _join(self) -> None:
        """Wait for the prompt that was begun, and have its search join the others."""
        if self._begun is None:
            return
        (slot, job, fetch), self._begun = self._begun, None
        try:
            outlook = fetch()
            if job.explore is None:
                job.answer.set_result(outlook)
            else:
                self._busy[slot] = job, job.explore(outlook)
        except Exception as error:  # which is no concern of the others
            job.answer.set_exception(error)
