"""One program on one worker: its runs, and their verdicts."""

import functools
import json
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference.judge.compare import decode, texts_agree, values_agree
from reference.judge.inside.counting import ENOUGH
from reference.judge.inside.ledger import Ending
from reference.judge.inside.values import checksum, serialised
from reference.judge.outcome import Judgement, Run, Screening, TestRun
from reference.judge.worker import (
    Attempt,
    Limits,
    Outcome,
    OutOfTime,
    Program,
    SyntaxFault,
    Worker,
    WorkerLost,
)
from reference.protocol import CheckerKind, Entry, Problem, Test, Verdict

OUTPUT_BYTES = 1 << 20
HASTE = 0.1  # share of the time limit that a program has which exceeded it once
TRACE_SECONDS = 2.0  # what counting the lines of a run may add to its time
CHECKER_LIMITS = Limits(cpu_s=10, wall_s=20, memory_bytes=1 << 30, output_bytes=OUTPUT_BYTES)

NO_MODULE = "The module {module} is not installed here."
SEVERAL_ANSWERS = (
    "More than one answer is right for this problem, and it has no checker program that tells."
)
OUT_OF_TIME = "The time budget was spent before every test had been run."


class _ProblemFault(Exception):  # noqa: N818
    """The problem itself is wrong, so that nothing can be judged by it."""


