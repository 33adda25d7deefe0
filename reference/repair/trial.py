"""Try candidates on the tests, quickly."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from reference.judge import Judge, Screening, TestRun
from reference.propose import Candidate
from reference.protocol import Problem, Test, Verdict

_BATCH = 128  # candidates judged together
_SLOWER = 10  # a candidate may take so many times what the program takes on a test it passes
_LEAST_LIMIT_S = 0.2
_SLOWER_SCREENED = 4  # the same for the test that it fails, when many candidates are screened
_LEAST_SCREEN_LIMIT_S = 0.02
_FEW = 2  # candidates that are judged at once
_MORE_STEPS = 6  # a candidate may execute so many times the lines that the program does
_LEAST_STEPS = 10_000
_COUNTABLE_STEPS = 200_000  # counting more takes longer than the time limit
_ENDED = (Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
_PROMISING = (Screening.PASSES, Screening.UNKNOWN)


class Trial:
    """Judges candidates: failing tests first, under a time limit from what is usual.

    A change often makes an endless loop, and most changes fail; so both must show soon.

    Parameters
    ----------
    runs
        Of the user's program.
    further
        Tests on which it was not run.
    refutation
        Looks for one more test that a program fails, until a deadline.
    traced
        Some of the runs again, with the lines they executed.
    """

    def __init__(
        self,
        judge: Judge,
        problem: Problem,
        runs: Sequence[TestRun],
        further: Sequence[Test],
        refutation: Callable[[str, float], Test | None],
        traced: Sequence[TestRun],
    ) -> None:
        self._judge = judge
        self._problem = problem
        self._refutation = refutation
        ordered = sorted(runs, key=lambda run: (run.verdict is Verdict.ACCEPTED, run.run.seconds))
        self.tests: list[Test] = [*(run.test for run in ordered), *further]
        passing = [run.run.seconds for run in runs if run.verdict is Verdict.ACCEPTED]
        self._limit = max(_LEAST_LIMIT_S, _SLOWER * max(passing, default=0.05))
        first = 0.0 if ordered[0].verdict is Verdict.TIME_LIMIT else ordered[0].run.seconds
        self._screen_limit = max(_LEAST_SCREEN_LIMIT_S, _SLOWER_SCREENED * first)
        self._steps = _steps(traced)

    def passing(self, candidates: Iterable[Candidate], deadline: float) -> Iterator[Candidate]:
        """Yield the candidates that pass all tests, in their order, until the deadline."""
        remaining = iter(candidates)
        while time.monotonic() < deadline:
            batch = list(islice(remaining, _BATCH))
            if not batch:
                return
            for index in self.which_pass([candidate.text for candidate in batch], deadline):
                yield batch[index]

    def which_pass(self, texts: Sequence[str], deadline: float) -> list[int]:
        """Return the indices of the programs that pass all tests, within the hasty time limit."""
        left = list(range(len(texts)))
        if len(left) > _FEW:
            hurried = self._limited(self._screen_limit)
            screened = self._judge.screen(
                texts, hurried, self.tests, steps=self._steps, deadline=deadline
            )
            left = sorted(index for index, found in screened if found in _PROMISING)
        judged = self._judge.judge_all(
            [texts[index] for index in left], self._hasty, self.tests, deadline=deadline
        )
        return sorted(left[place] for place, judgement in judged if judgement.accepted)

    def passes(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests, within the hasty time limit."""
        return bool(self.which_pass([text], deadline))

    def adopts(self, text: str, deadline: float) -> bool:
        """Whether a program, surely right, passes all tests; others then may be as slow as it."""
        judgement = self._judge.judge(
            text, self._problem, self.tests, stop_at_failure=True, deadline=deadline
        )
        if judgement.accepted:
            slowest = max(run.run.seconds for run in judgement.runs)
            self._limit = max(self._limit, 2 * slowest)
            self._screen_limit = max(self._screen_limit, 2 * slowest)
        return judgement.accepted

    def refuted(self, text: str, deadline: float) -> bool:
        """Whether a program fails one more test; if so, that is among the tests from now on."""
        test = self._refutation(text, deadline)
        if test is not None and test not in self.tests:
            self.tests.insert(0, test)
        return test is not None

    @property
    def _hasty(self) -> Problem:
        return self._limited(self._limit)

    def _limited(self, seconds: float) -> Problem:
        return self._problem.model_copy(
            update={"time_limit_s": min(self._problem.time_limit_s, seconds)}
        )


def _steps(traced: Sequence[TestRun]) -> int | None:
    """Return how many lines a candidate may execute on a test; None where only time tells."""
    lines = [sum((run.run.lines or {}).values()) for run in traced if run.verdict in _ENDED]
    most = max(_LEAST_STEPS, _MORE_STEPS * max(lines, default=0))
    return most if most <= _COUNTABLE_STEPS else None
