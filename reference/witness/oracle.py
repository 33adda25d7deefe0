"""What the accepted programs of a problem say about its tests, and about further inputs."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TypeVar

from reference.edits.normalise import canonical
from reference.judge import Judge, Judgement, Screening, TestRun
from reference.protocol import Entry, Problem, Test, Verdict
from reference.recent import Recent
from reference.witness.calls import CallMaker
from reference.witness.inputs import InputMaker

_PEERS = 16  # accepted programs that are asked
_LEAST_PEERS = 6  # that must agree on an input of our own making
_LEAST_FOR_VALID = 2  # on an input that obeys what the statement says, or from a generator
_ENOUGH_TESTS = 10  # a problem with so many needs no more
_INPUTS = 160
_CHECKS = 24  # tests of our own making that verify fixes
_CONFIRMED = 8  # failing ones that are looked for
_RARE = 0.02  # share of failures that says nothing where some inputs may be invalid
_TOGETHER = 16  # inputs answered before it is asked whether it goes on
_MANY = 5  # accepted programs of the same opinion that make another's an error
_WITNESSES = 4  # accepted programs asked about a test
_ASKED = 4  # tests asked about at first
_ASKED_PEERS = 6  # accepted programs asked about inputs of our own making
_FOR_SCREENING = 0.3  # share of the time for a first look at a program
_FOR_ANSWERS = 0.5  # share of the time for the first program's
_SEED = 20260101
_CAPACITY = 256  # problems kept
_LIMIT_S = 0.25
_MOST_LIMIT_S = 1.0
_ALIKE_S = 0.05  # programs that differ by less are as fast as each other
_SLOWER = 4  # times what the quickest accepted program takes that others may take
_WRONG = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.OUTPUT_LIMIT)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the quickest accepted program answers, and what others think of it.

    Parameters
    ----------
    others
        The other accepted programs.
    least
        How many must agree.
    valid
        Whether all that the statement says of the input is understood.
    hasty
        The problem with the time limit that is enough for the quickest program.
    agreed
        By the names of the tests that were asked about.
    """

    tests: tuple[Test, ...]
    others: tuple[str, ...]
    least: int
    valid: bool
    hasty: Problem
    agreed: dict[str, bool] = field(default_factory=dict)

    @property
    def undisputed(self) -> list[Test]:
        """The tests of which it is not known that others answer differently."""
        return [test for test in self.tests if self.agreed.get(test.name, True)]


