"""Try candidates on the tests, quickly."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from reference.judge import Judge, TestRun
from reference.propose import Candidate
from reference.protocol import Problem, Test, Verdict

_BATCH = 64  # candidates judged together
_SLOWER = 10  # a candidate may take so many times what the program takes on a test it passes
_LEAST_LIMIT_S = 0.2
_FEW = 4


class Trial:
    """Judges candidates: failing tests first, under a time limit from what is usual.

    A change often makes an endless loop, and most changes fail; so both must show soon.

    Parameters
    ----------
    runs
        Of the user's program.
    further
        Tests on which it was not run.
    """

    def __init__(
        self, judge: Judge, problem: Problem, runs: Sequence[TestRun], further: Sequence[Test]
    ) -> None:
        self._judge = judge
        self._problem = problem
        ordered = sorted(runs, key=lambda run: (run.verdict is Verdict.ACCEPTED, run.run.seconds))
        self.tests: list[Test] = [*(run.test for run in ordered), *further]
        failing = sum(run.verdict is not Verdict.ACCEPTED for run in runs)
        self._few = self.tests[: min(failing, _FEW) + _FEW]
        passing = [run.run.seconds for run in runs if run.verdict is Verdict.ACCEPTED]
        limit = max(_LEAST_LIMIT_S, _SLOWER * max(passing, default=0.05))
        self._hasty = problem.model_copy(update={"time_limit_s": min(problem.time_limit_s, limit)})

    def passing(self, candidates: Iterable[Candidate], deadline: float) -> Iterator[Candidate]:
        """Yield the candidates that pass all tests, in their order, until the deadline."""
        remaining = iter(candidates)
        while time.monotonic() < deadline:
            batch = list(islice(remaining, _BATCH))
            if not batch:
                return
            judged = self._judge.judge_all(
                [candidate.text for candidate in batch],
                self._hasty,
                self.tests,
                deadline=deadline,
            )
            for index in sorted(index for index, judgement in judged if judgement.accepted):
                yield batch[index]

    def passes_few(self, text: str, deadline: float) -> bool:
        """Whether a program passes the tests that the user's fails, and a few of the others."""
        return self._judge.judge(
            text, self._hasty, self._few, stop_at_failure=True, deadline=deadline
        ).accepted

    def passes(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests, within the hasty time limit."""
        return self._judge.judge(
            text, self._hasty, self.tests, stop_at_failure=True, deadline=deadline
        ).accepted

    def confirms(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests under the problem's own limits."""
        return self._judge.judge(
            text, self._problem, self.tests, stop_at_failure=True, deadline=deadline
        ).accepted
