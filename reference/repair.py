"""The loop: run the tests, propose, verify, minimise, rank, within a time budget."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from reference.edits import Program, SourceText, apply_edits, trimmed
from reference.judge import Judge, Judgement, TestRun
from reference.localise import suspicion
from reference.minimise import minimise
from reference.propose import Candidate
from reference.propose.mutations import propose_mutations
from reference.protocol import (
    EngineInfo,
    Failure,
    Fix,
    Problem,
    RepairOptions,
    RepairReport,
    Suspect,
    Test,
    TestSummary,
    Verdict,
)
from reference.rules import classify

_BATCH = 96  # candidates judged together
_AFTERWARDS = 192  # candidates tried after the first that passes, for a likelier alternative
_SUSPECTS = 5
_SHOWN = 2000  # characters of a test that a report carries
_RESERVE = 0.15  # share of the time budget kept for minimising


@dataclass(frozen=True, slots=True)
class _Task:
    """What a repair works on."""

    text: SourceText
    program: Program
    problem: Problem
    options: RepairOptions
    deadline: float


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

    def repair(self, code: str, problem: Problem, options: RepairOptions) -> RepairReport:
        """Judge a program and look for the smallest edits that make it pass."""
        start = time.monotonic()
        text = SourceText(code)
        if not options.verify:
            return self._report(start, Verdict.NOT_JUDGED, 0, reason="Running was not allowed.")
        judgement = self._judge.judge(
            text.text, problem, trace=True, deadline=start + options.time_budget_s
        )
        judged = time.monotonic()
        timings = {"judge": judged - start}
        summary = TestSummary(
            passed=judgement.passed, total=judgement.total, first_failure=_failure(judgement)
        )
        if judgement.verdict in (Verdict.ACCEPTED, Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR):
            suspects = _raised(text, judgement)
            return self._report(
                start, judgement.verdict, summary, judgement.reason, suspects, timings=timings
            )
        try:
            program = Program(text.text)
        except SyntaxError as error:  # it ran, but is too deeply nested for this process
            return self._report(start, judgement.verdict, summary, str(error), timings=timings)
        task = _Task(text, program, problem, options, start + options.time_budget_s)
        lines = suspicion(program, judgement.runs)
        fixes = self._fixes(task, judgement, lines, timings) if options.max_fixes else []
        return self._report(
            start,
            judgement.verdict,
            summary,
            suspects=_suspects(text, lines),
            fixes=fixes,
            timings=timings,
        )

    def _fixes(
        self,
        task: _Task,
        judgement: Judgement,
        lines: dict[int, float],
        timings: dict[str, float],
    ) -> list[Fix]:
        start = time.monotonic()
        trial = _Trial(self._judge, task.problem, judgement.runs)
        until = task.deadline - _RESERVE * task.options.time_budget_s
        found: list[Candidate] = []
        candidates = propose_mutations(task.program, task.problem, lines)
        for candidate in trial.passing(candidates, until):
            found.append(candidate)
            if len(found) >= task.options.max_fixes:
                break
        searched = time.monotonic()
        timings["search"] = searched - start
        fixes: list[Fix] = []
        for candidate in found:
            small = _minimised(task.program, candidate, trial, task.deadline)
            if trial.confirms(small.text, task.deadline):
                fixes.append(_fix(task, small, len(fixes)))
        timings["minimise"] = time.monotonic() - searched
        return fixes

    def _report(
        self,
        start: float,
        verdict: Verdict,
        tests: TestSummary | int,
        reason: str | None = None,
        suspects: Sequence[Suspect] = (),
        fixes: Sequence[Fix] = (),
        timings: dict[str, float] | None = None,
    ) -> RepairReport:
        spent = {**(timings or {}), "total": time.monotonic() - start}
        return RepairReport(
            verdict=verdict,
            reason=reason,
            tests=tests if isinstance(tests, TestSummary) else TestSummary(passed=0, total=tests),
            suspects=tuple(suspects),
            fixes=tuple(fixes),
            engine=self._info,
            timings_ms={stage: round(seconds * 1000, 1) for stage, seconds in spent.items()},
        )


class _Trial:
    """Judges candidates quickly: failing tests first, with a time limit from what is usual.

    Parameters
    ----------
    runs
        Of the user's program on all tests.
    """

    def __init__(self, judge: Judge, problem: Problem, runs: Sequence[TestRun]) -> None:
        self._judge = judge
        self._problem = problem
        ordered = sorted(runs, key=lambda run: (run.verdict is Verdict.ACCEPTED, run.run.seconds))
        self._tests = [run.test for run in ordered]
        passing = [run.run.seconds for run in runs if run.verdict is Verdict.ACCEPTED]
        usual = max(passing, default=0.1)
        limit = min(problem.time_limit_s, max(0.2, 10 * usual))
        self._hasty = problem.model_copy(update={"time_limit_s": limit})

    def passing(self, candidates: Iterator[Candidate], deadline: float) -> Iterator[Candidate]:
        """Yield the candidates that pass all tests, in their order, batch by batch."""
        left: int | None = None
        while time.monotonic() < deadline:
            batch = list(islice(candidates, _BATCH))
            if not batch:
                return
            judged = self._judge.judge_all(
                [candidate.text for candidate in batch],
                self._hasty,
                self._tests,
                deadline=deadline,
            )
            good = sorted(index for index, judgement in judged if judgement.accepted)
            for index in good:
                yield batch[index]
            if good and left is None:
                left = _AFTERWARDS
            if left is not None:
                left -= len(batch)
                if left < 0:
                    return

    def passes(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests, within the hasty time limit."""
        return self._judge.judge(
            text, self._hasty, self._tests, stop_at_failure=True, deadline=deadline
        ).accepted

    def confirms(self, text: str, deadline: float) -> bool:
        """Whether a program passes all tests under the problem's own limits."""
        return self._judge.judge(
            text, self._problem, self._tests, stop_at_failure=True, deadline=deadline
        ).accepted


