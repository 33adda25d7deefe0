"""A child as its parent sees it."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from reference.judge.inside.frames import receive

CHUNK = 1 << 16


class Sink:
    """What a pipe brought, up to a limit."""

    def __init__(self, limit: int, *, fatal: bool = False, keep_end: bool = False) -> None:
        self.data = bytearray()
        self._limit = limit
        self._fatal = fatal
        self._keep_end = keep_end

    def add(self, chunk: bytes) -> bool:
        """Take a chunk; return whether the run must end because there is too much."""
        self.data += chunk
        excess = len(self.data) - self._limit
        if excess <= 0:
            return False
        if self._keep_end:
            del self.data[:excess]
        else:
            del self.data[self._limit :]
        return self._fatal


class Watch:
    """Listens to a child, and may feed it, until it has ended."""

    def __init__(self, pid: int, sinks: dict[int, Sink]) -> None:
        self._pid = pid
        self._stdin = -1
        self._body = memoryview(b"")
        self._sinks = sinks
        self._open = set(sinks)
        self._poll = select.poll()
        self._poll.register(0, select.POLLIN)
        for fd in sinks:
            self._poll.register(fd, select.POLLIN)

    def feed(self, stdin: int, body: bytes) -> None:
        """Write `body` to the pipe `stdin`, as fast as the child takes it, and close that."""
        self._stdin = stdin
        self._body = memoryview(body)
        os.set_blocking(stdin, False)
        self._poll.register(stdin, select.POLLOUT)
        self._feed()

    def until_end(
        self, left: Callable[[float, float], tuple[float, float]]
    ) -> tuple[str | None, int, Any]:
        """Return why the child was cut, if it was; its wait status; and what it used.

        Parameters
        ----------
        left
            Gives, for the seconds of processor time that the child has used and the time now,
            the seconds of either that it may still use.
        """
        cut = None
        while cut is None:
            cpu_left, wall_left = left(_cpu_seconds(self._pid), time.monotonic())
            if wall_left <= 0 or cpu_left <= 0:
                cut = "wall" if wall_left <= 0 else "cpu"
            elif self._open:
                cut = self._listen(min(wall_left, max(cpu_left, 0.001)))
            else:  # it has closed its pipes: it is about to end, or pretends to be
                pid, status, usage = os.wait4(self._pid, os.WNOHANG)
                if pid:
                    break
                time.sleep(0.0002)
        else:
            os.kill(self._pid, signal.SIGKILL)
            _, status, usage = os.wait4(self._pid, 0)
        for fd in self._open:
            os.close(fd)
        if self._stdin >= 0:
            os.close(self._stdin)
        return cut, status, usage

    def _listen(self, seconds: float) -> str | None:
        for fd, event in self._poll.poll(seconds * 1000):
            if fd == 0:
                if not event & select.POLLIN:
                    os.kill(self._pid, signal.SIGKILL)
                    os._exit(0)  # the judge has gone
                header, _ = receive()  # the judge says nothing during a run but this
                assert header["op"] == "cancel"
                return "cancel"
            if fd == self._stdin:
                self._feed()
            else:
                chunk = os.read(fd, CHUNK)
                if not chunk:
                    self._poll.unregister(fd)
                    self._open.discard(fd)
                    os.close(fd)
                elif self._sinks[fd].add(chunk):
                    return "output"
        return None

    def _feed(self) -> None:
        try:
            while self._body:
                self._body = self._body[os.write(self._stdin, self._body) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            pass
        self._poll.unregister(self._stdin)
        os.close(self._stdin)
        self._stdin = -1


def _cpu_seconds(pid: int) -> float:
    if sys.platform != "linux":
        return 0.0  # the limit of whole seconds and that of wall time must do
    try:
        # The clock of another process, as clock_getcpuclockid(3) computes it.
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
