"""The judge: programs, a problem's tests, and verdicts."""

import contextlib
import functools
import json
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from reference.judge.compare import decode, texts_agree, values_agree
from reference.judge.outcome import Judgement, Run, TestRun
from reference.judge.sandbox import Sandbox, SandboxUnavailable, candidates
from reference.judge.worker import Limits, Outcome, Program, SyntaxFault, Worker, WorkerLost
from reference.protocol import CheckerKind, Entry, Problem, Test, Verdict

OUTPUT_BYTES = 1 << 20
CHECKER_LIMITS = Limits(cpu_s=10, wall_s=20, memory_bytes=1 << 30, output_bytes=OUTPUT_BYTES)
TRACE_SECONDS = 2.0  # what counting the lines of a run may add to its time

OUT_OF_TIME = "The time budget was spent before every test had been run."
NO_TESTS = "The problem has no tests."


class _OutOfTime(Exception):  # noqa: N818
    pass


class Judge:
    """Runs programs on tests, each run confined.

    One judge serves many threads. Its sandboxed processes start when first needed and live
    until `close`.

    Parameters
    ----------
    workers
        Runs at one time; by default the number of processors this process may use.
    sandboxes
        Ways to confine a program, best first; by default what this system may have.
    """

    def __init__(
        self, workers: int | None = None, *, sandboxes: Sequence[Sandbox] | None = None
    ) -> None:
        self._size = workers or _usable_processors()
        self._candidates = list(candidates() if sandboxes is None else sandboxes)
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._workers: list[Worker] | None = None
        self._tier: str | None = None
        self._refusals: list[str] = []
        self._expected: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> "Judge":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def tier(self) -> str | None:
        """The kind of sandbox in use, found by starting one; None where nothing will run."""
        self._open()
        return self._tier

    @property
    def reason(self) -> str | None:
        """Why nothing will run, if `tier` is None."""
        self._open()
        return None if self._tier else self._unavailable()

    def judge(
        self,
        program: str,
        problem: Problem,
        tests: Sequence[Test] | None = None,
        *,
        stop_at_failure: bool = False,
        trace: bool = False,
        deadline: float | None = None,
    ) -> Judgement:
        """Run a program on tests.

        Parameters
        ----------
        tests
            By default the problem's.
        stop_at_failure
            Leave out the tests after the first that is not passed.
        trace
            Count the executed lines (`Run.lines`), for about the first million.
        deadline
            A value of `time.monotonic()`, at which the answer must come, judged or not.
        """
        chosen = problem.tests if tests is None else tests
        if not chosen:
            return _not_judged(NO_TESTS, 0)
        try:
            with self._worker(deadline) as worker:
                return self._judge(
                    worker, program, problem, chosen, stop_at_failure, trace, deadline
                )
        except _OutOfTime:
            return _not_judged(OUT_OF_TIME, len(chosen))
        except SandboxUnavailable as error:
            return _not_judged(str(error), len(chosen))

    def judge_all(
        self,
        programs: Sequence[str],
        problem: Problem,
        tests: Sequence[Test] | None = None,
        *,
        deadline: float | None = None,
    ) -> Iterator[tuple[int, Judgement]]:
        """Judge many programs, each up to its first failure, and yield them as they are done.

        Each is given by its index in `programs`. Closing the iterator ends the runs in progress.
        """
        done: queue.SimpleQueue[tuple[int, Judgement] | BaseException] = queue.SimpleQueue()
        todo = iter(range(len(programs)))
        stop = threading.Event()
        lock = threading.Lock()
        running: set[Worker] = set()
        chosen = problem.tests if tests is None else tests

        def one(index: int) -> Judgement:
            if not chosen:
                return _not_judged(NO_TESTS, 0)
            try:
                with self._worker(deadline) as worker:
                    with lock:
                        if stop.is_set():
                            raise _OutOfTime
                        running.add(worker)
                    try:
                        return self._judge(
                            worker, programs[index], problem, chosen, True, False, deadline
                        )
                    finally:
                        with lock:
                            running.discard(worker)
            except _OutOfTime:
                return _not_judged(OUT_OF_TIME, len(chosen))
            except SandboxUnavailable as error:
                return _not_judged(str(error), len(chosen))

        def work() -> None:
            try:
                while not stop.is_set():
                    with lock:
                        index = next(todo, None)
                    if index is None:
                        return
                    done.put((index, one(index)))
            except BaseException as error:
                done.put(error)

        threads = [
            threading.Thread(target=work, name="judge", daemon=True)
            for _ in range(min(self._size, len(programs)))
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in programs:
                item = done.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            with lock:
                stop.set()
                for worker in running:
                    worker.cancel()

    def run_all(
        self,
        program: str,
        problem: Problem,
        inputs: Sequence[str],
        *,
        deadline: float | None = None,
    ) -> list[Run]:
        """Run a program on inputs and compare nothing.

        Runs that the deadline or the lack of a sandbox left out have the verdict `NOT_JUDGED`,
        and the reason in `stderr`.
        """
        runs: list[Run] = []
        compiled = _compiled(program, problem)
        reason = OUT_OF_TIME
        try:
            with self._worker(deadline) as worker:
                for text in inputs:
                    runs.append(self._run(worker, compiled, problem, text, False, deadline)[0])
        except _OutOfTime:
            pass
        except SandboxUnavailable as error:
            reason = str(error)
        missing = Run(Verdict.NOT_JUDGED, output="", stderr=reason, seconds=0.0)
        return runs + [missing] * (len(inputs) - len(runs))

    def close(self) -> None:
        """End all sandboxed processes."""
        with self._lock:
            workers, self._workers = self._workers or [], []
            self._tier = None
            self._refusals = ["The judge is closed."]
        for worker in workers:
            worker.close()

    def _open(self) -> None:
        with self._lock:
            if self._workers is not None:
                return
            for sandbox in self._candidates:
                worker = Worker(sandbox, 0)
                try:
                    _prove(worker)
                except SandboxUnavailable as error:
                    self._refusals.append(f"{sandbox.tier}: {error}")
                    continue
                rest = [Worker(sandbox, number) for number in range(1, self._size)]
                self._workers = [worker, *rest]
                self._tier = sandbox.tier
                for each in reversed(self._workers):
                    self._idle.put(each)
                return
            self._workers = []

    def _unavailable(self) -> str:
        tried = "; ".join(self._refusals) or "none exists for this system"
        return f"Nothing was run: this machine offers no sandbox ({tried})."

    @contextlib.contextmanager
    def _worker(self, deadline: float | None) -> Iterator[Worker]:
        self._open()
        if self._tier is None:
            raise SandboxUnavailable(self._unavailable())
        try:
            left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
            worker = self._idle.get(timeout=left)
        except queue.Empty:
            raise _OutOfTime from None
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def _judge(
        self,
        worker: Worker,
        program: str,
        problem: Problem,
        tests: Sequence[Test],
        stop_at_failure: bool,
        trace: bool,
        deadline: float | None,
    ) -> Judgement:
        compiled = _compiled(program, problem)
        runs: list[TestRun] = []
        verdict = Verdict.ACCEPTED
        for test in tests:
            try:
                run, value = self._run(worker, compiled, problem, test.input, trace, deadline)
                if run.missing_module is not None:
                    reason = (
                        f"The program imports {run.missing_module}, which is not installed here."
                    )
                    return Judgement(Verdict.NOT_JUDGED, runs, len(tests), reason)
                passed = run.verdict is Verdict.ACCEPTED and self._passes(
                    worker, problem, test, run, value, deadline
                )
            except _OutOfTime:
                if verdict is Verdict.ACCEPTED:
                    return Judgement(Verdict.NOT_JUDGED, runs, len(tests), OUT_OF_TIME)
                break
            except _ProblemFault as fault:
                return Judgement(Verdict.NOT_JUDGED, runs, len(tests), str(fault))
            failed = Verdict.WRONG_ANSWER if run.verdict is Verdict.ACCEPTED else run.verdict
            runs.append(TestRun(test, Verdict.ACCEPTED if passed else failed, run))
            if not passed and verdict is Verdict.ACCEPTED:
                verdict = failed
            if not passed and (stop_at_failure or failed is Verdict.SYNTAX_ERROR):
                break
        return Judgement(verdict, runs, len(tests))

    def _run(
        self,
        worker: Worker,
        program: Program,
        problem: Problem,
        text: str,
        trace: bool,
        deadline: float | None,
    ) -> tuple[Run, Any]:
        limits = _limits(problem, trace)
        outcome = self._execute(worker, "program", program, text, limits, trace, deadline)
        if isinstance(outcome, SyntaxFault):
            run = Run(Verdict.SYNTAX_ERROR, "", outcome.message, 0.0, outcome.line)
            return run, None
        if isinstance(outcome, WorkerLost):
            return Run(Verdict.RUNTIME_ERROR, "", f"{outcome}\n", 0.0), None
        return _read_run(outcome, program, limits)

    def _execute(
        self,
        worker: Worker,
        slot: str,
        program: Program,
        text: str,
        limits: Limits,
        trace: bool,
        deadline: float | None,
    ) -> Outcome | SyntaxFault | WorkerLost:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _OutOfTime
            limits = Limits(
                limits.cpu_s, min(limits.wall_s, left), limits.memory_bytes, limits.output_bytes
            )
        try:
            outcome = worker.run(slot, program, text, limits, trace=trace)
        except WorkerLost as error:
            return error
        if isinstance(outcome, Outcome):
            late = deadline is not None and time.monotonic() >= deadline
            if outcome.cut == "cancel" or (outcome.cut == "wall" and late):
                raise _OutOfTime
        return outcome

    def _passes(
        self,
        worker: Worker,
        problem: Problem,
        test: Test,
        run: Run,
        value: Any,
        deadline: float | None,
    ) -> bool:
        if problem.checker.kind is CheckerKind.PROGRAM:
            return self._accepts(worker, problem, test, run, deadline)
        if problem.entry is Entry.FUNCTION:
            expected = self._expected_value(worker, problem, test, deadline)
            return values_agree(value, expected, problem.checker)
        return texts_agree(run.output, test.output, problem.checker)

    def _accepts(
        self, worker: Worker, problem: Problem, test: Test, run: Run, deadline: float | None
    ) -> bool:
        text = json.dumps({"input": test.input, "expected": test.output, "actual": run.output})
        checker = _checker(problem.checker.program or "")
        outcome = self._execute(worker, "checker", checker, text, CHECKER_LIMITS, False, deadline)
        if isinstance(outcome, SyntaxFault):
            raise _ProblemFault(f"The problem's checker does not compile: {outcome.message}")
        if isinstance(outcome, WorkerLost) or outcome.cut or outcome.status:
            raise _ProblemFault(f"The problem's checker failed on test {test.name}.")
        first, _, _ = outcome.stdout.decode(errors="replace").partition("\n")
        return first.strip() == "accepted"

    def _expected_value(
        self, worker: Worker, problem: Problem, test: Test, deadline: float | None
    ) -> Any:
        """Evaluate what a test expects, apart from the program, which must not see it."""
        key = (problem.prelude, test.output)
        if key not in self._expected:
            alone = _compiled("", problem)
            limits = _limits(problem, False)
            outcome = self._execute(worker, "expected", alone, test.output, limits, False, deadline)
            if not isinstance(outcome, Outcome) or outcome.cut or outcome.status:
                raise _ProblemFault(
                    f"The expected value of test {test.name} cannot be evaluated: {test.output}"
                )
            if len(self._expected) > 10_000:
                self._expected.clear()
            self._expected[key] = _read_run(outcome, alone, limits)[1]
        return self._expected[key]


class _ProblemFault(Exception):  # noqa: N818
    """The problem itself is wrong, so the program cannot be judged."""


def _prove(worker: Worker) -> None:
    """Run a program, since only that shows that a sandbox works here."""
    limits = Limits(cpu_s=5, wall_s=10, memory_bytes=256 << 20, output_bytes=OUTPUT_BYTES)
    try:
        outcome = worker.run("program", Program("print(int(input()) + 1)"), "41", limits)
    except WorkerLost as error:
        raise SandboxUnavailable(str(error)) from error
    if not isinstance(outcome, Outcome) or outcome.stdout != b"42\n":
        worker.close()
        said = "" if isinstance(outcome, SyntaxFault) else outcome.stderr.decode(errors="replace")
        raise SandboxUnavailable(said.strip() or "a first program did not run")


def _read_run(outcome: Outcome, program: Program, limits: Limits) -> tuple[Run, Any]:
    """Return the run, and for a function entry the value it gave."""
    report = _report(outcome.report)
    output = outcome.stdout.decode("utf-8", "replace")
    stderr = outcome.stderr.decode("utf-8", "replace")
    verdict = _verdict(outcome, report, limits)
    value = None
    if program.function:
        output = str(report.get("repr", ""))
        if verdict is Verdict.ACCEPTED:
            try:
                value = decode(report["value"])
            except (KeyError, ValueError, RecursionError):
                verdict = Verdict.RUNTIME_ERROR
                stderr += "The value cannot be compared: it is too large or refers to itself.\n"
    line, missing = report.get("line"), report.get("missing")
    run = Run(
        verdict,
        output,
        stderr,
        outcome.seconds,
        line=line if isinstance(line, int) else None,
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
    if outcome.cut == "output":
        return Verdict.OUTPUT_LIMIT
    if outcome.cut is not None:
        return Verdict.TIME_LIMIT
    if report.get("memory") or outcome.resident_bytes > limits.memory_bytes:
        return Verdict.MEMORY_LIMIT
    return Verdict.ACCEPTED if outcome.status == 0 else Verdict.RUNTIME_ERROR


def _limits(problem: Problem, trace: bool) -> Limits:
    cpu = problem.time_limit_s + (TRACE_SECONDS if trace else 0.0)
    # A busy machine must not turn into a verdict: wall time only ends programs that wait.
    return Limits(cpu, 2 * cpu + 1.0, problem.memory_limit_mib << 20, OUTPUT_BYTES)


def _compiled(program: str, problem: Problem) -> Program:
    function = problem.entry is Entry.FUNCTION
    return Program(program, problem.prelude if function else "", function)


@functools.lru_cache(maxsize=64)
def _checker(source: str) -> Program:
    return Program(source)


def _not_judged(reason: str, total: int) -> Judgement:
    return Judgement(Verdict.NOT_JUDGED, (), total, reason)


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
