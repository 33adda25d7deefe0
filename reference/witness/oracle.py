"""What the accepted programs of a problem say about its tests, and about further inputs."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from reference.edits.normalise import canonical
from reference.judge import Judge, Judgement
from reference.protocol import Problem, Test, Verdict
from reference.witness.inputs import InputMaker

_PEERS = 8  # accepted programs that are asked
_LEAST_PEERS = 3  # that must agree on an input of our own making
_ENOUGH_TESTS = 10  # a problem with so many needs no more
_INPUTS = 60
_SEED = 20260101
_CAPACITY = 256  # problems kept
_TIME_LIMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Testimony:
    """What to judge by.

    Parameters
    ----------
    given
        The problem's tests but those that several accepted programs fail: there, more than one
        answer is right, and the expected one is only an example.
    found
        Tests of our own making, on which all accepted programs that were asked agree; the
        smaller inputs first.
    """

    given: tuple[Test, ...]
    found: tuple[Test, ...]


class Oracle:
    """Asks accepted programs, and remembers their answers by problem.

    Parameters
    ----------
    judge
        Runs them.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: OrderedDict[str, Testimony] = OrderedDict()
        self._lock = threading.Lock()

    def testimony(self, problem: Problem, deadline: float) -> Testimony:
        """Return what to judge a program for `problem` by.

        Parameters
        ----------
        deadline
            A value of `time.monotonic()`; what is not known by then is left out, and not kept.
        """
        if not problem.solutions:
            return Testimony(problem.tests, ())
        key = _key(problem)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        testimony = self._ask(problem, deadline)
        if time.monotonic() < deadline:
            with self._lock:
                self._known[key] = testimony
                while len(self._known) > _CAPACITY:
                    self._known.popitem(last=False)
        return testimony

    def _ask(self, problem: Problem, deadline: float) -> Testimony:
        peers = _different(problem.solutions)
        given = self._reliable(problem, peers, deadline)
        if len(problem.tests) >= _ENOUGH_TESTS or not given:
            return Testimony(given, ())
        if len(peers) < (2 if problem.generator else _LEAST_PEERS):
            return Testimony(given, ())
        return Testimony(given, self._agreed(problem, peers, deadline))

    def _reliable(
        self, problem: Problem, peers: Sequence[str], deadline: float
    ) -> tuple[Test, ...]:
        doubts = dict.fromkeys((test.name for test in problem.tests), 0)
        for judgement in self._judgements(problem, peers, problem.tests, deadline):
            for run in judgement.runs:
                doubts[run.test.name] += run.verdict is Verdict.WRONG_ANSWER
        most = min(1, len(peers) // 2)  # one accepted program may be wrong itself
        return tuple(test for test in problem.tests if doubts[test.name] <= most)

    def _agreed(self, problem: Problem, peers: Sequence[str], deadline: float) -> tuple[Test, ...]:
        hasty = problem.model_copy(
            update={"time_limit_s": min(problem.time_limit_s, _TIME_LIMIT_S)}
        )
        inputs = self._inputs(problem, deadline)
        first = self._judge.run_all(peers[0], hasty, inputs, deadline=deadline)
        tests = [
            Test(name=f"found-{number}", input=text, output=run.output)
            for number, (text, run) in enumerate(zip(inputs, first, strict=True), 1)
            if run.verdict is Verdict.ACCEPTED
        ]
        if not tests:
            return ()
        for judgement in self._judgements(hasty, peers[1:], tests, deadline):
            agreed = {run.test.name for run in judgement.runs if run.verdict is Verdict.ACCEPTED}
            tests = [test for test in tests if test.name in agreed]
        return tuple(tests)

    def _judgements(
        self, problem: Problem, peers: Sequence[str], tests: Sequence[Test], deadline: float
    ) -> list[Judgement]:
        with ThreadPoolExecutor(2) as pool:
            return list(
                pool.map(
                    lambda peer: self._judge.judge(peer, problem, tests, deadline=deadline), peers
                )
            )

    def _inputs(self, problem: Problem, deadline: float) -> list[str]:
        if problem.generator is None:
            return InputMaker(problem).inputs(_SEED, _INPUTS)
        seeds = [f"{seed}\n" for seed in range(1, _INPUTS + 1)]
        plain = Problem(time_limit_s=_TIME_LIMIT_S)
        runs = self._judge.run_all(problem.generator, plain, seeds, deadline=deadline)
        made = dict.fromkeys(run.output for run in runs if run.verdict is Verdict.ACCEPTED)
        known = {test.input for test in problem.tests}
        return sorted((text for text in made if text not in known), key=len)


def _different(solutions: Sequence[str]) -> list[str]:
    """Return programs that differ in more than names and layout."""
    forms: dict[str, str] = {}
    for code in solutions:
        try:
            forms.setdefault(canonical(code), code)
        except (SyntaxError, RecursionError):
            continue
        if len(forms) == _PEERS:
            break
    return list(forms.values())


def _key(problem: Problem) -> str:
    return hashlib.sha256(problem.model_dump_json().encode()).hexdigest()
