"""What the judge reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from reference.protocol import Test, Verdict


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a program on one input.

    Parameters
    ----------
    verdict
        `ACCEPTED` means that the program ended by itself with status 0.
    output, stderr
        As written, decoded from UTF-8 with replacement, cut at the output limit. For a function
        entry, `output` is the `repr` of the value.
    line
        0-based line of the program on which the uncaught exception was raised (the innermost
        frame that lies in the program), if any.
    missing_module
        Name of a module that the program imports and this machine does not have.
    lines
        How often each 0-based line was executed; only when traced.
    """

    verdict: Verdict
    output: str
    stderr: str
    seconds: float
    line: int | None = None
    missing_module: str | None = None
    lines: dict[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TestRun:
    """A run compared with what the test expects."""

    __test__ = False  # not a pytest class

    test: Test
    verdict: Verdict
    run: Run


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a program did on a problem's tests.

    `verdict` is that of the first test not passed, in the order of the problem; `runs` holds the
    tests that were run, which is not all of them where the judge was told to stop at a failure
    or ran out of time. `reason` is set where the verdict is `NOT_JUDGED`.
    """

    verdict: Verdict
    runs: Sequence[TestRun]
    total: int
    reason: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether every test was run and passed."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def failed(self) -> bool:
        """Whether a test was not passed, or the program is none."""
        return self.verdict not in (Verdict.ACCEPTED, Verdict.NOT_JUDGED)

    @property
    def passed(self) -> int:
        """Number of tests passed."""
        return sum(run.verdict is Verdict.ACCEPTED for run in self.runs)


class Screening(Enum):
    """What is known of a program after it was run beside others, where one may disturb another.

    `SLOW` says that it made more steps, or took more time, than it was given.
    """

    PASSES = "passes"
    FAILS = "fails"
    SLOW = "slow"
    UNKNOWN = "unknown"
