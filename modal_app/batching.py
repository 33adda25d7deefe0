"""Forms batches for the GPU out of calls that come one by one."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class MicroBatcher(Generic[Item, Result]):
    """A function of one item, which runs a function of many.

    Calls block, each on a thread of its own, so no more can wait than there are threads: the
    pool in front is what bounds the queue.

    Parameters
    ----------
    run
        Returns one result for each item, in order. Called on one thread only.
    size
        The most items of a batch.
    wait_s
        Seconds that the first item of a batch waits for others.
    """

    def __init__(
        self, run: Callable[[Sequence[Item]], Sequence[Result]], *, size: int, wait_s: float
    ) -> None:
        self._run = run
        self._size = size
        self._wait_s = wait_s
        self._waiting: queue.Queue[tuple[Item, Future[Result]] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="micro-batcher", daemon=True)
        self._thread.start()

    def __call__(self, item: Item) -> Result:
        """Return the result for `item`, or raise what running it raises."""
        future: Future[Result] = Future()
        self._waiting.put((item, future))
        return future.result()

    def close(self) -> None:
        """Answer what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        closing = False
        while not closing and (first := self._waiting.get()) is not None:
            batch = [first]
            deadline = time.monotonic() + self._wait_s
            while len(batch) < self._size:
                try:
                    another = self._waiting.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    break
                if another is None:
                    closing = True
                    break
                batch.append(another)
            self._answer(batch)

    def _answer(self, batch: Sequence[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._run([item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for alone in batch:  # so that one bad item spoils no other's answer
                self._answer([alone])
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
