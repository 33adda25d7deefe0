"""Makes batches for the device out of searches that are asked for one by one."""

import itertools
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.model.exploration import Answer, Effort, Exploration, Outlook, Reading
from reference.model.gpu.capacity import GPU_EFFORT
from reference.model.gpu.decoder import Decoder
from reference.model.gpu.prompts import Begun, Text


@dataclass(frozen=True, eq=False)
class _Job:
    """A question; without a way to `explore` it, the outlook is all that is asked for."""

    text: Text
    deadline: float = math.inf
    explore: Callable[[Outlook], Exploration] | None = None
    answer: "Future[Any]" = field(default_factory=Future)


class BatchedSearch:
    """Searches like `DraftSearch`, for many threads at once.

    Prompts that wait are read several at a time, while searches go on, and before these leave room
    for others. A search joins others at their next reading, and leaves when it has ended: none
    waits for the slowest of a batch. The decoder's groups of slots take turns, so that the device
    reads for one group while the searches of another go on.

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
        self._asked: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: deque[_Job] = deque()
        self._begun: tuple[Sequence[_Job], Begun] | None = None
        self._ready: deque[tuple[int, _Job, Exploration]] = deque()  # read in a place aside
        self._busy: dict[int, tuple[_Job, Exploration]] = {}
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
        text = self._decoder.prompts.text(prompt, draft)
        room = self._decoder.capacity.keys - text.end
        effort = self._effort.for_answers(width).within(room)

        def explore(outlook: Outlook) -> Exploration:
            return self._explore(
                draft, outlook, width=width, line_ends=self._line_ends, effort=effort
            )

        answers: list[Answer] = self._ask(_Job(text, deadline, explore))
        return answers

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """Return what `DraftSearch.likelihood` returns.

        Raises
        ------
        ValueError
            If the decoder has no room for such a prompt and answer.
        """
        outlook: Outlook = self._ask(_Job(self._decoder.prompts.text(prompt, answer)))
        return float(outlook.following.sum())

    def close(self) -> None:
        """Answer what was asked, then end; nothing may be asked any more."""
        self._asked.put(None)
        self._thread.join()

    def _ask(self, job: _Job) -> Any:
        self._asked.put(job)
        return job.answer.result()

    def _work(self) -> None:
        closing = False
        for group in itertools.cycle(range(self._decoder.capacity.groups)):
            closing = self._collect(closing) or closing
            if closing and self._is_idle():
                return
            try:
                self._take(group)
                self._join()
                readings = self._next(self._searching(group))
                self._seat()
                readings |= self._next(
                    [one for one in self._searching(group) if one not in readings]
                )
                if readings:
                    self._started[group] = self._decoder.start(readings)
                self._begin()
            except Exception as error:
                self._started.pop(group, None)
                for slot in self._searching(group):
                    self._fail(slot, error)

    def _is_idle(self) -> bool:
        return not (self._waiting or self._begun or self._ready or self._busy)

    def _collect(self, closing: bool) -> bool:
        """Take what has been asked, and wait for that if there is nothing to do.

        Returns whether to close.
        """
        while True:
            try:
                job = self._asked.get(block=self._is_idle() and not closing)
            except queue.Empty:
                return False
            if job is None:
                return True
            self._waiting.append(job)

    def _take(self, group: int) -> None:
        """Wait for what was started for a group, and go on with its searches."""
        if group in self._started:
            for slot, outlook in self._started.pop(group)().items():
                try:
                    self._busy[slot][1].take(outlook)
                except Exception as error:  # which is no concern of the others
                    self._fail(slot, error)

    def _next(self, slots: Sequence[int]) -> dict[int, Reading]:
        """Return what searches want read, and answer where that is nothing."""
        readings = {}
        for slot in slots:
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

    def _begin(self) -> None:
        """Begin to read prompts that wait, if those read before have their places."""
        if self._begun is not None or self._ready:
            return
        now = time.monotonic()
        for job in [job for job in self._waiting if job.deadline < now]:
            self._waiting.remove(job)
            job.answer.set_result([])
        if not self._waiting:
            return
        try:
            begun = self._decoder.prompts.begin([job.text for job in self._waiting])
        except Exception as error:
            self._waiting.popleft().answer.set_exception(error)
            return
        self._begun = [self._waiting.popleft() for _ in begun.texts], begun

    def _join(self) -> None:
        """Have searches ready whose prompts have been read; wait if there is nothing else to do."""
        if self._begun is None or (self._busy and not self._begun[1].is_ready()):
            return
        (jobs, begun), self._begun = self._begun, None
        try:
            outlooks = begun.fetch()
        except Exception as error:
            for job in jobs:
                job.answer.set_exception(error)
            return
        for place, (job, outlook) in enumerate(zip(jobs, outlooks, strict=True)):
            if job.explore is None:
                job.answer.set_result(outlook)
                continue
            try:
                self._ready.append((place, job, job.explore(outlook)))
            except Exception as error:  # which is no concern of the others
                job.answer.set_exception(error)

    def _seat(self) -> None:
        """Give slots to searches that are ready, as far as there are any."""
        for slot in self._order:
            if not self._ready:
                return
            if slot not in self._busy:
                place, job, exploration = self._ready.popleft()
                self._busy[slot] = job, exploration
                try:
                    self._decoder.seat(place, slot, job.text)
                except Exception as error:  # which is no concern of the others
                    self._fail(slot, error)
