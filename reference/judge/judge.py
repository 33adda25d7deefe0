"""The judge: a pool of sandboxed workers, for many threads and many programs."""

import contextlib
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, TypeVar

from reference.judge.outcome import Judgement, Run, Screening
from reference.judge.sandbox import Sandbox, SandboxUnavailable
from reference.judge.session import OUT_OF_TIME, Session, joined
from reference.judge.tiers import candidates
from reference.judge.worker import Limits, Outcome, OutOfTime, Program, Worker, WorkerLost
from reference.protocol import Problem, Test, Verdict

CLOSED = "Nothing was run, since the judge is closed."
NO_SANDBOX = (
    "Nothing was run, since this machine offers no sandbox ({tried}). Allow user namespaces or "
    "Landlock here, or use an endpoint on another machine."
)
NO_TESTS = "The problem has no tests."
MAX_EXPECTED_VALUES = 10_000
SCREENED_TOGETHER = 64  # programs in one process
LEAST_SHARE = 16  # of these, lest the last ones cost a process each
TESTS_TOGETHER = 2  # at least, lest threads cost more than they save

NO_STEPS: Mapping[str, int] = MappingProxyType({})

T = TypeVar("T")


class Judge:
    """Runs programs on tests, each run confined.

    One judge serves many threads. Its sandboxed processes start when first needed and live
    until `close`.

    Parameters
    ----------
    workers
        Runs at one time; by default the number of processors this process may use.
    first
        Number of the first of them. Judges of several processes at work on one machine take
        numbers of their own, since a sandbox may give each worker a user of its own.
    sandboxes
        Ways to confine a program, best first; by default those that this system may have.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        first: int = 0,
        sandboxes: Sequence[Sandbox] | None = None,
    ) -> None:
        self._size = workers or _usable_processors()
        self._numbers = range(first, first + self._size)
        self._candidates = list(candidates() if sandboxes is None else sandboxes)
        self._opening = threading.Lock()
        self._workers: list[Worker] | None = None
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._closed = False
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
    def workers(self) -> int:
        """Runs at one time."""
        return self._size

    @property
    def tier(self) -> str | None:
        """The kind of sandbox in use, found by running a program in it; None if there is none."""
        self._open()
        return self._tier

    @property
    def reason(self) -> str | None:
        """Why nothing will be run, where `tier` is None."""
        if self.tier is not None:
            return None
        if self._closed:
            return CLOSED
        tried = "; ".join(self._refusals) or "none is known for this system"
        return NO_SANDBOX.format(tried=tried)

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
        """Run a program on tests, at the same time where workers are idle.

        One that exceeds the time limit has a tenth of it for each of the tests that follow in
        the same worker.

        Parameters
        ----------
        tests
            By default the problem's.
        stop_at_failure
            Leave out the tests after the first that is not passed.
        trace
            Count the executed lines (`Run.lines`). A run of more than some hundred thousand
            ends there, as one that exceeds the time limit.
        deadline
            A value of `time.monotonic()`, at which the answer must come, judged or not.
        """
        chosen = problem.tests if tests is None else tests
        idle = max(self._idle.qsize(), 1)
        size = max(TESTS_TOGETHER, -(-len(chosen) // idle))
        shares = [chosen[start : start + size] for start in range(0, len(chosen), size)] or [()]

        def work(indices: Sequence[int], group: _Group) -> Sequence[Judgement]:
            return [
                self._judge(
                    program, problem, shares[index], stop_at_failure, trace, deadline, group
                )
                for index in indices
            ]

        if len(shares) == 1:
            return work([0], _Group())[0]
        judged: dict[int, Judgement] = {}
        parts: list[Judgement] = []  # in their order, as far as there is no gap
        with contextlib.closing(self._spread(len(shares), 1, work)) as results:
            for index, judgement in results:
                judged[index] = judgement
                while len(parts) in judged:
                    parts.append(judged[len(parts)])
                if stop_at_failure and any(part.failed for part in parts):
                    break  # which ends the later runs
        return joined(parts, len(chosen), stop_at_failure)

    def judge_all(
        self,
        programs: Sequence[str],
        problem: Problem,
        tests: Sequence[Test] | None = None,
        *,
        deadline: float | None = None,
    ) -> Iterator[tuple[int, Judgement]]:
        """Judge many programs, each up to its first failure, and yield them as they are done.

        Each comes with its index in `programs`. Closing the iterator ends the runs in progress.
        """
        chosen = problem.tests if tests is None else tests

        def work(indices: Sequence[int], group: _Group) -> Sequence[Judgement]:
            return [
                self._judge(programs[index], problem, chosen, True, False, deadline, group)
                for index in indices
            ]

        return self._spread(len(programs), 1, work)

    def screen(
        self,
        programs: Sequence[str],
        problem: Problem,
        tests: Sequence[Test],
        *,
        steps: Mapping[str, int] = NO_STEPS,
        deadline: float | None = None,
    ) -> Iterator[tuple[int, Screening]]:
        """Say of many programs whether they may pass tests, much faster than by judging them.

        A few dozen programs run one after the other in one sandboxed process, where one may
        disturb those after it. So this is no verdict, but tells what is worth judging. Nothing
        is known of what passes where a checker program must decide, of anything where the system
        has no files in memory (Linux has), and after the deadline.

        Each answer comes with its index in `programs`, as it is known. Closing the iterator
        ends the runs in progress.

        Parameters
        ----------
        tests
            First the one that most programs fail, since what fails is not run on the others.
        steps
            By the names of tests, lines and calls that a program may make before it is slow.
            That ends an endless loop much sooner than the time limit, but costs other programs
            a multiple of their time.
        """

        def work(indices: Sequence[int], group: _Group) -> Sequence[Screening]:
            try:
                with self._worker(deadline) as worker, group.running(worker):
                    session = Session(worker, problem, self._expected, deadline)
                    return session.screen([programs[index] for index in indices], tests, steps)
            except (OutOfTime, SandboxUnavailable):
                return [Screening.UNKNOWN] * len(indices)

        return self._spread(len(programs), SCREENED_TOGETHER, work)

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
        and the reason as `stderr`.
        """
        runs: list[Run] = []
        reason = OUT_OF_TIME
        try:
            with self._worker(deadline) as worker:
                session = Session(worker, problem, self._expected, deadline)
                prepared = session.program(program)
                for text in inputs:
                    runs.append(session.run(prepared, text)[0])
        except OutOfTime:
            pass
        except SandboxUnavailable as error:
            reason = str(error)
        left_out = Run(Verdict.NOT_JUDGED, output="", stderr=reason, seconds=0.0)
        return runs + [left_out] * (len(inputs) - len(runs))

    def close(self) -> None:
        """End all runs and sandboxed processes; what is judged afterwards is not run."""
        with self._opening:
            workers, self._workers = self._workers or [], []
            self._tier = None
            self._closed = True
        for worker in workers:
            worker.cancel()
        for _ in workers:
            self._idle.get().close()

    def _spread(
        self, count: int, most: int, work: Callable[[Sequence[int], "_Group"], Sequence[T]]
    ) -> Generator[tuple[int, T], None, None]:
        """Have as many threads as workers do `count` pieces of work; yield what they return.

        Parameters
        ----------
        most
            Pieces that a thread takes at one time.
        work
            Takes the indices of some pieces and returns the results of the first few of them,
            one at least; the others come again.
        """
        done: queue.SimpleQueue[tuple[int, T] | BaseException] = queue.SimpleQueue()
        todo = deque(range(count))
        taking = threading.Lock()
        group = _Group()

        def serve() -> None:
            try:
                while not group.cancelled:
                    with taking:
                        share = max(len(todo) // self._size, LEAST_SHARE)
                        indices = [todo.popleft() for _ in range(min(share, most, len(todo)))]
                    if not indices:
                        return
                    results = work(indices, group)
                    with taking:
                        todo.extendleft(reversed(indices[len(results) :]))
                    for item in zip(indices, results, strict=False):
                        done.put(item)
            except BaseException as error:
                done.put(error)

        for _ in range(min(self._size, count)):
            threading.Thread(target=serve, name="judge", daemon=True).start()
        try:
            for _ in range(count):
                item = done.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            group.cancel()

    def _judge(
        self,
        program: str,
        problem: Problem,
        tests: Sequence[Test],
        stop_at_failure: bool,
        trace: bool,
        deadline: float | None,
        group: "_Group",
    ) -> Judgement:
        if not tests:
            return Judgement(Verdict.NOT_JUDGED, (), 0, NO_TESTS)
        try:
            with self._worker(deadline) as worker, group.running(worker):
                session = Session(worker, problem, self._expected, deadline)
                return session.judge(program, tests, stop_at_failure=stop_at_failure, trace=trace)
        except OutOfTime:
            reason = OUT_OF_TIME
        except SandboxUnavailable as error:
            reason = str(error)
        return Judgement(Verdict.NOT_JUDGED, (), len(tests), reason)

    @contextlib.contextmanager
    def _worker(self, deadline: float | None) -> Iterator[Worker]:
        reason = self.reason
        if reason is not None:
            raise SandboxUnavailable(reason)
        if len(self._expected) > MAX_EXPECTED_VALUES:
            self._expected.clear()
        left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
        try:
            worker = self._idle.get(timeout=left)
        except queue.Empty:
            raise OutOfTime from None
        try:
            if self._closed:
                raise SandboxUnavailable(CLOSED)
            yield worker
        finally:
            self._idle.put(worker)

    def _open(self) -> None:
        """Take the first sandbox in which a program runs."""
        with self._opening:
            if self._workers is not None:
                return
            self._workers = []
            for sandbox in self._candidates:
                worker = Worker(sandbox, self._numbers[0])
                try:
                    _prove(worker)
                except SandboxUnavailable as error:
                    self._refusals.append(f"{sandbox.tier}: {error}")
                    worker.close()
                    continue
                self._tier = sandbox.tier
                self._workers = [worker]
                self._workers += [Worker(sandbox, number) for number in self._numbers[1:]]
                for each in reversed(self._workers):
                    self._idle.put(each)
                return


class _Group:
    """Runs that are cancelled together."""

    def __init__(self) -> None:
        self.cancelled = False
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()

    @contextlib.contextmanager
    def running(self, worker: Worker) -> Iterator[None]:
        with self._lock:
            if self.cancelled:
                raise OutOfTime
            self._workers.add(worker)
        try:
            yield
        finally:
            with self._lock:
                self._workers.discard(worker)
                worker.renew()

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            for worker in self._workers:
                worker.cancel()


def _prove(worker: Worker) -> None:
    """Run a program: nothing else shows that a sandbox works here."""
    limits = Limits(cpu_s=10, wall_s=20, memory_bytes=256 << 20, output_bytes=1 << 10)
    try:
        outcome = worker.run("program", Program("print(int(input()) + 1)"), "41", limits)
    except WorkerLost as error:
        raise SandboxUnavailable(str(error)) from error
    if not isinstance(outcome, Outcome) or outcome.stdout != b"42\n":
        raise SandboxUnavailable("a first program did not run in it")


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
