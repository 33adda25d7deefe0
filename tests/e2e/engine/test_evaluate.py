"""`wpc-engine evaluate` on pairs of the test's own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ENGINE = Path(sys.executable).parent / "wpc-engine"
FIXED = "n = int(input())\nprint(sum(range(n + 1)))\n"
PEER = "t = 0\nfor i in range(int(input()) + 1):\n    t += i\nprint(t)\n"
PROBLEM = {
    "id": "sum_to",
    "name": "Sum to n",
    "statement": "Print the sum of the numbers from 1 to n.",
    "input": "n",
    "output": "The sum.",
    "constraints": "1 <= n <= 100",
    "samples": [{"input": "3\n", "output": "6\n"}, {"input": "1\n", "output": "1\n"}],
    "tests": [{"input": "10\n", "output": "55\n"}, {"input": "2\n", "output": "3\n"}],
}
PAIRS = [
    {"id": "a", "problem_id": "sum_to", "buggy": FIXED.replace("n + 1", "n"), "fixed": FIXED},
    {"id": "b", "problem_id": "sum_to", "buggy": "print(", "fixed": FIXED, "verified": False},
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def evaluate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ENGINE, "evaluate", *arguments], capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    pairs = write(tmp_path / "pairs.jsonl", PAIRS)
    problems = write(tmp_path / "problems.jsonl", [PROBLEM])
    return ["--pairs", pairs, "--problems", problems]


def test_figures_and_outcomes_come_as_json(files: list[str | Path], tmp_path: Path) -> None:
    rows = [{"problem_id": "sum_to", "code": code} for code in (FIXED, PEER)]
    solutions = write(tmp_path / "solutions.jsonl", rows)
    done = evaluate(*files, "--solutions", solutions, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["figures"]["pairs"] == 1  # the pair that is not verified is left out
    assert answer["figures"]["passing everything"] == 1
    assert answer["figures"]["accepted programs with findings"] == 0
    outcome = answer["outcomes"][0]
    assert outcome["pair"] == "a"
    assert outcome["fails_sample"]
    assert outcome["changed"] == len(" + 1")


def test_a_table_is_for_people(files: list[str | Path]) -> None:
    done = evaluate(*files)
    assert done.returncode == 0, done.stderr
    assert "passing everything" in done.stdout
    assert "1 (100.0 %)" in done.stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "line 1"), ('{"id": "a"}', "problem_id"), ("[]", "line 1")],
)
def test_malformed_pairs_are_named(files: list[str | Path], line: str, message: str) -> None:
    Path(files[1]).write_text(f"{line}\n", encoding="utf-8")
    done = evaluate(*files)
    assert done.returncode == 1
    assert message in done.stderr


def test_a_pair_of_an_unknown_problem_is_named(files: list[str | Path]) -> None:
    write(Path(files[1]), [{**PAIRS[0], "problem_id": "other"}])
    done = evaluate(*files)
    assert done.returncode == 1
    assert "has no problem other" in done.stderr
