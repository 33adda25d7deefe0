"""One zygote as the judge sees it: started on demand, replaced when it dies."""

import contextlib
import json
import math
import os
import select
import signal
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from reference.judge.inside.ledger import Ending
from reference.judge.sandbox import Sandbox, SandboxUnavailable

HEADER = struct.Struct(">II")
START_SECONDS = 20.0
ANSWER_SECONDS = 10.0  # beyond the time that a run may take, for a machine that is busy
LATE_ANSWER_SECONDS = 0.04  # beyond the caller's deadline
CANCEL_SECONDS = 1.0
MAX_ANSWER_BYTES = 1 << 28
READ_BYTES = 1 << 16  # most answers, in one piece: whatever waits lets other threads in


@dataclass(frozen=True)
class Program:
    """What a run executes; `function` says that its input is an expression to evaluate."""

    source: str
    prelude: str = ""
    function: bool = False


@dataclass(frozen=True)
class Limits:
    """What one run may use: seconds of processor and of wall time, and bytes."""

    cpu_s: float
    wall_s: float
    memory_bytes: int
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the zygote says of a run.

    Parameters
    ----------
    status
        As `os.wait` gives it.
    cut
        Why the zygote ended the run: `cpu`, `wall`, `output` or `cancel`.
    resident_bytes
        The most memory the program had, beyond the interpreter's own.
    report
        What the run's own process said: not to be trusted.
    lines
        Executions of each 0-based line, if traced.
    """

    status: int
    cut: str | None
    seconds: float
    resident_bytes: int
    stdout: bytes
    stderr: bytes
    report: bytes
    lines: dict[int, int] | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a program on one input, in a process that it shared with others.

    Parameters
    ----------
    output
        What it printed, or the value of a function entry as JSON; empty if it did not end well.
    """

    ending: Ending
    output: bytes


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Why a program does not compile; `line` counts from 0."""

    line: int | None
    message: str


class WorkerLost(Exception):  # noqa: N818
    """The zygote has died, or does not answer."""


class OutOfTime(Exception):  # noqa: N818
    """The deadline has come, or nobody waits for the answer any more."""


class Worker:
    """A zygote in a sandbox, for one thread at a time; any thread may `cancel`."""

    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox = sandbox
        self._number = number
        self._process: subprocess.Popen[bytes] | None = None
        self._received = bytearray()  # of an answer, and not yet read
        self._loaded: dict[str, Program] = {}
        self._writing = threading.Lock()
        self._cancelled = False

    def run(
        self,
        slot: str,
        program: Program,
        text: str,
        limits: Limits,
        *,
        trace: bool = False,
        deadline: float | None = None,
    ) -> Outcome | SyntaxFault:
        """Run `program` on `text`; `slot` names the place where the zygote keeps it compiled.

        Raises
        ------
        OutOfTime
            If `deadline` came first, or `cancel` was called since the last `renew`.
        WorkerLost
            If the zygote died twice over this run.
        SandboxUnavailable
            If no zygote can be started.
        """
        load = {"op": "program", "slot": slot, **vars(program)}
        job = {"op": "run", "slot": slot, "trace": trace, **vars(limits)}

        def send(left_s: float, give_up: float) -> None:
            if self._loaded.get(slot) is not program:
                self._send(give_up, load)
                self._loaded[slot] = program
            self._send(give_up, {**job, "left_s": left_s}, _bytes(text))

        return _outcome(*self._ask(send, limits.wall_s, deadline))

    def screen(
        self,
        sources: Sequence[str],
        like: Program,
        texts: Sequence[str],
        expected: Sequence[int | None],
        limits: Limits,
        *,
        steps: Sequence[int | None],
        deadline: float | None = None,
    ) -> list[Attempt]:
        """Try programs on `texts`, one after the other in one process.

        Returned are the attempts that this process made: of each program, those up to the
        first that did not end well. The process may end before all are made, since a program
        was cut or made it unfit for others. It makes one attempt at least.

        Parameters
        ----------
        like
            Its prelude and its kind of entry are those of all.
        expected
            Checksums of what a program should give for the texts; one that gives something else
            is not tried on those that follow. None where none is known.
        steps
            Lines and calls that a program may make on each text; None where only time counts.

        Raises
        ------
        OutOfTime, WorkerLost, SandboxUnavailable
            As `run` does.
        """
        bodies = [_bytes(text) for text in texts]
        ends = list(accumulate(map(len, bodies)))
        job = {
            "op": "screen",
            **vars(like),
            "sources": sources,
            "inputs": list(zip([0, *ends], ends, strict=False)),
            "expected": list(expected),
            "steps": list(steps),
            **vars(limits),
        }

        def send(left_s: float, give_up: float) -> None:
            self._send(give_up, {**job, "left_s": left_s}, b"".join(bodies))

        wall_s = limits.wall_s * len(sources) * len(texts)
        return _attempts(*self._ask(send, wall_s, deadline))

    def cancel(self) -> None:
        """End the run in progress, and refuse others until `renew`."""
        with self._writing:
            self._cancelled = True
            with contextlib.suppress(WorkerLost):
                self._write(time.monotonic() + CANCEL_SECONDS, {"op": "cancel"})

    def renew(self) -> None:
        """Forget a call of `cancel`."""
        self._cancelled = False

    def close(self) -> None:
        """End the zygote and everything in its sandbox."""
        process, self._process = self._process, None
        self._loaded.clear()
        self._received.clear()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the zygote too, not only its starter
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(
        self, send: Callable[[float, float], None], wall_s: float, deadline: float | None
    ) -> tuple[dict[str, Any], bytes]:
        """Have `send` ask the zygote, a new one if the first dies; return what it answers.

        Parameters
        ----------
        send
            Takes the seconds that the zygote may need, and when to give it up.
        wall_s
            The seconds that it may need if the deadline does not come first.
        """
        try:
            return self._ask_once(send, wall_s, deadline)
        except WorkerLost:
            return self._ask_once(send, wall_s, deadline)

    def _ask_once(
        self, send: Callable[[float, float], None], wall_s: float, deadline: float | None
    ) -> tuple[dict[str, Any], bytes]:
        if self._process is None:
            self._start()
        now = time.monotonic()
        left = math.inf if deadline is None else deadline - now
        if left <= 0:
            raise OutOfTime
        wall = min(wall_s, left)
        give_up = now + min(wall + ANSWER_SECONDS, left + LATE_ANSWER_SECONDS)
        try:
            send(wall, give_up)
            header, body = self._receive(give_up)
        except WorkerLost:
            self.close()
            if deadline is not None and time.monotonic() >= deadline:
                raise OutOfTime from None
            raise
        cut = header.get("cut")
        if cut == "cancel" or (cut == "wall" and now + left <= time.monotonic()):
            raise OutOfTime
        return header, body

    def _start(self) -> None:
        with tempfile.TemporaryFile() as stderr:
            self._process = self._sandbox.start(self._number, stderr)
            assert self._process.stdout is not None
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)
            os.set_blocking(self._process.stdout.fileno(), False)
            try:
                self._receive(time.monotonic() + START_SECONDS)
            except WorkerLost as error:
                self.close()
                stderr.seek(0)
                said = stderr.read(2000).decode(errors="replace").strip()
                raise SandboxUnavailable(said or str(error)) from error

    def _send(self, give_up: float, header: dict[str, Any], body: bytes = b"") -> None:
        with self._writing:
            if self._cancelled:
                raise OutOfTime
            self._write(give_up, header, body)

    def _write(self, give_up: float, header: dict[str, Any], body: bytes = b"") -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise WorkerLost("The sandbox is not running.")
        fd = process.stdin.fileno()
        text = json.dumps(header).encode()
        rest = memoryview(HEADER.pack(len(text), len(body)) + text + body)
        while rest:
            try:
                rest = rest[os.write(fd, rest) :]
            except BlockingIOError:
                _wait_for(fd, select.POLLOUT, give_up)
            except BrokenPipeError:
                raise WorkerLost("The sandbox has gone.") from None

    def _receive(self, give_up: float) -> tuple[dict[str, Any], bytes]:
        header_size, body_size = HEADER.unpack(self._read(HEADER.size, give_up))
        if header_size + body_size > MAX_ANSWER_BYTES:
            raise WorkerLost("The sandbox gives no sensible answer.")
        header = json.loads(self._read(header_size, give_up))
        return header, self._read(body_size, give_up)

    def _read(self, size: int, give_up: float) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        while len(self._received) < size:
            _wait_for(fd, select.POLLIN, give_up)
            chunk = os.read(fd, max(READ_BYTES, size - len(self._received)))
            if not chunk:
                raise WorkerLost("The program ended the sandbox.")
            self._received += chunk
        data = bytes(self._received[:size])
        del self._received[:size]
        return data


def _wait_for(fd: int, event: int, give_up: float) -> None:
    poll = select.poll()
    poll.register(fd, event)
    left = give_up - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise WorkerLost("The sandbox does not answer.")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _attempts(header: dict[str, Any], body: bytes) -> list[Attempt]:
    attempts = []
    for ending, length in zip(header["endings"], header["lengths"], strict=True):
        attempts.append(Attempt(Ending(ending), body[:length]))
        body = body[length:]
    return attempts


def _outcome(header: dict[str, Any], body: bytes) -> Outcome | SyntaxFault:
    fault = header.get("fault")
    if fault is not None:
        line = None if fault["line"] is None else max(fault["line"] - 1, 0)
        return SyntaxFault(line, fault["message"])
    out, err, _ = header["lengths"]
    lines = header["lines"]
    return Outcome(
        status=header["status"],
        cut=header["cut"],
        seconds=header["seconds"],
        resident_bytes=header["resident"],
        stdout=body[:out],
        stderr=body[out : out + err],
        report=body[out + err :],
        lines=None if lines is None else {int(line): count for line, count in lines.items()},
    )
