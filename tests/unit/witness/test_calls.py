"""Inputs of problems whose tests call functions, and what is found with them."""

import ast
import time
from typing import Any

import pytest

from reference.judge import Judge
from reference.protocol import Entry, Problem, Test, Verdict
from reference.witness import Oracle
from reference.witness.calls import CallMaker


def arguments(*examples: str) -> list[list[Any]]:
    """Return the arguments of calls made from examples."""
    made = CallMaker(examples).inputs(seed=1, count=100)
    calls = [ast.parse(text, mode="eval").body for text in made]
    assert calls
    assert all(isinstance(call, ast.Call) for call in calls)
    return [
        [ast.literal_eval(argument) for argument in call.args]
        for call in calls
        if isinstance(call, ast.Call)
    ]


def test_numbers_stay_within_what_is_shown_and_new_ones_come() -> None:
    shown = {number for (number,) in arguments("double(3)", "double(40)")}
    assert shown - {3, 40}
    assert shown <= set(range(3, 41))


def test_lists_grow_and_shrink() -> None:
    sizes = {len(numbers) for (numbers,) in arguments("total([4, 1, 4])", "total([])")}
    assert {1, 2, 3, 4} <= sizes


def test_what_ascends_in_every_example_goes_on_to() -> None:
    made = arguments("find(5, [1, 5, 5, 9])", "find(2, [3, 4])")
    assert all(numbers == sorted(numbers) for _, numbers in made)


def test_what_repeats_in_no_example_does_not_begin_to() -> None:
    made = arguments("oldest([('Ann', 30), ('Bo', 12), ('Ann', 7)])")
    ages = [[age for _, age in people] for (people,) in made]
    assert all(len(set(some)) == len(some) for some in ages)
    assert any(len({name for name, _ in people}) < len(people) for (people,) in made)


def test_a_count_stays_within_the_list_beside_it() -> None:
    made = arguments("first([4, 4, 1], 2)", "first([7], 1)", "first([7, 7, 7, 7], 4)")
    assert all(count <= len(numbers) for numbers, count in made)


@pytest.mark.parametrize("example", ["limit", "f()", "f(", "a + b"])
def test_what_is_no_call_with_arguments_is_left_alone(example: str) -> None:
    assert CallMaker([example]).inputs(seed=1, count=10) == []


def test_a_function_that_passes_its_tests_and_is_wrong_gets_a_failing_call() -> None:
    right = (
        "def largest(xs):\n    return max(xs)\n",
        "def largest(xs):\n    return sorted(xs)[-1]\n",
        "def largest(xs):\n    xs.sort()\n    return xs.pop()\n",
        "def largest(xs):\n    return -min(-x for x in xs)\n",
        "def largest(xs):\n    best = xs[0]\n    for x in xs:\n"
        "        if x > best:\n            best = x\n    return best\n",
        "def largest(xs):\n    from functools import reduce\n    return reduce(max, xs)\n",
        "def largest(xs):\n    return sorted(xs, reverse=True)[0]\n",
    )
    tests = (
        Test(name="1", input="largest([3, 1, 2])", output="3"),
        Test(name="2", input="largest([5, 4])", output="5"),
    )
    problem = Problem(tests=tests, entry=Entry.FUNCTION, solutions=right)
    with Judge() as judge:
        runs = Oracle(judge).witnesses(
            "def largest(xs):\n    return xs[0]\n", problem, time.monotonic() + 30
        )
    failing = [run for run in runs if run.verdict is not Verdict.ACCEPTED]
    assert failing
    assert all(run.test.input.startswith("largest([") for run in failing)
