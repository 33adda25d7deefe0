"""A limit on how much of a program runs that no clock has to measure."""

import sys
import types
from typing import Any

from reference.judge.inside.program import PROGRAM_FILE


class TooManySteps(BaseException):
    """Raised in the program whose steps are spent."""


class Steps:
    """Counts the lines and calls of the program's own code, and ends it when there are too many.

    A program that catches this goes on uncounted; what the standard library does counts nothing.
    """

    def __init__(self, most: int) -> None:
        self._left = most

    @property
    def spent(self) -> bool:
        """Whether the program wanted more."""
        return self._left < 0

    def start(self) -> None:
        """Count in this thread, until `sys.settrace` is called again."""
        sys.settrace(self._enter)

    def _enter(self, frame: types.FrameType, event: str, arg: object) -> Any:
        return self._step(frame, event, arg) if frame.f_code.co_filename == PROGRAM_FILE else None

    def _step(self, frame: types.FrameType, event: str, arg: object) -> Any:
        self._left -= 1
        if self._left < 0:
            raise TooManySteps
        return self._step
