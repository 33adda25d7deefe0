import time
from collections.abc import Iterator

import pytest

from reference.judge import Judge
from reference.protocol import Checker, CheckerKind, Problem, Test, Verdict
from reference.witness import Oracle

STATEMENT = "## Input\n\nN\n\n## Constraints\n\n1 <= N <= 100\n"
RIGHT = tuple(
    f"n = int(input())\nprint({expression})\n"
    for expression in ("n * n", "n ** 2", "pow(n, 2)", "sum([n] * n)", "n * (n + 1) - n", "n*n+0*n")
)
WRONG_AT_THE_END = "n = int(input())\nprint(n * n if n < 100 else 0)\n"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def squares(*solutions: str, statement: str = STATEMENT) -> Problem:
    sample = Test(name="sample-1", input="3\n", output="9\n", sample=True)
    return Problem(statements={"en": statement}, tests=(sample,), solutions=solutions)


def failing(judge: Judge, program: str, problem: Problem) -> list[str]:
    runs = Oracle(judge).witnesses(program, problem, time.monotonic() + 30)
    return [run.test.input for run in runs if run.verdict is not Verdict.ACCEPTED]


def test_a_wrong_program_fails_where_accepted_ones_agree(judge: Judge) -> None:
    assert failing(judge, WRONG_AT_THE_END, squares(*RIGHT)) == ["100\n"]


def test_a_right_program_fails_nowhere(judge: Judge) -> None:
    assert failing(judge, RIGHT[0], squares(*RIGHT[1:])) == []


def test_one_accepted_program_of_many_may_be_wrong(judge: Judge) -> None:
    slow = f"for _ in range(10 ** 6):\n    pass\n{WRONG_AT_THE_END}"  # so it is not asked first
    asked = squares(*RIGHT[:5], slow)
    assert failing(judge, WRONG_AT_THE_END.replace("else 0", "else 1"), asked) == ["100\n"]


def test_of_two_accepted_programs_none_may_differ(judge: Judge) -> None:
    peers = (RIGHT[0], WRONG_AT_THE_END)
    assert failing(judge, WRONG_AT_THE_END.replace("else 0", "else 1"), squares(*peers)) == []


def test_accepted_programs_that_fail_a_given_test_are_not_asked(judge: Judge) -> None:
    peers = (*RIGHT[:2], "n = int(input())\nprint(n)\n")
    assert failing(judge, WRONG_AT_THE_END, squares(*peers)) == ["100\n"]


@pytest.mark.parametrize(
    "statement",
    [f"{STATEMENT}N is the number of a day.\n", f"It is guaranteed that N works.\n{STATEMENT}"],
)
def test_rare_failures_say_nothing_where_inputs_may_be_invalid(
    judge: Judge, statement: str
) -> None:
    asked = squares(*RIGHT, statement=statement)
    once = "n = int(input())\nprint(n * n if n != 4 else 0)\n"
    assert failing(judge, once, squares(*RIGHT)) == ["4\n"]
    assert failing(judge, once, asked) == []
    assert failing(judge, "n = int(input())\nprint(n * 3)\n", asked)


def test_one_opinion_is_not_enough(judge: Judge) -> None:
    assert failing(judge, WRONG_AT_THE_END, squares(RIGHT[0])) == []


def test_checks_are_answered_by_accepted_programs(judge: Judge) -> None:
    checks = Oracle(judge).checks(squares(*RIGHT), time.monotonic() + 30)
    assert len(checks) >= 10
    assert all(int(test.output) == int(test.input) ** 2 for test in checks)


def test_checks_are_the_same_each_time_though_some_are_disputed(judge: Judge) -> None:
    differing = (f"n = int(input())\nprint(n * n if n % 5 else {value})\n" for value in (1, 2))
    oracle, problem = Oracle(judge), squares(*RIGHT[:4], *differing)
    checks = oracle.checks(problem, time.monotonic() + 30)
    assert len(checks) >= 10
    assert all(int(test.input) % 5 for test in checks)
    assert oracle.checks(problem, time.monotonic() + 30) == checks


def test_a_checker_program_says_whether_accepted_programs_agree(judge: Judge) -> None:
    compare = (
        "import json, sys\ngiven = json.load(sys.stdin)\n"
        "print('accepted' if abs(int(given['expected']) - int(given['actual'])) < 2 else 'wrong')"
    )
    checker = Checker(kind=CheckerKind.PROGRAM, program=compare)
    nearly = (f"n = int(input())\nprint(n ** 2 + {value})\n" for value in (1, "n ** 0"))
    problem = squares(RIGHT[0], *nearly).model_copy(update={"checker": checker})
    assert len(Oracle(judge).checks(problem, time.monotonic() + 30)) >= 10


def test_a_fix_that_is_wrong_somewhere_is_refuted(judge: Judge) -> None:
    oracle = Oracle(judge)
    refuting = oracle.refutation(WRONG_AT_THE_END, squares(*RIGHT), time.monotonic() + 30)
    assert refuting is not None
    assert (refuting.input, refuting.output) == ("100\n", "10000\n")
    assert oracle.refutation(RIGHT[1], squares(*RIGHT), time.monotonic() + 30) is None