def _minimised(program: Program, candidate: Candidate, trial: _Trial, deadline: float) -> Candidate:
    if len(candidate.edits) < 2:
        return candidate
    edits = minimise(
        candidate.edits,
        lambda part: trial.passes(apply_edits(program.text, part), deadline),
    )
    text = apply_edits(program.text, edits)
    return Candidate(text, tuple(edits), candidate.source, candidate.score)


def _fix(task: _Task, candidate: Candidate, rank: int) -> Fix:
    finding = classify(task.program, Program(candidate.text))
    total = len(task.problem.tests)
    return Fix(
        edits=task.text.edits([trimmed(task.program.text, edit) for edit in candidate.edits]),
        range=task.text.range(*finding.span),
        rule=finding.rule,
        message=finding.message(task.options.locale),
        source=candidate.source,
        verified=True,
        passed=total,
        total=total,
        confidence=_confidence(rank, total),
        diff=task.text.diff(candidate.text),
    )


def _confidence(rank: int, tests: int) -> float:
    """How likely a fix that passes `tests` tests is right; later ones are less likely."""
    return round((tests / (tests + 1.5)) / (rank + 1), 2)


def _failure(judgement: Judgement) -> Failure | None:
    for run in judgement.runs:
        if run.verdict is not Verdict.ACCEPTED:
            return _described(run.test, run)
    return None


def _described(test: Test, run: TestRun) -> Failure:
    return Failure(
        test=test.name,
        verdict=run.verdict,
        input=_cut(test.input),
        expected=_cut(test.output),
        actual=_cut(run.run.output),
        stderr=_cut(run.run.stderr),
        line=run.run.line,
    )


def _cut(text: str) -> str:
    if len(text) <= _SHOWN:
        return text
    half = _SHOWN // 2
    return f"{text[:half]}\n… {len(text) - _SHOWN} characters more …\n{text[-half:]}"


def _raised(text: SourceText, judgement: Judgement) -> list[Suspect]:
    lines = [run.run.line for run in judgement.runs if run.run.line is not None]
    return [Suspect(range=text.line_range(line), score=1.0) for line in lines[:1]]


def _suspects(text: SourceText, lines: dict[int, float]) -> list[Suspect]:
    ranked = sorted(lines.items(), key=lambda pair: (-pair[1], pair[0]))[:_SUSPECTS]
    return [
        Suspect(range=text.line_range(line - 1), score=round(score, 3)) for line, score in ranked
    ]
