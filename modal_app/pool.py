"""Runs the engine's calls on a few threads, and refuses what would wait too long."""

import asyncio
import math
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from modal_app.errors import Refusal, busy

T = TypeVar("T")

MAX_RETRY_AFTER_S = 30
SMOOTHING = 0.1


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


class Pool:
    """A bounded number of threads with a bounded queue.

    Parameters
    ----------
    threads
        Calls that run at once.
    waiting
        Calls that may wait for a thread; one more is refused with 429.
    patience_s
        Seconds that a call may wait. One that would wait longer, as far as the last ones tell,
        is refused at once; one that has waited longer is refused when its turn comes, for its
        client has likely given up.
    """

    def __init__(self, threads: int, waiting: int, patience_s: float) -> None:
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="engine")
        self._lock = threading.Lock()
        self._places = threads + waiting
        self._patience_s = patience_s
        self._taken = 0
        self._seconds = 0.5  # what a call takes, smoothed; a guess until the first has ended

    async def run(self, call: Callable[[], T], gone: Coroutine[Any, Any, None]) -> T:
        """Run `call` on a thread and return its value, or raise what it raises.

        A call that has not begun when `gone` ends, or when this coroutine is cancelled, never
        begins. One that runs keeps its place until it returns, for a thread cannot be stopped;
        the caller sees to it that the call hears of that.

        Raises
        ------
        Refusal
            429, with the seconds after which a place should be free.
        ClientGoneError
            `gone` ended first.
        """
        with self._lock:
            if self._taken >= self._places or self._expected_wait_s() > self._patience_s:
                gone.close()
                raise self._busy()
            self._taken += 1
        future = self._executor.submit(self._timed, call, time.monotonic() + self._patience_s)
        future.add_done_callback(lambda _: self._release())
        answer = asyncio.wrap_future(future)  # cancelling it cancels what has not begun
        leaving = asyncio.ensure_future(gone)
        waited: set[asyncio.Future[Any]] = {answer, leaving}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise ClientGoneError
            return answer.result()
        finally:
            leaving.cancel()
            answer.cancel()

    def close(self) -> None:
        """Drop what waits. Threads end with the call they are in."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _timed(self, call: Callable[[], T], latest_start: float) -> T:
        start = time.monotonic()
        if start > latest_start:
            raise self._busy()
        try:
            return call()
        finally:
            seconds = time.monotonic() - start
            with self._lock:
                self._seconds += SMOOTHING * (seconds - self._seconds)

    def _release(self) -> None:
        with self._lock:
            self._taken -= 1

    def _expected_wait_s(self) -> float:
        waiting = max(0, self._taken - self._threads + 1)
        return waiting * self._seconds / self._threads

    def _busy(self) -> Refusal:
        wait_s = self._expected_wait_s()
        return busy(min(MAX_RETRY_AFTER_S, max(1, math.ceil(wait_s / 2))))
