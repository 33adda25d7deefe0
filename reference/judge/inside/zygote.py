"""The process that forks a child for each run."""

import builtins
import contextlib
import fractions
import gc
import importlib
import json
import math
import mmap
import os
import signal
import sys
import time
from typing import Any

from reference.judge.inside import confinement
from reference.judge.inside.child import Child
from reference.judge.inside.counting import LineCounts
from reference.judge.inside.frames import receive, send
from reference.judge.inside.ledger import Ending, Ledger
from reference.judge.inside.program import PROGRAM_FILE, Program, load_modules
from reference.judge.inside.screen import CARRIED_BYTES, Screen
from reference.judge.inside.watch import Sink, Watch

# Modules that contest programs import: loaded once here, so that no child has to.
PRELOADED = (
    "array", "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "heapq", "io", "itertools", "math", "operator", "queue",
    "random", "re", "statistics", "string", "textwrap", "typing",
)  # fmt: skip
STDERR_BYTES = 1 << 16  # the end is kept: that is where a traceback stands
REPORT_BYTES = 1 << 21
# Deaths that a program brings upon itself, and would again.
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
EXTRA_ADDRESS_SPACE = 512 << 20  # stacks of threads are mapped, but hardly ever used


def main() -> None:
    """Serve until the judge hangs up."""
    settings = json.loads(sys.argv[2])
    sys.argv[:] = [PROGRAM_FILE]
    sys.orig_argv[:] = [sys.executable, PROGRAM_FILE]
    sys.path[:] = [path for path in sys.path if path] + settings["packages"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in [name for name in sys.modules if name.partition(".")[0] == "reference"]:
        del sys.modules[name]  # what programs must not find
    for name in PRELOADED:
        importlib.import_module(name)
    _add_what_programs_expect()
    zygote = Zygote(settings)
    gc.collect()
    gc.freeze()
    send({"ready": True})
    while True:
        zygote.serve(*receive())


def _add_what_programs_expect() -> None:
    """Add what an ordinary start of Python has and an isolated one lacks, and an old name."""
    for name in ("exit", "quit"):
        setattr(builtins, name, sys.exit)
    if not hasattr(fractions, "gcd"):  # gone since Python 3.9, used by many programs of judges
        fractions.gcd = math.gcd  # type: ignore[attr-defined]


class Zygote:
    """The state between runs: privileges given up, programs compiled."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._programs: dict[str, Program] = {}
        self._folder: str | None = settings["folder"]
        self._processes: int | None = settings["processes"]
        instructions = bytes.fromhex(settings["seccomp"])
        self._filter = confinement.Filter(instructions) if instructions else None
        # Opened now, since a sandbox may hide /proc. It goes on telling this process's size.
        self._size: int | None = None
        with contextlib.suppress(OSError):
            self._size = os.open("/proc/self/statm", os.O_RDONLY)
        if settings["uid"] is not None:
            confinement.become(settings["uid"])
        if settings["landlock"] is not None:
            confinement.restrict_files(settings["landlock"])
        # Children have this process's user id.
        confinement.close_to_others(True)
        confinement.drop_capabilities()
        confinement.limit_all()

    def serve(self, header: dict[str, Any], body: bytes) -> None:
        """Do what one frame asks for; a late request to cancel asks for nothing."""
        if header["op"] == "program":
            self._programs[header["slot"]] = Program(header)
        elif header["op"] == "run":
            program = self._programs[header["slot"]]
            if program.fault is not None:
                send({"fault": program.fault})
            else:
                send(*self._run(program, header, body))
                self._empty_folder()
        elif header["op"] == "screen":
            send(*self._screen(header, body))
            self._empty_folder()

    def _run(self, program: Program, job: dict[str, Any], body: bytes) -> tuple[Any, bytes]:
        counts = LineCounts(program) if job["trace"] else None
        base_size, base_resident = self._memory()
        pipes = [os.pipe() for _ in range(4)]
        (stdin_r, stdin_w), (stdout_r, stdout_w), (stderr_r, stderr_w), (report_r, report_w) = pipes
        pid = confinement.fork()
        if pid == 0:
            child = Child(program, counts, (stdin_r, stdout_w, stderr_w, report_w))
            child.run(
                body.decode("utf-8", "surrogatepass") if program.function else None,
                seconds=job["cpu_s"],
                address_space=base_size + job["memory_bytes"] + EXTRA_ADDRESS_SPACE,
                file_bytes=confinement.FILE_BYTES,
                processes=self._processes,
                seccomp=self._filter,
            )
        for fd in (stdin_r, stdout_w, stderr_w, report_w):
            os.close(fd)
        sinks = {
            stdout_r: Sink(job["output_bytes"], fatal=True),
            stderr_r: Sink(STDERR_BYTES, keep_end=True),
            report_r: Sink(REPORT_BYTES, fatal=program.function),
        }
        started = time.monotonic()
        watch = Watch(pid, sinks)
        watch.feed(stdin_w, b"" if program.function else body)
        cut, status, usage = watch.until_end(
            lambda cpu, now: (job["cpu_s"] - cpu, started + job["left_s"] - now)
        )
        seconds = time.monotonic() - started
        _kill_all()
        texts = [bytes(sinks[fd].data) for fd in (stdout_r, stderr_r, report_r)]
        resident = usage.ru_maxrss * (1024 if sys.platform == "linux" else 1) - base_resident
        answer = {
            "status": status,
            "cut": cut,
            "seconds": seconds,
            "resident": resident,
            "lengths": [len(text) for text in texts],
            "lines": counts.result() if counts else None,
        }
        return answer, b"".join(texts)

    def _screen(self, job: dict[str, Any], body: bytes) -> tuple[Any, bytes]:
        """Try programs in one child, as far as that gets: at least one attempt, if in time."""
        for source in job["sources"]:
            load_modules(source)
        inputs = [body[start:end] for start, end in job["inputs"]]
        count = len(job["sources"]) * len(inputs)
        most_value = REPORT_BYTES if job["function"] else 0
        ledger = Ledger(max(job["output_bytes"], most_value))
        base_size, _ = self._memory()
        given = os.memfd_create("input")
        output = os.memfd_create("output")
        errors = os.open("/dev/null", os.O_WRONLY)
        alive_r, alive_w = os.pipe()
        pid = confinement.fork()
        if pid == 0:
            child = Screen(
                job["sources"],
                job["prelude"],
                inputs,
                job["expected"],
                function=job["function"],
                steps=job["steps"],
                most=(job["output_bytes"], most_value),
                ledger=ledger,
            )
            child.run(
                (given, output, errors, alive_w),
                seconds=job["cpu_s"] * count,
                address_space=base_size + job["memory_bytes"] + EXTRA_ADDRESS_SPACE + CARRIED_BYTES,
                file_bytes=max(confinement.FILE_BYTES, job["output_bytes"] + 1, len(body)),
                processes=self._processes,
                seccomp=self._filter,
            )
        for fd in (given, errors, alive_w):
            os.close(fd)
        end = time.monotonic() + job["left_s"]

        def left(cpu: float, now: float) -> tuple[float, float]:
            cpu_began, began = ledger.began()
            cpu_left = min(job["cpu_s"] - (cpu - cpu_began), job["cpu_s"] * count - cpu)
            return cpu_left, min(began + job["wall_s"], end) - now

        cut, status, _ = Watch(pid, {alive_r: Sink(0)}).until_end(left)
        _kill_all()
        done = ledger.records(count)
        if cut is not None:
            done.append((Ending.CUT, b""))
        elif len(done) < count and not (done and ledger.stopped):
            # One program ended the child. What it had printed shows more than that.
            ending = Ending.UNKNOWN
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) in CRASHES:
                ending = Ending.BADLY
            elif os.WIFEXITED(status):
                well = status == 0 and not job["function"]
                ending = Ending.WELL if well else Ending.BADLY
            size = min(os.fstat(output).st_size, job["output_bytes"] + 1)
            text = os.pread(output, size, 0) if ending is Ending.WELL else b""
            if len(text) > job["output_bytes"]:
                ending, text = Ending.BADLY, b""
            done.append((ending, text))
        os.close(output)
        answer = {
            "cut": cut,
            "endings": [ending for ending, _ in done],
            "lengths": [len(text) for _, text in done],
        }
        return answer, b"".join(text for _, text in done)

    def _memory(self) -> tuple[int, int]:
        """Return the bytes mapped by, and resident in, this process."""
        if self._size is None:
            return 0, 0
        size, resident = os.pread(self._size, 128, 0).split()[:2]
        return int(size) * mmap.PAGESIZE, int(resident) * mmap.PAGESIZE

    def _empty_folder(self) -> None:
        """Remove what the run wrote. If that fails the judge starts another sandbox."""
        if self._folder is not None:
            _empty(self._folder)


def _empty(folder: str) -> None:
    # `shutil` does this too, and loads compression libraries that every fork would copy.
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                _empty(entry.path)
                os.rmdir(entry.path)  # noqa: PTH106
            else:
                os.unlink(entry.path)  # noqa: PTH108


def _kill_all() -> None:
    """End what a run may have left, where nobody else lives: in a process namespace."""
    if os.getpid() != 1:
        return
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
