from pathlib import Path

import pytest

from reference.judge import Judge
from reference.problems import ProblemBank, read_problem
from reference.problems.check import check_problem
from reference.protocol import CheckerKind, Entry

BANK = ProblemBank()
LANGUAGES = {"en", "ko"}


@pytest.fixture(params=BANK.folders(), ids=BANK.ids())
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_a_shipped_problem_is_fit_to_judge_by(folder: Path, judge: Judge) -> None:
    assert check_problem(folder, judge) == []


def test_a_shipped_problem_is_in_both_languages(folder: Path) -> None:
    problem = read_problem(folder)
    assert problem.titles.keys() == problem.statements.keys() == LANGUAGES
    assert all(text.strip() for text in (*problem.titles.values(), *problem.statements.values()))


def test_a_shipped_problem_shows_its_first_sample(folder: Path) -> None:
    problem = read_problem(folder)
    sample = problem.tests[0]
    for statement in problem.statements.values():
        shown = [line.strip() for line in statement.splitlines()]
        assert all(line.strip() in shown for line in sample.output.splitlines()) or (
            problem.entry is Entry.FUNCTION and sample.input.strip() in statement
        )


def test_a_shipped_problem_has_solutions_in_several_styles(folder: Path) -> None:
    assert 2 <= len(read_problem(folder).solutions) <= 5


def test_a_shipped_problem_has_a_generator(folder: Path) -> None:
    assert read_problem(folder).generator is not None


def test_the_catalog_has_every_kind_of_problem() -> None:
    problems = [BANK.get(problem_id) for problem_id in BANK.ids()]
    assert len(problems) >= 40
    assert {problem.checker.kind for problem in problems} == set(CheckerKind)
    assert sum(problem.entry is Entry.FUNCTION for problem in problems) >= 3
