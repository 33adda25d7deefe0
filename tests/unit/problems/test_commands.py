import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modal_app.commands.problems import problems
from reference.problems import ProblemBank, read_problem, write_problem

Write = Callable[[dict[str, str | bytes]], Path]

ROW = {"id": "p90001", "statement": "Add.", "samples": [{"input": "1 2\n", "output": "3\n"}]}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(problems, [str(argument) for argument in arguments])


def test_list_shows_id_tests_and_title() -> None:
    result = run("list", "--locale", "ko")
    line = next(line for line in result.output.splitlines() if line.startswith("silver_medal "))
    assert line.split() == ["silver_medal", "18", "은메달"]


def test_show_prints_the_statement() -> None:
    result = run("show", "silver_medal")
    assert result.output.startswith("# Silver medal\n\nThe swimming club")


def test_an_unknown_problem_fails_with_a_hint() -> None:
    result = run("show", "silver_medl")
    assert result.exit_code == 1
    assert result.output == "Error: There is no problem 'silver_medl': did you mean silver_medal?\n"


def test_import_writes_folders_that_the_bank_reads(write: Write) -> None:
    root = write({"problems.jsonl": json.dumps(ROW)})
    result = run("import", root / "problems.jsonl", "--into", root / "bank")
    assert result.output == f"1 problems imported into {root / 'bank'}\n"
    assert ProblemBank([root / "bank"]).get("p90001").statement() == "Add.\n"
    assert "p90001" in run("--problems", root / "bank", "list").output


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW, {"id": "p90002"}], "line 2.samples: Field required"),
        ([ROW, ROW], "p90001 is in it 2 times"),
        ([{**ROW, "id": "p90002"}, {**ROW, "id": "taken"}], "taken: exists already"),
    ],
)
def test_import_writes_all_or_nothing(
    write: Write, rows: list[dict[str, object]], message: str
) -> None:
    root = write({"p.jsonl": "\n".join(map(json.dumps, rows)), "bank/taken/problem.toml": ""})
    result = run("import", root / "p.jsonl", "--into", root / "bank")
    assert result.exit_code == 1
    assert message in result.output
    assert [path.name for path in (root / "bank").iterdir()] == ["taken"]


def test_check_fails_on_an_unfit_problem(write: Write) -> None:
    root = write({"p/problem.toml": ""})
    result = run("check", root / "p")
    assert result.exit_code == 1
    assert "there is no statement.md" in result.output
    assert "Error: 1 of the problems are not fit for use; see above." in result.output


def test_check_passes_a_fit_one() -> None:
    result = run("check", ProblemBank().folders()[0])
    assert (result.exit_code, result.output) == (0, "")


def test_generate_reports_the_number_of_tests(write: Write) -> None:
    root = write(
        {
            "p/problem.toml": "",
            "p/tests/edge.in": "7\n",
            "p/solutions/1.py": "print(input())",
            "p/generate.py": "print(input())",
        }
    )
    result = run("generate", root / "p", "--count", "2")
    assert (result.exit_code, result.output) == (0, "p: 3 tests\n")
    assert (root / "p" / "tests" / "edge.out").read_text() == "7\n"


def test_only_accepted_programs_become_solutions(tmp_path: Path) -> None:
    write_problem(ProblemBank().get("silver_medal"), tmp_path / "bank" / "silver_medal")
    before = read_problem(tmp_path / "bank" / "silver_medal").solutions

    def add(code: str) -> Result:
        path = tmp_path / "mine.py"
        path.write_text(code)
        return run("--problems", tmp_path / "bank", "add-solution", "silver_medal", path)

    wrong = add("input()\nprint(sorted(map(int, input().split()))[-2])\n")
    assert wrong.exit_code == 1
    assert "mine.py is not accepted: wrong answer" in wrong.output
    right = "input()\n*_, s, g = [None, *sorted({int(w) for w in input().split()})]\n"
    right += "print('none' if s is None else s)\n"
    assert add(right).output == "added\n"
    assert add(right.replace("g", "gold")).output.startswith("not added")
    assert read_problem(tmp_path / "bank" / "silver_medal").solutions == (*before, right)
