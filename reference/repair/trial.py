"""Try candidates on the tests, quickly."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from itertools import islice

from reference.errors import CancelledError
from reference.judge import Judge, Screening, TestRun
from reference.propose import Candidate
from reference.protocol import Problem, Test, Verdict

_BATCH = 128  # candidates judged together
_SLOWER = 10  # a candidate may take so many times what the program takes on a test it passes
_LEAST_LIMIT_S = 0.2
_SLOW_S = 0.25
_SLOWER_SCREENED = 4  # the same when many candidates are screened
_LEAST_SCREEN_LIMIT_S = 0.02
_PATIENCE = 0.25  # share of the problem's limit that each of a few candidates may take
_FEW = 8  # tests that tell how near a candidate is
_HELPED = 4  # failing tests of which a candidate must pass one
_FOR_ADOPTION = 0.3  # share of the time for that
_MORE_STEPS = 6  # a candidate may execute so many times the lines that the program does
_LARGER = 4  # for a test of our own making
_LEAST_STEPS = 10_000
_COUNTABLE_STEPS = 40_000  # counting more takes longer than the least time limit
_QUICK_S = 0.01  # shorter runs are as good as one another, whatever a clock says
_ANSWERED = (Verdict.ACCEPTED, Verdict.WRONG_ANSWER)
_ENDED = (*_ANSWERED, Verdict.RUNTIME_ERROR)
_PROMISING = (Screening.PASSES, Screening.UNKNOWN)


class Trial:
    """Judges candidates: failing tests first, under a time limit from what is usual.

    A change often makes an endless loop, and most changes fail; so both must show soon.

    Attributes
    ----------
    slow
        Whether the user's program takes long on a test.

    Parameters
    ----------
    runs
        Of the user's program.
    further
        Tests on which it was not run.
    refutation
        Looks for one more test that a program fails, until a deadline.
    traced
        Some of the runs again, with the lines they executed; waited for where these tell how long
        candidates may go on.
    cancelled
        Once it is set, every question to the judge is answered by a `CancelledError`.
    """

    def __init__(
        self,
        judge: Judge,
        problem: Problem,
        runs: Sequence[TestRun],
        further: Sequence[Test],
        refutation: Callable[[str, float], Test | None],
        traced: Future[Sequence[TestRun]],
        cancelled: threading.Event,
    ) -> None:
        self._judge = judge
        self._problem = problem
        self._refutation = refutation
        self._cancelled = cancelled
        ordered = sorted(quickest(runs), key=lambda run: run.verdict is Verdict.ACCEPTED)
        self._shown = [run.test for run in ordered]
        self.tests: list[Test] = [*self._shown, *further]
        given = [run.test for run in ordered[_FEW:] if run.test in problem.tests]
        self._failing = [run.test for run in ordered if run.verdict is not Verdict.ACCEPTED]
        self._decisive = [*self.tests[:_FEW], *given]
        passing = [run.run.seconds for run in runs if run.verdict is Verdict.ACCEPTED]
        self._limit = max(_LEAST_LIMIT_S, _SLOWER * max(passing, default=0.05))
        # Of the first test, which nearly all fail.
        first = 0.0 if ordered[0].verdict is Verdict.TIME_LIMIT else ordered[0].run.seconds
        self._first_limit = max(_LEAST_SCREEN_LIMIT_S, _SLOWER_SCREENED * first)
        # Not where it failed to answer: endless recursion, say, takes a while to end.
        answered = [run.run.seconds for run in runs if run.verdict in _ANSWERED]
        usual = max(answered, default=0.0)
        self._screen_limit = max(self._first_limit, _SLOWER_SCREENED * usual)
        self._patient_limit = max(self._screen_limit, _PATIENCE * problem.time_limit_s)
        self._traced = traced
        self._further = further
        self.slow = max((run.run.seconds for run in runs), default=0.0) > _SLOW_S
        self._certain: set[str] = set()
        self._wrong: set[str] = set()  # programs that fail a test
        self._right: set[str] = set()  # those that pass all tests there are now
        self.nearly: list[Candidate] = []  # those tried that pass the first test, but not all

    @cached_property
    def _steps(self) -> dict[str, int]:
        return _steps(self._traced.result(), self._further)

    def passing(
        self, candidates: Iterable[Candidate], deadline: float, *, patient: bool = False
    ) -> Iterator[Candidate]:
        """Yield the candidates that pass all tests, in their order, until the deadline.

        Each may take as long as the user's program suggests; if `patient`, which is for a few, as
        the problem's limit suggests.
        """
        remaining = iter(candidates)
        while time.monotonic() < deadline:
            batch = list(islice(remaining, _BATCH))
            if not batch:
                return
            hopeful = self._hopeful(batch, deadline, patient)
            texts = [candidate.text for candidate in hopeful]
            passing = self.which_pass(texts, deadline, patient=patient)
            self.nearly += [one for index, one in enumerate(hopeful) if index not in passing]
            for index in passing:
                yield hopeful[index]

    def _hopeful(
        self, batch: Sequence[Candidate], deadline: float, patient: bool
    ) -> list[Candidate]:
        """Leave out what fails the first test, which the user's program fails."""
        texts = [candidate.text for candidate in batch]
        limit = None if patient else self._first_limit
        found = self._screen(texts, self.tests[:1], limit, deadline)
        return [
            batch[index] for index in sorted(index for index, one in found if one in _PROMISING)
        ]

    def helped(self, tried: Sequence[Candidate], deadline: float) -> list[Candidate]:
        """Return the candidates that pass another test which the user's program fails."""
        texts = [candidate.text for candidate in tried]
        for test in self._failing[1:_HELPED]:
            found = self._screen(texts, [test], self._screen_limit, deadline)
            passing = sorted(index for index, one in found if one is Screening.PASSES)
            if passing:
                return [tried[index] for index in passing]
        return []

    def most_passing(
        self, some: Sequence[Candidate], most: int, deadline: float
    ) -> list[Candidate]:
        """Return the candidates that pass most of the first few tests."""
        passed: dict[int, int] = dict.fromkeys(range(len(some)), 0)
        texts = [candidate.text for candidate in some]
        for test in self.tests[1:_FEW]:
            found = self._screen(texts, [test], self._screen_limit, deadline)
            for index, one in found:
                passed[index] += one is Screening.PASSES
        ranked = sorted(passed, key=lambda index: -passed[index])
        return [some[index] for index in ranked[:most]]

    def which_pass(
        self, texts: Sequence[str], deadline: float, *, patient: bool = False
    ) -> list[int]:
        """Return the indices of the programs that seem to pass all tests, in no long time."""
        self._check()
        limit = None if patient else self._screen_limit
        new = [
            index
            for index, text in enumerate(texts)
            if text not in self._wrong and text not in self._right
        ]
        screened = self._screen([texts[index] for index in new], self.tests, limit, deadline)
        found = {new[place]: one for place, one in screened}
        self._wrong.update(texts[index] for index, one in found.items() if one is Screening.FAILS)
        doubtful = [index for index, one in found.items() if one is Screening.UNKNOWN]
        hasty = self._limited(max(self._limit, self._patient_limit) if patient else self._limit)
        judged = self._judge.judge_all(
            [texts[index] for index in doubtful], hasty, self.tests, deadline=deadline
        )
        passing = [index for index, one in found.items() if one is Screening.PASSES]
        passing += [doubtful[place] for place, one in judged if one.accepted]
        self._right.update(texts[index] for index in passing)
        return [index for index, text in enumerate(texts) if text in self._right]

    def passes(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests, within the hasty time limit."""
        return bool(self.which_pass([text], deadline))

    def adopted(self, texts: Sequence[str], most: int, deadline: float) -> list[int]:
        """Return the indices of programs that pass, of some that are right in their own names.

        A few tests tell that. Other candidates then may be as slow as the first of these.
        """
        self._check()
        hurried = self._limited(self._screen_limit)
        steps = self._steps  # may have to be waited for, which is no part of the time for this
        now = time.monotonic()
        until = now + _FOR_ADOPTION * (deadline - now)
        passing = self._passing_some(texts, most, hurried, steps, until)
        if passing:
            return passing[:most]
        passing = self._passing_some(texts, most, self._problem, {}, until)
        while passing:
            judgement = self._judge.judge(
                texts[passing[0]],
                self._problem,
                self._decisive,
                stop_at_failure=True,
                deadline=deadline,
            )
            if judgement.accepted:
                self._certain.add(texts[passing[0]])
                slowest = max(run.run.seconds for run in judgement.runs)
                self._limit = max(self._limit, 2 * slowest)
                self._screen_limit = max(self._screen_limit, 2 * slowest)
                self._first_limit = max(self._first_limit, 2 * slowest)
                self._steps = {}
                break
            del passing[0]
        return passing[:most]

    def _passing_some(
        self,
        texts: Sequence[str],
        most: int,
        problem: Problem,
        steps: Mapping[str, int],
        until: float,
    ) -> list[int]:
        """Return the indices of the first programs that may pass the decisive tests."""
        passing: list[int] = []
        for start in range(0, len(texts), most):
            some = texts[start : start + most]
            found = self._judge.screen(some, problem, self._decisive, steps=steps, deadline=until)
            passing += sorted(start + index for index, one in found if one in _PROMISING)
            if len(passing) >= most or time.monotonic() > until:
                break
        return passing

    def refuted(self, text: str, deadline: float) -> bool:
        """Whether a program fails one more test; if so, that is among the tests from now on."""
        self._check()
        test = self._refutation(text, deadline)
        if test is not None and test not in self.tests:
            self.tests.insert(0, test)
            self._right.clear()
        return test is not None

    def _screen(
        self, texts: Sequence[str], tests: Sequence[Test], limit: float | None, deadline: float
    ) -> Iterator[tuple[int, Screening]]:
        """Run programs for so many seconds a test, and no more lines than seem right; or longer."""
        if limit is None:
            patient = self._limited(self._patient_limit)
            return self._judge.screen(texts, patient, tests, deadline=deadline)
        hurried = self._limited(limit)
        return self._judge.screen(texts, hurried, tests, steps=self._steps, deadline=deadline)

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise CancelledError

    def confirms(self, text: str, deadline: float) -> bool:
        """Whether a program certainly passes all tests, under the problem's own limits.

        A process of its own for each test decides on those that the user's program was run on,
        and one for all on tests of our own making.
        """
        if text in self._certain:
            return True
        further = [test for test in self.tests if test not in self._shown]
        if not self._accepts(text, self._shown, deadline):
            return False
        alone = self._judge.screen([text], self._problem, further, deadline=deadline)
        return (
            not further
            or all(found is Screening.PASSES for _, found in alone)
            or self._accepts(text, further, deadline)
        )

    def _accepts(self, text: str, tests: Sequence[Test], deadline: float) -> bool:
        return self._judge.judge(
            text, self._problem, tests, stop_at_failure=True, deadline=deadline
        ).accepted

    def _limited(self, seconds: float) -> Problem:
        return self._problem.model_copy(
            update={"time_limit_s": min(self._problem.time_limit_s, seconds)}
        )


def quickest(runs: Sequence[TestRun]) -> list[TestRun]:
    """Return runs, the quickest first; those that are all quick in the order of their tests."""
    return sorted(runs, key=lambda run: max(run.run.seconds, _QUICK_S))


def _steps(traced: Sequence[TestRun], further: Sequence[Test]) -> dict[str, int]:
    """Return how many lines a candidate may execute, for those tests of which that is known.

    Where the program fails, it may have ended early: it is as many as on the largest test then.
    `further` tests are hardly larger.
    """
    counts = {run.test.name: sum((run.run.lines or {}).values()) for run in traced}
    most = max((counts[run.test.name] for run in traced if run.verdict in _ENDED), default=0)
    lines = {
        run.test.name: counts[run.test.name] if run.verdict is Verdict.ACCEPTED else most
        for run in traced
    }
    lines |= dict.fromkeys((test.name for test in further), _LARGER * most)
    steps = {name: max(_LEAST_STEPS, _MORE_STEPS * count) for name, count in lines.items()}
    return {name: count for name, count in steps.items() if count <= _COUNTABLE_STEPS}