class Oracle:
    """Asks accepted programs, and remembers their answers.

    Parameters
    ----------
    judge
        Runs them.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._found: Recent[_Answers] = Recent(_CAPACITY)
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

    def checks(self, problem: Problem, deadline: float) -> tuple[Test, ...]:
        """Return tests of our own making on which accepted programs agree, to verify fixes with.

        There are none for a problem that has enough tests or too few accepted programs.

        Parameters
        ----------
        deadline
            A value of `time.monotonic()`; what is not known by then is left out.
        """
        answers = self._answers(problem, deadline)
        if answers is None:
            return ()
        step = max(1, len(answers.tests) // _CHECKS)
        spread = [test for first in range(step) for test in answers.tests[first::step]]
        agreed: list[Test] = []
        for some in _portions(spread[: 2 * _CHECKS]):
            agreed += self._agreed(answers, some, deadline)
            if len(agreed) >= _CHECKS:
                break
        return tuple(agreed[:_CHECKS])

    def witnesses(self, program: str, problem: Problem, deadline: float) -> list[TestRun]:
        """Run a program on tests of our own making, and return its runs, failing ones first.

        Of the tests that it fails, there are a few small ones, and only such on which accepted
        programs agree. Being slow is no failure. There are no runs where it passes all tests, nor
        where it fails few of them and the statement says more of the input than is understood.

        Parameters
        ----------
        deadline
            A value of `time.monotonic()`.
        """
        answers = self._answers(problem, deadline)
        if answers is None:
            return []
        now = time.monotonic()
        until = now + _FOR_SCREENING * (deadline - now)
        if self._survives(program, answers, answers.undisputed, until):
            return []
        confirmed: list[TestRun] = []
        passing: list[TestRun] = []
        for some in _portions(answers.undisputed):
            runs = self._runs(program, answers, some, deadline)
            passing += [run for run in runs if run.verdict is Verdict.ACCEPTED]
            confirmed += self._confirmed(runs, answers, deadline)
            if len(confirmed) >= _CONFIRMED or time.monotonic() > deadline:
                break
        if not answers.valid and len(confirmed) < _RARE * (len(confirmed) + len(passing)):
            return []
        return confirmed + passing[:: max(1, len(passing) // _CHECKS)][:_CHECKS]

    def refutation(self, program: str, problem: Problem, deadline: float) -> Test | None:
        """Return a test of our own making that a program fails, if one is found in time.

        Parameters
        ----------
        deadline
            A value of `time.monotonic()`.
        """
        answers = self._answers(problem, deadline)
        if answers is None or self._survives(program, answers, answers.undisputed, deadline):
            return None
        for some in _portions(answers.undisputed):
            if not self._survives(program, answers, some, deadline):
                runs = self._runs(program, answers, some, deadline)
                for run in self._confirmed(runs, answers, deadline):
                    return run.test
            if time.monotonic() > deadline:
                break
        return None

    def _runs(
        self, program: str, answers: "_Answers", tests: Sequence[Test], deadline: float
    ) -> list[TestRun]:
        judgements = self._in_two(
            lambda half: self._judge.judge(program, answers.hasty, half, deadline=deadline), tests
        )
        return [run for one in judgements for run in one.runs]

    def _confirmed(
        self, runs: Sequence[TestRun], answers: "_Answers", deadline: float
    ) -> list[TestRun]:
        """Return the failing runs on tests on which accepted programs agree."""
        failing = [run for run in runs if run.verdict in _WRONG]
        agreed = self._agreed(answers, [run.test for run in failing], deadline)
        return [run for run in failing if run.test in agreed]

    def _survives(
        self, program: str, answers: "_Answers", tests: Sequence[Test], deadline: float
    ) -> bool:
        if not tests:
            return True
        screened = self._judge.screen([program], answers.hasty, tests, deadline=deadline)
        return all(found is Screening.PASSES for _, found in screened)

    def _answers(self, problem: Problem, deadline: float) -> "_Answers | None":
        if len(problem.tests) >= _ENOUGH_TESTS or len(problem.solutions) < _LEAST_FOR_VALID:
            return None
        key = _key(problem.solutions, *(test.input for test in problem.tests))
        answers = self._found.get(key)
        if answers is None:
            answers = self._ask(problem, deadline)
            if answers.tests or time.monotonic() < deadline:
                self._found.put(key, answers)
        return answers if answers.tests else None

    def _ask(self, problem: Problem, deadline: float) -> "_Answers":
        """Make inputs, and have the quickest accepted program answer them."""
        maker = _maker(problem) if problem.generator is None else None
        valid = maker is None or maker.obeys
        least = _LEAST_FOR_VALID if valid else _LEAST_PEERS
        now = time.monotonic()
        deadline = now + _FOR_ANSWERS * (deadline - now)
        seconds = self._seconds(problem, deadline)
        # As fast as makes a difference: the same programs are to be asked each time.
        by_speed = sorted(seconds, key=lambda peer: seconds[peer] // _ALIKE_S)
        peers = by_speed[: _ASKED_PEERS if valid else None]
        if len(peers) < least:
            return _Answers((), (), least, False, problem)
        inputs = maker.inputs(_SEED, _INPUTS) if maker else self._generated(problem, deadline)
        usual = _SLOWER * seconds[peers[0]]
        hasty = _limited(problem, min(max(_LIMIT_S, usual), _MOST_LIMIT_S))
        tests: list[Test] = []
        for some in _portions(inputs):
            halves = self._in_two(
                lambda half: zip(
                    half, self._judge.run_all(peers[0], hasty, half, deadline=deadline), strict=True
                ),
                some,
            )
            answers = [answer for half in halves for answer in half]
            tests += [
                Test(name=f"found-{number}", input=text, output=run.output)
                for number, (text, run) in enumerate(
                    ((text, run) for text, run in answers if run.verdict is Verdict.ACCEPTED),
                    len(tests) + 1,
                )
            ]
            slow = sum(run.verdict is Verdict.TIME_LIMIT for _, run in answers)
            if 2 * slow > len(answers) or time.monotonic() > deadline:
                break  # larger ones take longer still
        return _Answers(tuple(tests), tuple(peers[1:]), least, valid, hasty)

    def _seconds(self, problem: Problem, deadline: float) -> dict[str, float]:
        """Return what accepted programs take for a test; those that fail one are left out."""
        peers = _different(problem.solutions)
        judgements = self._judgements(problem, peers, problem.tests, deadline)
        return {
            peer: max((run.run.seconds for run in judgement.runs), default=0.0)
            for peer, judgement in zip(peers, judgements, strict=True)
            if not any(run.verdict in _WRONG for run in judgement.runs)
        }

    def _agreed(
        self, answers: "_Answers", tests: Sequence[Test], deadline: float
    ) -> tuple[Test, ...]:
        """Return the tests on which accepted programs give the same answer.

        Where inputs are surely valid and many programs are asked, one may differ: its own error.
        """
        for some in _portions([test for test in tests if test.name not in answers.agreed]):
            halves = self._in_two(
                partial(self._votes, answers.hasty, some, deadline), answers.others
            )
            if time.monotonic() > deadline:
                break
            for test, votes in zip(some, zip(*halves, strict=True), strict=True):
                same, other = map(sum, zip((1, 0), *votes, strict=True))  # it is one's own answer
                dissent = int(answers.valid and same >= _MANY)
                answers.agreed[test.name] = same >= answers.least and other <= dissent
        return tuple(test for test in tests if answers.agreed.get(test.name))

    def _votes(
        self, problem: Problem, tests: Sequence[Test], deadline: float, peers: Sequence[str]
    ) -> list[tuple[int, int]]:
        """Return for each test how many programs pass it, and how many fail it.

        One that is slow on a test is not asked about those that follow.
        """
        votes = []
        for test in tests:
            found = dict(self._judge.screen(peers, problem, [test], deadline=deadline))
            for index, one in found.items():
                if one is Screening.UNKNOWN:
                    found[index] = self._judged(peers[index], problem, test, deadline)
            ways = Counter(found.values())
            votes.append((ways[Screening.PASSES], ways[Screening.FAILS]))
            peers = [peer for index, peer in enumerate(peers) if found[index] is not Screening.SLOW]
        return votes

    def _judged(self, program: str, problem: Problem, test: Test, deadline: float) -> Screening:
        """Return what a process of its own shows of a program."""
        judgement = self._judge.judge(program, problem, [test], deadline=deadline)
        if judgement.verdict in _WRONG:
            return Screening.FAILS
        return Screening.PASSES if judgement.accepted else Screening.UNKNOWN

    @staticmethod
    def _in_two(work: Callable[[Sequence[T]], R], pieces: Sequence[T]) -> list[R]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(work, (pieces[::2], pieces[1::2])))

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
        plain = Problem(time_limit_s=_LIMIT_S)
        runs = self._judge.run_all(problem.generator, plain, seeds, deadline=deadline)
        made = dict.fromkeys(run.output for run in runs if run.verdict is Verdict.ACCEPTED)
        known = {test.input for test in problem.tests}
        return sorted((text for text in made if text not in known), key=len)


@lru_cache(maxsize=_CAPACITY)
def _different(solutions: tuple[str, ...]) -> Sequence[str]:
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


def _maker(problem: Problem) -> InputMaker | CallMaker:
    if problem.entry is Entry.FUNCTION:
        return CallMaker([test.input for test in problem.tests])
    return InputMaker(problem)


def _key(solutions: Sequence[str], *texts: str) -> str:
    return hashlib.sha256("\0".join((*solutions, "", *texts)).encode()).hexdigest()


def _portions(pieces: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(pieces), _TOGETHER):
        yield pieces[start : start + _TOGETHER]


def _limited(problem: Problem, seconds: float) -> Problem:
    return problem.model_copy(update={"time_limit_s": min(problem.time_limit_s, seconds)})
