import pytest

from reference.protocol import Problem, Test
from reference.witness.inputs import InputMaker


def problem(statement: str, *inputs: str) -> Problem:
    tests = tuple(Test(name=str(n), input=text, output="") for n, text in enumerate(inputs))
    return Problem(statements={"en": statement}, tests=tests)


STATEMENT = """\
## Input

N K
A_1 A_2 ... A_N
S

## Constraints

1 <= K <= N <= 100
-5 <= A_i <= 5
|S| = N
S consists of lowercase English letters.
"""


def test_inputs_obey_the_statement() -> None:
    made = InputMaker(problem(STATEMENT, "3 2\n1 0 -4\nabc\n")).inputs(1, 40)
    assert len(made) == len(set(made)) >= 30
    for text in made:
        first, numbers, word = text.strip().split("\n")
        n, k = map(int, first.split())
        assert 1 <= k <= n <= 100
        assert len(numbers.split()) == len(word) == n
        assert all(-5 <= int(number) <= 5 for number in numbers.split())
        assert word.islower()


def test_small_inputs_come_first_and_a_seed_gives_the_same() -> None:
    maker = InputMaker(problem(STATEMENT, "3 2\n1 0 -4\nabc\n"))
    made = maker.inputs(1, 30)
    assert made == maker.inputs(1, 30)
    assert made == sorted(made, key=lambda text: (len(text), text))


@pytest.mark.parametrize("statement", ["", "No sections here."])
def test_without_a_format_values_stay_within_those_of_the_samples(statement: str) -> None:
    made = InputMaker(problem(statement, "10 20\n", "15 90\n")).inputs(1, 20)
    assert made
    for text in made:
        a, b = map(int, text.split())
        assert 10 <= a <= 15
        assert 20 <= b <= 90


def test_where_the_input_obeys_unknown_rules_one_value_changes() -> None:
    statement = "## Input\n\nN\nA_1 ... A_N\n\n## Constraints\n\n1 <= A_i <= 9\nA is a heap.\n"
    example = "4\n1 2 3 4\n"
    for text in InputMaker(problem(statement, example)).inputs(1, 20):
        size, numbers = text.strip().split("\n")
        changed = [a != b for a, b in zip(numbers.split(), "1234", strict=True)]
        assert size == "4"
        assert sum(changed) == 1
