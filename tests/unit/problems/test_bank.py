import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reference.errors import BrokenProblemError, EngineError, UnknownProblemError
from reference.problems import ProblemBank, ProblemError, catalog_path

Write = Callable[[dict[str, str | bytes]], Path]


def test_the_shipped_problems_are_there() -> None:
    bank = ProblemBank()
    assert "silver_medal" in bank
    assert "p00000" not in bank
    assert bank.get("silver_medal").title("ko") == "은메달"
    assert bank.ids() == [summary.id for summary in bank.summaries()]


def test_a_further_folder_adds_and_replaces_problems(write: Write) -> None:
    root = write({"cups/problem.toml": "", "silver_medal/problem.toml": 'title = "Mine"'})
    bank = ProblemBank([root])
    assert bank.get("cups").id == "cups"
    assert bank.get("silver_medal").title() == "Mine"
    assert bank.folders()[bank.ids().index("cups")] == root / "cups"


def test_an_unknown_id_gets_the_ids_that_look_like_it() -> None:
    with pytest.raises(UnknownProblemError) as caught:
        ProblemBank().get("silver_medl")
    assert isinstance(caught.value, EngineError)
    assert caught.value.code == "unknown_problem"
    assert caught.value.close == ("silver_medal",)
    assert str(caught.value) == "There is no problem 'silver_medl': did you mean silver_medal?"


def test_an_id_like_no_other_gets_the_way_to_the_list() -> None:
    with pytest.raises(UnknownProblemError, match="problems list"):
        ProblemBank().get("0000000000")


@pytest.mark.parametrize("files", [{"a file": ""}, {"a file/Bad Name/problem.toml": ""}])
def test_a_folder_that_is_no_bank_is_refused(write: Write, files: dict[str, str | bytes]) -> None:
    with pytest.raises(ProblemError, match=r"folder for each problem|name it with a-z"):
        ProblemBank([write(files) / "a file"])


def test_a_malformed_problem_hides_no_other(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    bank = ProblemBank([write({"good/problem.toml": "", "broken/problem.toml": "title ="})])
    listed = [summary.id for summary in bank.summaries()]
    assert "good" in listed
    assert "broken" not in listed
    assert "broken" in caplog.text
    with pytest.raises(BrokenProblemError) as caught:
        bank.get("broken")
    assert caught.value.code == "broken_problem"
    assert "'broken' of the bank cannot be read: problem.toml: is not TOML" in str(caught.value)


def test_a_problem_that_changes_is_read_again(write: Write) -> None:
    root = write({"cups/problem.toml": "", "cups/tests/1.in": "1", "cups/tests/1.out": "1"})
    bank = ProblemBank([root])
    assert bank.get("cups") is bank.get("cups")
    (root / "cups/tests/1.out").write_text("10")
    assert bank.get("cups").tests[0].output == "10"


@pytest.fixture
def own_bank(tmp_path: Path) -> ProblemBank:
    """Return a bank whose silver_medal may be written to."""
    shutil.copytree(catalog_path() / "silver_medal", tmp_path / "silver_medal")
    return ProblemBank([tmp_path])


def test_a_new_solution_is_kept(own_bank: ProblemBank, tmp_path: Path) -> None:
    code = "input()\nscores = {*map(int, input().split())}\nscores.remove(max(scores))\n"
    code += "print(max(scores, default='none'))\n"
    before = own_bank.get("silver_medal").solutions
    assert own_bank.add_solution("silver_medal", code)
    assert own_bank.get("silver_medal").solutions == (*before, code)
    assert ProblemBank([tmp_path]).get("silver_medal").solutions == (*before, code)
    assert not own_bank.add_solution("silver_medal", code)


def test_other_names_comments_and_format_make_no_new_solution(own_bank: ProblemBank) -> None:
    known = own_bank.get("silver_medal").solutions
    same = "# mine!\nk = int(input())\np = sorted( set(map(int, input().split())) )\n"
    same += "if len(p)<2: print('none')\nelse: print(p[-2])\n"
    assert not own_bank.add_solution("silver_medal", same)
    assert own_bank.get("silver_medal").solutions == known


def test_a_changed_constant_makes_a_new_solution(own_bank: ProblemBank) -> None:
    (first, *_) = own_bank.get("silver_medal").solutions
    assert own_bank.add_solution("silver_medal", first.replace("-2", "-3"))


def test_a_solution_must_be_python_and_its_problem_known(own_bank: ProblemBank) -> None:
    with pytest.raises(SyntaxError):
        own_bank.add_solution("silver_medal", "print(")
    with pytest.raises(UnknownProblemError):
        own_bank.add_solution("gold_medal", "print()")
