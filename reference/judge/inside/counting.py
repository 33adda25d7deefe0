"""How often each line of a program runs."""

import mmap
import os
import signal
import sys
import threading
import types
from typing import Any

from reference.judge.inside.program import PROGRAM_FILE, Program

TRACED_EVENTS = 300_000
ENOUGH = 128 + signal.SIGXCPU  # the exit status that a shell gives for a lack of time


class LineCounts:
    """Counts kept in memory that outlives a killed child."""

    def __init__(self, program: Program) -> None:
        self._size = program.source.count("\n") + program.source.count("\r") + 2
        self._shared = mmap.mmap(-1, self._size * 8)
        self._counts = memoryview(self._shared).cast("Q")
        self._left = TRACED_EVENTS

    def start(self) -> None:
        """Count in this process from now on, and end it after a number of lines."""
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            tool = monitoring.PROFILER_ID
            monitoring.use_tool_id(tool, "judge")

            def line(code: types.CodeType, number: int) -> Any:
                if code.co_filename != PROGRAM_FILE:
                    return monitoring.DISABLE
                self._count(number)
                return None

            monitoring.register_callback(tool, monitoring.events.LINE, line)
            monitoring.set_events(tool, monitoring.events.LINE)
        else:
            threading.settrace(self._trace_call)
            sys.settrace(self._trace_call)

    def _trace_call(self, frame: types.FrameType, event: str, arg: object) -> Any:
        return self._trace_line if frame.f_code.co_filename == PROGRAM_FILE else None

    def _trace_line(self, frame: types.FrameType, event: str, arg: object) -> Any:
        if event == "line":
            self._count(frame.f_lineno)
        return self._trace_line

    def _count(self, number: int | None) -> None:
        if number is not None and 0 < number <= self._size:
            self._counts[number - 1] += 1
        self._left -= 1
        if self._left <= 0:
            os._exit(ENOUGH)

    def result(self) -> dict[int, int]:
        """Return the lines that ran, counted from 0."""
        return {line: count for line, count in enumerate(self._counts) if count}