class Session:
    """The use of a worker for programs of one problem.

    Parameters
    ----------
    expected
        Values that tests expect, by prelude and expression: evaluated once, kept by the caller.
    deadline
        As of `time.monotonic()`.
    """

    def __init__(
        self,
        worker: Worker,
        problem: Problem,
        expected: dict[tuple[str, str], Any],
        deadline: float | None,
    ) -> None:
        self._worker = worker
        self._problem = problem
        self._expected = expected
        self._otherwise = Verdict.WRONG_ANSWER if problem.checker.unique else Verdict.NOT_JUDGED
        self._deadline = deadline

    def judge(
        self, source: str, tests: Sequence[Test], *, stop_at_failure: bool, trace: bool
    ) -> Judgement:
        """Run a program on tests and compare."""
        program = self.program(source)
        runs: list[TestRun] = []
        verdict = Verdict.ACCEPTED
        reason = None
        try:
            for test in tests:
                slow = any(run.verdict is Verdict.TIME_LIMIT for run in runs)
                share = HASTE if slow else 1.0
                run, value = self.run(
                    program, test.input, len(test.output), trace=trace, share=share
                )
                if run.missing_module is not None:
                    verdict = Verdict.NOT_JUDGED
                    reason = NO_MODULE.format(module=run.missing_module)
                    break
                outcome = run.verdict
                if outcome is Verdict.ACCEPTED and not self._passes(test, run, value):
                    outcome = self._otherwise
                runs.append(TestRun(test, outcome, run))
                if outcome is Verdict.ACCEPTED:
                    continue
                if verdict in (Verdict.ACCEPTED, Verdict.NOT_JUDGED):
                    verdict = outcome
                if stop_at_failure or outcome is Verdict.SYNTAX_ERROR:
                    break
        except OutOfTime:
            # A failure found before is a failure, whatever the other tests would have shown.
            if verdict is Verdict.ACCEPTED:
                verdict, reason = Verdict.NOT_JUDGED, OUT_OF_TIME
        except _ProblemFault as fault:
            verdict, reason = Verdict.NOT_JUDGED, str(fault)
        if verdict is Verdict.NOT_JUDGED and reason is None:
            reason = SEVERAL_ANSWERS
        return Judgement(verdict, runs, len(tests), reason)

    def program(self, source: str) -> Program:
        """Return `source` as this problem runs it."""
        function = self._problem.entry is Entry.FUNCTION
        return Program(source, self._problem.prelude if function else "", function)

    def run(
        self,
        program: Program,
        text: str,
        output_size: int = 0,
        *,
        trace: bool = False,
        share: float = 1.0,
    ) -> tuple[Run, Any]:
        """Run a program once; return also the value of a function entry.

        Parameters
        ----------
        output_size
            Characters that a right answer has; it may raise the limit of what is printed.
        share
            Of the time limit.

        Raises
        ------
        OutOfTime
            If the deadline came first.
        """
        limits = _limits(self._problem, output_size, trace, share)
        try:
            outcome = self._execute("program", program, text, limits, trace)
        except WorkerLost as error:
            return Run(Verdict.RUNTIME_ERROR, "", f"{error}\n", 0.0), None
        return _read(outcome, program, limits)

    def screen(
        self, sources: Sequence[str], tests: Sequence[Test], steps: Mapping[str, int]
    ) -> list[Screening]:
        """Return what one process shows of programs: of the first few, and of one at least.

        Raises
        ------
        OutOfTime
            If the deadline came first.
        """
        if not hasattr(os, "memfd_create"):  # input and output of one process for many programs
            return [Screening.UNKNOWN] * len(sources)
        limits = _limits(self._problem, max(len(test.output) for test in tests))
        found: list[Screening] = []
        try:
            attempts = self._worker.screen(
                sources,
                self.program(""),
                [test.input for test in tests],
                [self._checksum(test) for test in tests],
                limits,
                steps=[steps.get(test.name) for test in tests],
                deadline=self._deadline,
            )
            while attempts and len(found) < len(sources):
                made = list(_first_program(attempts, len(tests)))
                del attempts[: len(made)]
                screening = self._screening(made, tests)
                if screening is Screening.PASSES and len(made) < len(tests):
                    if found and made[-1].ending is Ending.WELL:
                        break  # it comes again, in a process that it has not ended yet
                    screening = Screening.UNKNOWN
                found.append(screening)
        except (WorkerLost, _ProblemFault):
            return [Screening.UNKNOWN] * len(sources)
        return found

    def _screening(self, attempts: Sequence[Attempt], tests: Sequence[Test]) -> Screening:
        """Return what the attempts at some tests say; `PASSES` of these tests alone."""
        found = Screening.PASSES
        for attempt, test in zip(attempts, tests, strict=False):
            if attempt.ending is Ending.CUT:
                return Screening.SLOW
            if attempt.ending is Ending.BADLY:
                return Screening.FAILS
            if attempt.ending is Ending.UNKNOWN or (
                self._problem.checker.kind is CheckerKind.PROGRAM
            ):
                found = Screening.UNKNOWN
            elif not self._is_right(attempt.output, test):
                return Screening.FAILS
        return found

    def _checksum(self, test: Test) -> int | None:
        """Return the checksum of what is surely right for a test."""
        if self._problem.checker.kind is CheckerKind.PROGRAM:
            return None
        if self._problem.entry is Entry.FUNCTION:
            return checksum(serialised(self._expected_value(test)))
        return checksum(test.output.encode())

    def _is_right(self, output: bytes, test: Test) -> bool:
        checker = self._problem.checker
        if self._problem.entry is Entry.FUNCTION:
            try:
                value = decode(json.loads(output))
            except (ValueError, RecursionError):
                return False
            return values_agree(value, self._expected_value(test), checker)
        return texts_agree(output.decode("utf-8", "replace"), test.output, checker)

    def _execute(
        self, slot: str, program: Program, text: str, limits: Limits, trace: bool = False
    ) -> Outcome | SyntaxFault:
        return self._worker.run(slot, program, text, limits, trace=trace, deadline=self._deadline)

    def _passes(self, test: Test, run: Run, value: Any) -> bool:
        checker = self._problem.checker
        if checker.kind is CheckerKind.PROGRAM:
            return self._checker_accepts(test, run.output)
        if self._problem.entry is Entry.FUNCTION:
            return values_agree(value, self._expected_value(test), checker)
        return texts_agree(run.output, test.output, checker)

    def _checker_accepts(self, test: Test, output: str) -> bool:
        text = json.dumps({"input": test.input, "expected": test.output, "actual": output})
        program = _checker(self._problem.checker.program or "")
        fault = f"The problem's checker failed on test {test.name}"
        try:
            outcome = self._execute("checker", program, text, CHECKER_LIMITS)
        except WorkerLost as error:
            raise _ProblemFault(f"{fault}: {error}") from error
        if isinstance(outcome, SyntaxFault):
            raise _ProblemFault(f"{fault}: {outcome.message}")
        if outcome.cut or outcome.status:
            stderr = outcome.stderr.decode("utf-8", "replace")
            raise _ProblemFault(f"{fault}: {outcome.cut or stderr}")
        first, _, _ = outcome.stdout.decode("utf-8", "replace").partition("\n")
        return first.strip() == "accepted"

    def _expected_value(self, test: Test) -> Any:
        """Evaluate what a test expects, apart from the program, which must not see it."""
        key = (self._problem.prelude, test.output)
        if key not in self._expected:
            alone = self.program("")
            limits = _limits(self._problem)
            try:
                outcome = self._execute("expected", alone, test.output, limits)
                run, value = _read(outcome, alone, limits)
                wrong = "" if run.verdict is Verdict.ACCEPTED else run.stderr or run.verdict.value
            except WorkerLost as error:
                wrong = str(error)
            if wrong:
                raise _ProblemFault(f"The output of test {test.name} has no value: {wrong}")
            self._expected[key] = value
        return self._expected[key]


