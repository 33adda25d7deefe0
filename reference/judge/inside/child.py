"""The process of one run."""

import atexit
import builtins
import contextlib
import gc
import importlib.util
import io
import json
import linecache
import os
import resource
import sys
import threading
import traceback
import types
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn

from reference.judge.inside import confinement
from reference.judge.inside.counting import LineCounts
from reference.judge.inside.frames import write_all
from reference.judge.inside.program import PRELUDE_FILE, PROGRAM_FILE, Program, compile_source
from reference.judge.inside.values import encode, representation

TEST_FILE = "test"
REPORT_FD = 3
OWN_FRAMES = 10  # frames of this file below the program's, which must not count as its depth
TRACEBACK_FRAMES = 6


class Child:
    """The process that runs the program. It never returns to the zygote's code."""

    def __init__(
        self, program: Program, counts: LineCounts | None, pipes: tuple[int, int, int, int]
    ) -> None:
        self._program = program
        self._counts = counts
        self._pipes = pipes
        self._report: dict[str, Any] = {}

    def run(self, expression: str | None, **limits: Any) -> NoReturn:
        """Take the pipes, give up every other right, run, and end."""
        status = 1
        try:
            confinement.take(self._pipes)
            confinement.confine(**limits)
            gc.enable()
            sys.setrecursionlimit(sys.getrecursionlimit() + OWN_FRAMES)
            status = self._execute(expression)
        finally:
            os._exit(status)

    def _execute(self, expression: str | None) -> int:
        main_module = types.ModuleType("__main__")
        main_module.__dict__.update(__file__=PROGRAM_FILE, __builtins__=builtins)
        sys.modules["__main__"] = main_module
        threading.excepthook = self._thread_failed
        status = self._guard(lambda: self._evaluate(main_module.__dict__, expression))
        # As at the end of an interpreter: wait for threads, then call what was registered.
        status = self._guard(threading._shutdown) or status  # type: ignore[attr-defined]
        self._guard(atexit._run_exitfuncs)
        write_out(main_module.__dict__)
        write_all(REPORT_FD, json.dumps(self._report).encode())
        return status

    def _evaluate(self, namespace: dict[str, Any], expression: str | None) -> None:
        program = self._program
        assert program.code is not None
        if program.prelude is not None:
            exec(program.prelude, namespace)
        if self._counts is not None:
            self._counts.start()
        exec(program.code, namespace)
        if expression is not None:
            value = eval(compile_source(expression.strip(), TEST_FILE, "eval"), namespace)
            self._report["repr"] = representation(value)
            self._report["value"] = encode(value)

    def _guard(self, action: Callable[[], object]) -> int:
        """Return the exit status that an interpreter would have after `action`."""
        try:
            action()
        except SystemExit as end:
            return exit_status(end)
        except BaseException as error:
            self._failed(error)
            return 1
        return 0

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self._failed(failure.exc_value)

    def _failed(self, error: BaseException) -> None:
        """Write a traceback that shows the program's frames alone, and note where it failed."""
        sys.settrace(None)
        if isinstance(error, MemoryError):
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            self._report["memory"] = True
        frames = deque(
            (
                (frame, number)
                for frame, number in traceback.walk_tb(error.__traceback__)
                if frame.f_code.co_filename in (PROGRAM_FILE, PRELUDE_FILE)
            ),
            maxlen=TRACEBACK_FRAMES,
        )
        own = [line for frame, line in frames if frame.f_code.co_filename == PROGRAM_FILE]
        if own:
            self._report["line"] = own[-1] - 1
        if isinstance(error, ModuleNotFoundError) and error.name:
            name = error.name.partition(".")[0]
            if name not in sys.stdlib_module_names and importlib.util.find_spec(name) is None:
                self._report["missing"] = name
        source = self._program.source
        lines = io.StringIO(source, newline=None).readlines()
        linecache.cache[PROGRAM_FILE] = (len(source), None, lines, PROGRAM_FILE)
        text = traceback.StackSummary.extract(frames).format() if frames else []
        if text:
            text.insert(0, "Traceback (most recent call last):\n")
        text += traceback.format_exception_only(error)
        sys.stderr.write("".join(text))


def exit_status(end: SystemExit) -> int:
    """Return the status with which an interpreter ends, and write what it would."""
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    print(end.code, file=sys.stderr)
    return 1


def write_out(namespace: dict[str, Any]) -> None:
    """Write out what an interpreter would have written when it closed its files."""
    opened = [value for value in namespace.values() if isinstance(value, io.IOBase)]
    for stream in (*opened, sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]
