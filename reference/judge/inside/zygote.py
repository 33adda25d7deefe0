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
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from reference.judge.inside import confinement
from reference.judge.inside.child import Child
from reference.judge.inside.counting import LineCounts
from reference.judge.inside.frames import receive, send
from reference.judge.inside.program import PROGRAM_FILE, Program
from reference.judge.inside.watch import Sink, Watch

# Modules that contest programs import: loaded once here, so that no child has to.
PRELOADED = (
    "array", "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "heapq", "io", "itertools", "math", "operator", "queue",
    "random", "re", "statistics", "string", "textwrap", "typing",
)  # fmt: skip
STDERR_BYTES = 1 << 16  # the end is kept: that is where a traceback stands
REPORT_BYTES = 1 << 21
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
        self._filter = bytes.fromhex(settings["seccomp"])
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

    def _run(self, program: Program, job: dict[str, Any], body: bytes) -> tuple[Any, bytes]:
        counts = LineCounts(program) if job["trace"] else None
        base_size, base_resident = self._memory()
        pipes = [os.pipe() for _ in range(4)]
        (stdin_r, stdin_w), (stdout_r, stdout_w), (stderr_r, stderr_w), (report_r, report_w) = pipes
        pid = os.fork()
        if pid == 0:
            child = Child(program, counts, (stdin_r, stdout_w, stderr_w, report_w))
            child.run(
                seconds=job["cpu_s"],
                address_space=base_size + job["memory_bytes"] + EXTRA_ADDRESS_SPACE,
                processes=self._processes,
                seccomp=self._filter,
                expression=body.decode("utf-8", "surrogatepass") if program.function else None,
            )
        for fd in (stdin_r, stdout_w, stderr_w, report_w):
            os.close(fd)
        sinks = {
            stdout_r: Sink(job["output_bytes"], fatal=True),
            stderr_r: Sink(STDERR_BYTES, keep_end=True),
            report_r: Sink(REPORT_BYTES, fatal=program.function),
        }
        started = time.monotonic()
        watch = Watch(pid, stdin_w, b"" if program.function else body, sinks)
        cut, status, usage = watch.until_end(job["cpu_s"], started + job["wall_s"])
        seconds = time.monotonic() - started
        if os.getpid() == 1:  # of a process namespace: nobody else lives here
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

    def _memory(self) -> tuple[int, int]:
        """Return the bytes mapped by, and resident in, this process."""
        if self._size is None:
            return 0, 0
        size, resident = os.pread(self._size, 128, 0).split()[:2]
        return int(size) * mmap.PAGESIZE, int(resident) * mmap.PAGESIZE

    def _empty_folder(self) -> None:
        """Remove what the run wrote. If that fails the judge starts another sandbox."""
        if self._folder is not None:
            for entry in list(os.scandir(self._folder)):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()


def _kill_all() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