def joined(parts: Sequence[Judgement], total: int, stop_at_failure: bool) -> Judgement:
    """Return what is known of a program of which several workers judged some tests each."""
    runs = [run for part in parts for run in part.runs]
    for part in parts:
        # Every worker saw the same fault of the program as a whole, or of the problem.
        fault = part.reason not in (None, OUT_OF_TIME, SEVERAL_ANSWERS)
        if fault or part.verdict is Verdict.SYNTAX_ERROR:
            return replace(part, total=total)
    known = (Verdict.ACCEPTED, Verdict.NOT_JUDGED)
    failure = next((n for n, run in enumerate(runs) if run.verdict not in known), None)
    if failure is not None:
        end = failure + 1 if stop_at_failure else None
        return Judgement(runs[failure].verdict, runs[:end], total)
    reason = next((part.reason for part in parts if part.reason is not None), None)
    return Judgement(Verdict.NOT_JUDGED if reason else Verdict.ACCEPTED, runs, total, reason)


def _first_program(attempts: Sequence[Attempt], tests: int) -> Iterator[Attempt]:
    """Yield the attempts of the first of some programs."""
    for attempt in attempts[:tests]:
        yield attempt
        if attempt.ending is not Ending.WELL:
            return


def _read(outcome: Outcome | SyntaxFault, program: Program, limits: Limits) -> tuple[Run, Any]:
    if isinstance(outcome, SyntaxFault):
        return Run(Verdict.SYNTAX_ERROR, "", outcome.message, 0.0, outcome.line), None
    report = _report(outcome.report)
    output = outcome.stdout.decode("utf-8", "replace")
    stderr = outcome.stderr.decode("utf-8", "replace")
    verdict = _verdict(outcome, report, limits)
    value = None
    if program.function:
        output = str(report.get("repr", ""))
        if verdict is Verdict.ACCEPTED:
            try:
                value = decode(report.get("value", ()))
            except (ValueError, RecursionError):
                verdict = Verdict.RUNTIME_ERROR
                stderr += "There is no value to compare.\n"
    if outcome.cut is None and os.WIFSIGNALED(outcome.status):
        stderr += f"{signal.strsignal(os.WTERMSIG(outcome.status))}\n"
    line, missing = report.get("line"), report.get("missing")
    run = Run(
        verdict,
        output,
        stderr,
        outcome.seconds,
        line=line if isinstance(line, int) and line >= 0 else None,
        missing_module=missing if isinstance(missing, str) else None,
        lines=outcome.lines,
    )
    return run, value


def _report(data: bytes) -> dict[str, Any]:
    try:
        report = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}


def _verdict(outcome: Outcome, report: dict[str, Any], limits: Limits) -> Verdict:
    if outcome.cut is not None:
        return Verdict.OUTPUT_LIMIT if outcome.cut == "output" else Verdict.TIME_LIMIT
    if os.WIFSIGNALED(outcome.status) and os.WTERMSIG(outcome.status) == signal.SIGXCPU:
        return Verdict.TIME_LIMIT
    if outcome.lines is not None and os.waitstatus_to_exitcode(outcome.status) == ENOUGH:
        return Verdict.TIME_LIMIT
    if report.get("memory") or outcome.resident_bytes > limits.memory_bytes:
        return Verdict.MEMORY_LIMIT
    return Verdict.ACCEPTED if outcome.status == 0 else Verdict.RUNTIME_ERROR


def _limits(
    problem: Problem, output_size: int = 0, trace: bool = False, share: float = 1.0
) -> Limits:
    cpu = share * problem.time_limit_s + (TRACE_SECONDS if trace else 0.0)
    output = max(OUTPUT_BYTES, 4 * output_size)  # a character has four bytes at most
    # A busy machine must not turn into a verdict: wall time only ends programs that wait.
    return Limits(cpu, 5 * cpu + 1.0, problem.memory_limit_mib << 20, output)


@functools.lru_cache(maxsize=64)
def _checker(source: str) -> Program:
    return Program(source)
