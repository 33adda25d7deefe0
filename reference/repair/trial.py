"""Try candidates on the tests, quickly."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from reference.judge import Judge, Screening, TestRun
from reference.propose import Candidate
from reference.protocol import Problem, Test, Verdict

_BATCH = 128  # candidates judged together
_SLOWER = 10  # a candidate may take so many times what the program takes on a test it passes
_LEAST_LIMIT_S = 0.2
_SLOWER_SCREENED = 4  # the same for the test that it fails, when many candidates are screened
_LEAST_SCREEN_LIMIT_S = 0.02
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
        self._hasty = _limited(problem, limit)
        first = 0.0 if ordered[0].verdict is Verdict.TIME_LIMIT else ordered[0].run.seconds
        self._screened = _limited(problem, max(_LEAST_SCREEN_LIMIT_S, _SLOWER_SCREENED * first))

    def passing(self, candidates: Iterable[Candidate], deadline: float) -> Iterator[Candidate]:
        """Yield the candidates that pass all tests, in their order, until the deadline."""
        remaining = iter(candidates)
        while time.monotonic() < deadline:
            batch = list(islice(remaining, _BATCH))
            if not batch:
                return
            batch = self._promising(batch, deadline)
            texts = [candidate.text for candidate in batch]
            judged = self._judge.judge_all(texts, self._hasty, self.tests, deadline=deadline)
            for index in sorted(index for index, judgement in judged if judgement.accepted):
                yield batch[index]

    def _promising(self, batch: Sequence[Candidate], deadline: float) -> list[Candidate]:
        """Leave out what certainly does not pass the first test, which the user's program fails."""
        texts = [candidate.text for candidate in batch]
        screened = self._judge.screen(texts, self._screened, self.tests[:1], deadline=deadline)
        promising = (Screening.PASSES, Screening.UNKNOWN)
        return [batch[index] for index in sorted(i for i, one in screened if one in promising)]

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


def _limited(problem: Problem, seconds: float) -> Problem:
    return problem.model_copy(update={"time_limit_s": min(problem.time_limit_s, seconds)})
