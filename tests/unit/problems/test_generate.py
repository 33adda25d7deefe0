from collections.abc import Callable
from pathlib import Path

import pytest

from reference.judge import Judge
from reference.problems import ProblemError, read_problem
from reference.problems.check import check_problem
from reference.problems.generate import generate_tests

Write = Callable[[dict[str, str | bytes]], Path]
Files = dict[str, str | bytes]

PRODUCT: Files = {
    "p/problem.toml": 'title = "Product"',
    "p/statement.md": "Multiply.",
    "p/tests/sample-1.in": "2 3\n",
    "p/tests/sample-1.out": "6\n",
    "p/tests/edge-zero.in": "0 9\n",
    "p/solutions/1_times.py": "a, b = map(int, input().split())\nprint(a * b)\n",
    "p/solutions/2_adding.py": "a, b = map(int, input().split())\nprint(sum([a] * b))\n",
    "p/generate.py": "seed = int(input())\nprint(seed // 2, 10)\n",
}


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "tests").iterdir()}


def test_tests_are_made_from_the_generator_and_the_solutions(write: Write, judge: Judge) -> None:
    folder = write(PRODUCT | {"p/tests/random-7.in": "stale\n"}) / "p"
    tests = generate_tests(folder, judge, count=3)
    assert _texts(folder) == {
        "sample-1.in": "2 3\n",
        "sample-1.out": "6\n",
        "edge-zero.in": "0 9\n",
        "edge-zero.out": "0\n",
        "random-1.in": "0 10\n",
        "random-1.out": "0\n",
        "random-2.in": "1 10\n",
        "random-2.out": "10\n",
        "random-3.in": "2 10\n",
        "random-3.out": "20\n",
    }
    assert {test.name for test in tests} == {test.name for test in read_problem(folder).tests}


def test_generating_again_changes_nothing(write: Write, judge: Judge) -> None:
    folder = write(PRODUCT) / "p"
    generate_tests(folder, judge, count=4)
    before = _texts(folder)
    generate_tests(folder, judge, count=4)
    assert _texts(folder) == before


def test_outputs_of_functions_are_expressions(write: Write, judge: Judge) -> None:
    folder = write(
        {
            "p/problem.toml": 'entry = "function"',
            "p/solutions/1.py": "def twice(s):\n    return [s, s]\n",
            "p/generate.py": "print(f'twice({input()!r})')\n",
        }
    )
    generate_tests(folder / "p", judge, count=1)
    assert _texts(folder / "p") == {"random-1.in": "twice('1')\n", "random-1.out": "['1', '1']\n"}


@pytest.mark.parametrize(
    ("changes", "at_fault", "message"),
    [
        (
            {"p/solutions/2_adding.py": "a, b = map(int, input().split())\nprint(a + b)\n"},
            "solutions/2_adding.py",
            r"wrong answer on test sample-1: expected '6\\n', got '5\\n'",
        ),
        (
            {"p/solutions/2_adding.py": "print(1 // 0)\n"},
            "solutions/2_adding.py",
            "runtime error on test sample-1: (?s:.)*ZeroDivisionError",
        ),
        (
            {"p/tests/sample-1.out": "7\n"},
            "solutions/1_times.py",
            r"wrong answer on test sample-1: expected '7\\n'",
        ),
        (
            {"p/solutions/1_times.py": "raise SystemExit(1)\n"},
            "solutions/1_times.py",
            "runtime error on test edge-zero",
        ),
        (
            {"p/generate.py": "input()\nprint('1 1')\n"},
            "generate.py",
            "makes only 1 different inputs, not 3; vary more",
        ),
        ({"p/generate.py": "print(int('x'))\n"}, "generate.py", "runtime error on seed 1"),
        ({"p/generate.py": None}, "generate.py", "is missing; it reads a seed"),
        (
            {"p/solutions/1_times.py": None, "p/solutions/2_adding.py": None},
            "solutions",
            "holds no program",
        ),
    ],
)
def test_nothing_is_written_unless_all_agree(
    write: Write,
    judge: Judge,
    changes: dict[str, str | None],
    at_fault: str,
    message: str,
) -> None:
    files = {name: text for name, text in (PRODUCT | changes).items() if text is not None}
    folder = write(files) / "p"
    before = _texts(folder)
    with pytest.raises(ProblemError, match=message) as caught:
        generate_tests(folder, judge, count=3)
    assert caught.value.path == folder / at_fault
    assert _texts(folder) == before


def test_a_complete_problem_is_fit_for_use(write: Write, judge: Judge) -> None:
    folder = write(PRODUCT) / "p"
    generate_tests(folder, judge, count=8)
    assert check_problem(folder, judge) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"p/problem.toml": "title ="}, "is not TOML"),
        ({"p/problem.toml": 'title = { en = "A", ko = "B" }'}, "title in 'ko' has no statement"),
        ({"p/statement.ko.md": "곱하세요."}, "the statement in 'ko' has no title"),
        ({"p/statement.md": None}, "there is no statement.md"),
        ({"p/tests/sample-1.in": None, "p/tests/sample-1.out": None}, "no test is a sample"),
        (
            {f"p/tests/random-{n}.{end}": None for n in (1, 2, 3) for end in ("in", "out")},
            "7 tests",
        ),
        ({"p/tests/random-1.in": "0 9\n"}, "the tests edge-zero and random-1 have the same input"),
        (
            {"p/solutions/3.py": "x,y=map(int,input().split())\nprint(x*y) # !"},
            "1_times.py and 3.py differ only in names, comments or formatting",
        ),
        ({"p/solutions/1_times.py": None, "p/solutions/2_adding.py": None}, "holds no program"),
        ({"p/solutions/3.py": "print(6"}, "3.py is not Python: line 1: '(' was never closed"),
        ({"p/solutions/3.py": "print(6)"}, "3.py: wrong answer on test edge-zero"),
    ],
)
def test_what_makes_a_problem_unfit(
    write: Write, judge: Judge, changes: dict[str, str | None], complaint: str
) -> None:
    folder = write(PRODUCT) / "p"
    generate_tests(folder, judge, count=8)
    for name, text in changes.items():
        path = folder.parent / name
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    complaints = check_problem(folder, judge)
    assert any(complaint in line for line in complaints), complaints
    assert all(str(folder) in line for line in complaints)
