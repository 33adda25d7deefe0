"""What the accepted programs of a problem say about its tests, and about further inputs."""

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from reference.edits.normalise import canonical
from reference.judge import Judge, Judgement
from reference.protocol import Problem, Test, Verdict
from reference.recent import Recent
from reference.witness.inputs import InputMaker

_PEERS = 8  # accepted programs that are asked
_LEAST_PEERS = 3  # that must agree on an input of our own making
_LEAST_FOR_VALID = 2  # on an input that obeys what the statement says, or from a generator
_ENOUGH_TESTS = 10  # a problem with so many needs no more
_INPUTS = 60
_WITNESSES = 4  # accepted programs asked about a test
_ASKED = 4  # tests asked about at first
_SEED = 20260101
_CAPACITY = 256  # problems kept
_TIME_LIMIT_S = 0.25
_FIRST = 0.4  # share of the time for the first program's answers


class Oracle:
    """Asks accepted programs, and remembers their answers.

    Parameters
    ----------
    judge
        Runs them.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._found: Recent[tuple[Test, ...]] = Recent(_CAPACITY)
        self._doubtful: Recent[bool] = Recent(_CAPACITY * _ENOUGH_TESTS)

    def doubtful(self, problem: Problem, tests: Sequence[Test], deadline: float) -> set[str]:
        """Return the names of tests that several accepted programs fail.

        There, more than one answer is right, and the expected one is only an example. The first
        few tests are asked about, and all where one of those is doubtful.

        Parameters
        ----------
        tests
            Those of the problem's tests that a program fails.
        deadline
            A value of `time.monotonic()`.
        """
        peers = _different(problem.solutions)[:_WITNESSES]
        if len(peers) < 2:
            return set()
        doubtful = self._fail(problem, peers, tests[:_ASKED], deadline)
        if doubtful:
            doubtful |= self._fail(problem, peers, tests[_ASKED:], deadline)
        return doubtful

    def _fail(
        self, problem: Problem, peers: Sequence[str], tests: Sequence[Test], deadline: float
    ) -> set[str]:
        keys = {test.name: _key(problem.solutions, test.input, test.output) for test in tests}
        new = [test for test in tests if self._doubtful.get(keys[test.name]) is None]
        if new:
            failures = dict.fromkeys((test.name for test in new), 0)
            for judgement in self._judgements(problem, peers, new, deadline):
                for run in judgement.runs:
                    failures[run.test.name] += run.verdict is Verdict.WRONG_ANSWER
            if time.monotonic() < deadline:
                # One accepted program may be wrong itself.
                for name, count in failures.items():
                    self._doubtful.put(keys[name], count > 1)
        return {test.name for test in tests if self._doubtful.get(keys[test.name])}

    def found(self, problem: Problem, deadline: float) -> tuple[Test, ...]:
        """Return tests of our own making, on which all accepted programs agree.

        Inputs come from the problem's generator, or are made like its samples. Small ones come
        first. There are none for a problem that has enough tests or too few accepted programs.

        Parameters
        ----------
        deadline
            A value of `time.monotonic()`; what is not known by then is left out.
        """
        if len(problem.tests) >= _ENOUGH_TESTS or len(problem.solutions) < _LEAST_FOR_VALID:
            return ()
        key = _key(problem.solutions, *(test.input for test in problem.tests))
        tests = self._found.get(key)
        if tests is None:
            tests = self._agreed(problem, deadline)
            if time.monotonic() < deadline:
                self._found.put(key, tests)
        return tests

    def _agreed(self, problem: Problem, deadline: float) -> tuple[Test, ...]:
        peers = _different(problem.solutions)
        maker = InputMaker(problem) if problem.generator is None else None
        valid = maker is None or maker.obeys
        if len(peers) < (_LEAST_FOR_VALID if valid else _LEAST_PEERS):
            return ()
        now = time.monotonic()
        first_deadline = now + _FIRST * (deadline - now)
        inputs = maker.inputs(_SEED, _INPUTS) if maker else self._generated(problem, first_deadline)
        hasty = problem.model_copy(
            update={"time_limit_s": min(problem.time_limit_s, _TIME_LIMIT_S)}
        )
        runs = self._judge.run_all(peers[0], hasty, inputs, deadline=first_deadline)
        tests = [
            Test(name=f"found-{number}", input=text, output=run.output)
            for number, (text, run) in enumerate(zip(inputs, runs, strict=True), 1)
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

    def _generated(self, problem: Problem, deadline: float) -> list[str]:
        assert problem.generator is not None
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


def _key(solutions: Sequence[str], *texts: str) -> str:
    return hashlib.sha256("\0".join((*solutions, "", *texts)).encode()).hexdigest()
