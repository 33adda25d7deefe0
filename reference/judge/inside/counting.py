"""How often each line of a program runs."""

import mmap
import sys
import threading
import types
from typing import Any

from reference.judge.inside.program import PROGRAM_FILE, Program

TRACED_EVENTS = 1_000_000


class LineCounts:
    """Counts kept in memory that outlives a killed child."""

    def __init__(self, program: Program) -> None:
        self._size = program.source.count("\n") + program.source.count("\r") + 2
        self._shared = mmap.mmap(-1, self._size * 8)
        self._counts = memoryview(self._shared).cast("Q")
        self._left = TRACED_EVENTS

    def start(self) -> None:
        """Count in this process from now on, up to a number of lines that costs little time."""
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            tool = monitoring.PROFILER_ID
            monitoring.use_tool_id(tool, "judge")

            def line(code: types.CodeType, number: int) -> Any:
                if code.co_filename != PROGRAM_FILE:
                    return monitoring.DISABLE
                if not self._count(number):
                    monitoring.set_events(tool, 0)
                return None

            monitoring.register_callback(tool, monitoring.events.LINE, line)
            monitoring.set_events(tool, monitoring.events.LINE)
        else:
            threading.settrace(self._trace_call)
            sys.settrace(self._trace_call)

    def _trace_call(self, frame: types.FrameType, event: str, arg: object) -> Any:
        return self._trace_line if frame.f_code.co_filename == PROGRAM_FILE else None

    def _trace_line(self, frame: types.FrameType, event: str, arg: object) -> Any:
        if event == "line" and not self._count(frame.f_lineno):
            sys.settrace(None)
            return None
        return self._trace_line

    def _count(self, number: int | None) -> bool:
        if number is not None and 0 < number <= self._size:
            self._counts[number - 1] += 1
        self._left -= 1
        return self._left > 0

    def result(self) -> dict[int, int]:
        """Return the lines that ran, counted from 0."""
        return {line: count for line, count in enumerate(self._counts) if count}
