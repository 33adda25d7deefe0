import time
from collections.abc import Sequence

from reference.edits import Program, SourceText
from reference.judge import Judge, Judgement, TestRun
from reference.localise import suspicion
from reference.propose.peers import PeerIndexes
from reference.protocol import (
    EngineInfo,
    Fix,
    Problem,
    RepairOptions,
    RepairReport,
    Suspect,
    TestSummary,
    Verdict,
)
from reference.repair import report
from reference.repair.search import Search
from reference.repair.trial import Trial
from reference.witness import Oracle, Testimony

_FOR_TESTS = 0.5  # share of the time budget that finding further tests may take
_NO_SINGLE_ANSWER = (
    "More than one answer is right for this problem: its accepted programs print others than its "
    "tests expect. It needs a checker program."
)


class Repairer:
    """Repairs programs.

    Parameters
    ----------
    judge
        Decides which candidates are right.
    info
        What reports say about who made them.
    """

    def __init__(self, judge: Judge, info: EngineInfo) -> None:
        self._judge = judge
        self._info = info
        self._oracle = Oracle(judge)
        self._indexes = PeerIndexes()

    def repair(self, code: str, problem: Problem, options: RepairOptions) -> RepairReport:
        """Judge a program and look for the smallest edits that make it pass."""
        clock = _Clock(options.time_budget_s)
        text = SourceText(code)
        if not options.verify:
            nothing = TestSummary(passed=0, total=0)
            return self._report(clock, Verdict.NOT_JUDGED, nothing, "Running was not allowed.")
        testimony = self._oracle.testimony(problem, clock.share(_FOR_TESTS))
        if problem.tests and not testimony.given:
            total = TestSummary(passed=0, total=len(problem.tests))
            return self._report(clock, Verdict.NOT_JUDGED, total, _NO_SINGLE_ANSWER)
        judgement, runs, found = self._judged(text.text, problem, testimony, clock)
        clock.lap("judge")
        summary = report.summary(judgement)
        if found:
            witness = report.failure(found, found=True)
            summary = TestSummary(passed=summary.passed, total=summary.total, first_failure=witness)
        verdict = found.verdict if found else judgement.verdict
        if verdict in (Verdict.ACCEPTED, Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR):
            places = report.raised(text, judgement.runs)
            return self._report(clock, verdict, summary, judgement.reason, places)
        try:
            program = Program(text.text)
        except SyntaxError as error:  # it ran, but is too deeply nested for this process
            return self._report(clock, verdict, summary, str(error))
        lines = suspicion(program, runs)
        fixes: list[Fix] = []
        if options.max_fixes:
            index = self._indexes.get(problem)
            trial = Trial(self._judge, problem, runs)
            search = Search(program, problem, trial, index, lines, clock.deadline)
            for candidate in search.fixes(options.max_fixes):
                if trial.confirms(candidate.text, clock.deadline):
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
        return self._report(clock, verdict, summary, None, report.suspects(text, lines), fixes)

    def _judged(
        self, program: str, problem: Problem, testimony: Testimony, clock: "_Clock"
    ) -> tuple[Judgement, Sequence[TestRun], TestRun | None]:
        """Judge a program.

        Returns
        -------
        The judgement on the given tests, the runs on these and the found ones, and the first
        failing run where only found tests fail.
        """
        given = self._judge.judge(
            program, problem, testimony.given, trace=True, deadline=clock.deadline
        )
        if given.verdict in (Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR) or not testimony.found:
            return given, given.runs, None
        more = self._judge.judge(
            program, problem, testimony.found, trace=True, deadline=clock.deadline
        )
        if more.verdict is Verdict.NOT_JUDGED:
            return given, given.runs, None
        failing = (run for run in more.runs if run.verdict is not Verdict.ACCEPTED)
        found = next(failing, None) if given.accepted else None
        return given, [*given.runs, *more.runs], found

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
