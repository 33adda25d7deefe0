from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.problems import ProblemBank, ProblemError, read_problem, write_problem
from reference.protocol import Checker, CheckerKind, Entry, Problem, Test

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\ufeff"), min_size=1)


@pytest.mark.parametrize("problem_id", ProblemBank().ids())
def test_what_is_written_reads_the_same(problem_id: str, tmp_path: Path) -> None:
    problem = ProblemBank().get(problem_id)
    write_problem(problem, tmp_path / problem_id)
    assert read_problem(tmp_path / problem_id) == problem


@given(
    titles=st.dictionaries(st.sampled_from(["ko", "en", "pt-BR"]), TEXT),
    checker=st.sampled_from(CheckerKind),
    tolerance=st.floats(min_value=1e-12, max_value=10),
    input_=TEXT,
)
def test_any_text_survives(
    titles: dict[str, str],
    checker: CheckerKind,
    tolerance: float,
    input_: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    program = "print('accepted')" if checker is CheckerKind.PROGRAM else None
    settings = {"tolerance": tolerance} if checker is CheckerKind.FLOAT else {}
    problem = Problem(
        id="any",
        titles=titles,
        statements=dict(titles),
        checker=Checker(kind=checker, program=program, **settings),
        tests=(Test(name="1", input=input_, output=""),),
    )
    folder = tmp_path_factory.mktemp("written") / "any"
    write_problem(problem, folder)
    assert read_problem(folder) == problem


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "cups").mkdir()
    (tmp_path / "cups" / "mine.txt").write_text("precious")
    with pytest.raises(ProblemError, match="exists already"):
        write_problem(Problem(id="cups"), tmp_path / "cups")
    assert (tmp_path / "cups" / "mine.txt").read_text() == "precious"


def test_nothing_is_half_written(tmp_path: Path) -> None:
    unreadable = Problem(
        id="cups",
        entry=Entry.FUNCTION,
        tests=(Test(name="1", input="not an expression", output="1"),),
    )
    with pytest.raises(ProblemError, match="one Python expression"):
        write_problem(unreadable, tmp_path / "cups")
    assert list(tmp_path.iterdir()) == []
