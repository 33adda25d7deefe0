"""One repair: judge, ask accepted programs, localise, search, report."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from reference.edits import Program, SourceText
from reference.judge import Judge, TestRun
from reference.localise import suspicion
from reference.propose.model import propose_written
from reference.propose.peers import PeerIndexes
from reference.protocol import (
    EngineInfo,
    Fix,
    Problem,
    RepairOptions,
    RepairReport,
    Suspect,
    Test,
    TestSummary,
    Verdict,
)
from reference.reasons import NOT_ALLOWED, OTHER_ANSWERS, TOO_DEEP
from reference.repair import report
from reference.repair.search import Search
from reference.repair.trial import Trial, quickest
from reference.witness import Oracle

if TYPE_CHECKING:
    from reference.model import RepairModel

_FOR_TESTS = 0.5  # share of the time budget after which the search begins
_DEEPEST = 200  # nodes inside one another; each costs a few calls of the interpreter's limit
_TRACED = 4  # failing runs whose lines are counted, and half of the passing ones


class Repairer:
    """Repairs programs.

    Parameters
    ----------
    judge
        Decides which candidates are right.
    info
        What reports say about who made them.
    model
        Proposes what neither accepted programs nor mutations do.
    """

    def __init__(self, judge: Judge, info: EngineInfo, model: "RepairModel | None" = None) -> None:
        self._judge = judge
        self._info = info
        self._model = model
        self._oracle = Oracle(judge)
        self._indexes = PeerIndexes()

    def repair(
        self, code: str, problem: Problem, options: RepairOptions, cancelled: threading.Event
    ) -> RepairReport:
        """Judge a program and look for the smallest edits that make it pass.

        Raises
        ------
        CancelledError
            If `cancelled` was set meanwhile.
        """
        clock = _Clock(options.time_budget_s)
        text = SourceText(code)
        if not options.verify:
            nothing = TestSummary(passed=0, total=0)
            fixes = self._unverified(text, problem, options, clock)
            return self._report(clock, Verdict.NOT_JUDGED, nothing, NOT_ALLOWED, fixes=fixes)
        judged = self._judged(text.text, problem, clock)
        clock.lap("judge")
        if judged.verdict in (Verdict.ACCEPTED, Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR):
            places = report.raised(text, judged.runs)
            fixes = [] if problem.tests else self._unverified(text, problem, options, clock)
            return self._report(clock, judged.verdict, judged.summary, judged.reason, places, fixes)
        try:
            program = Program(text.text)
        except SyntaxError as error:  # it ran, but is too deeply nested for this process
            return self._report(clock, judged.verdict, judged.summary, str(error))
        if program.depth > _DEEPEST:
            return self._report(clock, judged.verdict, judged.summary, TOO_DEEP)
        with ThreadPoolExecutor(1) as background:
            # What accepted programs or the model suggest can be written down meanwhile.
            traced = background.submit(self._traced, program, problem, judged.runs, clock)
            lines = background.submit(lambda: suspicion(program, traced.result()))
            fixes = []
            if options.max_fixes:
                trial = self._trial(problem, judged, traced, cancelled)
                search = self._search(program, problem, judged, trial, lines, clock)
                for candidate in search.fixes(options.max_fixes):
                    one = report.fix(
                        text,
                        program,
                        candidate,
                        tests=len(trial.tests),
                        rank=len(fixes),
                        locale=options.locale,
                    )
                    fixes.append(one)
                clock.lap("search")
            places = report.suspects(text, lines.result())
        return self._report(clock, judged.verdict, judged.summary, None, places, fixes)

    def _trial(
        self,
        problem: Problem,
        judged: "_Judged",
        traced: Future[Sequence[TestRun]],
        cancelled: threading.Event,
    ) -> Trial:
        def refutation(candidate: str, deadline: float) -> Test | None:
            return self._oracle.refutation(candidate, problem, deadline)

        return Trial(
            self._judge, problem, judged.runs, judged.further, refutation, traced, cancelled
        )

    def _search(
        self,
        program: Program,
        problem: Problem,
        judged: "_Judged",
        trial: Trial,
        lines: Future[dict[int, float]],
        clock: "_Clock",
    ) -> Search:
        ask = None
        if self._model is not None:
            failure = judged.summary.first_failure
            ask = partial(propose_written, program, problem, failure, self._model)
        index = self._indexes.get(problem)
        return Search(program, problem, trial, index, lines, clock.deadline, ask)

    def _unverified(
        self, text: SourceText, problem: Problem, options: RepairOptions, clock: "_Clock"
    ) -> list[Fix]:
        """Return what the model would change, without a test, if it is sure enough."""
        model = self._model
        if model is None or model.calibration is None or not options.max_fixes:
            return []
        try:
            program = Program(text.text)
        except SyntaxError:
            return []
        log_odds = model.suspect(program.text, problem)
        if log_odds is None or not log_odds >= model.calibration.least_log_odds:
            return []
        confidence = model.calibration.probability(log_odds)
        written = propose_written(program, problem, None, model, clock.deadline)
        return [
            report.unverified(
                text, program, candidate, confidence=confidence, locale=options.locale
            )
            for candidate in islice(written, 1)
        ]

    def _judged(self, program: str, problem: Problem, clock: "_Clock") -> "_Judged":
        given = self._judge.judge(program, problem, deadline=clock.deadline)
        summary = report.summary(given)
        if given.verdict in (Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR):
            return _Judged(given.verdict, summary, given.runs, given.reason)
        runs = list(given.runs)
        failing = [run.test for run in runs if run.verdict is Verdict.WRONG_ANSWER]
        doubtful = self._oracle.doubtful(problem, failing, clock.share(_FOR_TESTS))
        if doubtful:
            runs = [run for run in runs if run.test.name not in doubtful]
            if all(run.verdict is Verdict.ACCEPTED for run in runs):
                return _Judged(Verdict.NOT_JUDGED, summary, runs, OTHER_ANSWERS)
            summary = report.summary(replace(given, runs=runs, total=len(runs)))
        until = clock.share(_FOR_TESTS)
        if summary.first_failure is not None:
            further = self._oracle.checks(problem, until)
            return _Judged(summary.first_failure.verdict, summary, runs, further=further)
        more = self._oracle.witnesses(program, problem, until)
        if more:
            summary = report.with_witness(summary, more)
            runs += more
        failures = (run.verdict for run in runs if run.verdict is not Verdict.ACCEPTED)
        return _Judged(next(failures, Verdict.ACCEPTED), summary, runs)

    def _traced(
        self, program: Program, problem: Problem, runs: Sequence[TestRun], clock: "_Clock"
    ) -> Sequence[TestRun]:
        """Trace quick runs, of both kinds; return them with the verdicts known before."""
        quick = quickest(runs)
        failing = [run.test for run in quick if run.verdict is not Verdict.ACCEPTED]
        passing = [run.test for run in quick if run.verdict is Verdict.ACCEPTED]
        tests = failing[:_TRACED] + passing[: 2 * _TRACED]
        known = {run.test.name: run.verdict for run in runs}
        traced = self._judge.judge(
            program.text, problem, tests, trace=True, deadline=clock.share(_FOR_TESTS)
        )
        return [replace(run, verdict=known[run.test.name]) for run in traced.runs]

    def _report(
        self,
        clock: "_Clock",
        verdict: Verdict,
        tests: TestSummary,
        reason: str | None = None,
        suspects: Sequence[Suspect] = (),
        fixes: Sequence[Fix] = (),
    ) -> RepairReport:
        return RepairReport(
            verdict=verdict,
            reason=reason,
            tests=tests,
            suspects=tuple(suspects),
            fixes=tuple(fixes),
            engine=self._info,
            timings_ms=clock.timings(),
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the tests say; `summary` counts the given ones.

    `further` are tests of our own making that were not run: the program is wrong anyway.
    """

    verdict: Verdict
    summary: TestSummary
    runs: Sequence[TestRun]
    reason: str | None = None
    further: Sequence[Test] = ()


class _Clock:
    """The time budget, and what it was spent on."""

    def __init__(self, budget_s: float) -> None:
        self._budget_s = budget_s
        self._start = self._lap = time.monotonic()
        self._spent: dict[str, float] = {}
        self.deadline = self._start + budget_s

    def share(self, part: float) -> float:
        """Return the time at which a part of the budget is spent."""
        return self._start + part * self._budget_s

    def lap(self, stage: str) -> None:
        """Note the time since the last lap."""
        now = time.monotonic()
        self._spent[stage] = now - self._lap
        self._lap = now

    def timings(self) -> dict[str, float]:
        """Return the milliseconds of each stage and in all."""
        spent = {**self._spent, "total": time.monotonic() - self._start}
        return {stage: round(seconds * 1000, 1) for stage, seconds in spent.items()}
