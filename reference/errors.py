"""What the engine refuses, as exceptions with a stable code and a message for a person."""

import difflib
from collections.abc import Iterable
from typing import ClassVar


class EngineError(Exception):
    """A request that the engine cannot serve.

    `code` is a stable word for programs; the message says what is wrong and what to do.
    """

    code: ClassVar[str] = "engine_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownProblemError(EngineError):
    """No problem of the bank has this id; the message names ids that look like it."""

    code: ClassVar[str] = "unknown_problem"

    def __init__(self, problem_id: str, known: Iterable[str]) -> None:
        self.problem_id = problem_id
        self.close = tuple(difflib.get_close_matches(problem_id, sorted(known), n=3, cutoff=0.6))
        hint = (
            f"did you mean {' or '.join(self.close)}?"
            if self.close
            else "`wpc-engine problems list` shows the ids of the bank."
        )
        super().__init__(f"There is no problem {problem_id!r}: {hint}")


class BrokenProblemError(EngineError):
    """A problem of the bank cannot be read; the message names the file in it and the fault."""

    code: ClassVar[str] = "broken_problem"

    def __init__(self, problem_id: str, fault: str) -> None:
        self.problem_id = problem_id
        super().__init__(
            f"The problem {problem_id!r} of the bank cannot be read: {fault}."
            " Whoever runs the endpoint must mend it."
        )


class CancelledError(EngineError):
    """Who asked for a repair does not want it any more."""

    code: ClassVar[str] = "cancelled"

    def __init__(self) -> None:
        super().__init__("The repair was cancelled.")
