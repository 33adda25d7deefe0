import re

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


def test_a_statement_in_several_languages_is_understood_as_well() -> None:
    english = problem(STATEMENT, "3 2\n1 0 -4\nabc\n")
    korean = STATEMENT.replace("consists of lowercase English letters", "는 영어 소문자이다")
    both = english.model_copy(update={"statements": {"ko": korean, "en": STATEMENT}})
    assert InputMaker(english).obeys
    assert InputMaker(both).inputs(1, 40) == InputMaker(english).inputs(1, 40)


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


def test_small_numbers_and_the_ends_of_ranges_are_tried_in_all_combinations() -> None:
    statement = "## Input\n\nD N\n\n## Constraints\n\nD is 0, 1 or 2.\n1 <= N <= 100\n"
    made = InputMaker(problem(statement, "0 5\n", "1 11\n")).inputs(1, 100)
    for d in (0, 1, 2):
        for n in (*range(1, 5), 99, 100):
            assert f"{d} {n}\n" in [*made, "0 5\n", "1 11\n"]


def test_a_line_may_have_one_value_less_than_announced() -> None:
    statement = (
        "## Input\n\nN\nB_1 B_2 ... B_{N-1}\n\n## Constraints\n\n2 <= N <= 9\n0 <= B_i <= 9\n"
    )
    made = InputMaker(problem(statement, "3\n2 5\n")).inputs(1, 20)
    assert len(made) >= 15
    for text in made:
        size, numbers = text.strip().split("\n")
        assert len(numbers.split()) == int(size) - 1


def test_a_text_of_digits_is_no_number() -> None:
    statement = "## Input\n\nS\n\n## Constraints\n\n1 <= |S| <= 100000\nS_i is 0 or 1.\n"
    made = InputMaker(problem(statement, "000\n", "10010010\n")).inputs(1, 60)
    assert len(made) >= 40
    assert all(set(text.strip()) <= {"0", "1"} for text in made)
    assert max(map(len, made)) > 12


def test_texts_are_also_made_by_small_changes_of_the_samples() -> None:
    statement = (
        "## Input\n\nS\n\n## Constraints\n\n4 <= |S| <= 10\nS consists of English letters.\n"
    )
    made = InputMaker(problem(statement, "AtCoder\n")).inputs(1, 60)
    assert any(text[0] == "A" and "C" in text[2:-2] and text != "AtCoder\n" for text in made)


def test_numbers_far_beyond_those_of_the_samples_are_tried() -> None:
    statement = "## Input\n\nN\nh_1 ... h_N\n\n## Constraints\n\n1 <= N <= 9\n1 <= h_i <= 10^9\n"
    made = InputMaker(problem(statement, "2\n1 2\n")).inputs(1, 80)
    assert any(int(word) > 10**7 for text in made for word in text.split("\n")[1].split())


def test_without_a_format_and_numbers_letters_change() -> None:
    made = InputMaker(problem("", "pot\ntop\n", "tab\nbet\n")).inputs(1, 20)
    assert len(made) >= 15
    for text in made:
        assert [len(row) for row in text.split("\n")] == [3, 3, 0]
        assert set(text) <= set("potabe\n")


def test_a_text_keeps_the_length_that_a_number_announces() -> None:
    statement = "## Input\n\nN\nS\n\n## Constraints\n\n1 <= N <= 9\nS consists of letters.\n"
    made = InputMaker(problem(statement, "3\nabc\n", "5\nxyxyx\n")).inputs(1, 40)
    assert made
    assert all(int(size) == len(text) for size, text in map(str.split, made))


def test_decimals_and_dates_keep_their_form() -> None:
    statement = "## Input\n\nA D\n\n## Constraints\n\n0 <= A <= 9\n"
    made = InputMaker(problem(statement, "3 2019/04/30\n", "5 2020/11/02\n")).inputs(1, 40)
    assert made
    assert all(re.fullmatch(r"\d \d{4}/\d\d/\d\d\n", text) for text in made)


def test_where_words_are_not_understood_common_divisors_and_order_stay() -> None:
    rules = "0 <= X <= 1000\n0 <= A_i <= 99\nX is a sum of coins, and A is a route.\n"
    statement = f"## Input\n\nX N\nA_1 ... A_N\n\n## Constraints\n\n{rules}"
    examples = ("100 3\n2 4 9\n", "250 2\n1 7\n")
    made = [text.split() for text in InputMaker(problem(statement, *examples)).inputs(1, 40)]
    assert made
    for total, _, *route in made:
        assert int(total) % 50 == 0
        assert list(map(int, route)) == sorted(map(int, route))


def test_a_statement_without_constraints_is_not_understood() -> None:
    assert not InputMaker(problem("## Input\n\nN\n\n## Constraints\n", "6\n")).obeys
