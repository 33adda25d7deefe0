"""Read training data: problems, accepted programs, and pairs of a wrong program and its fix.

JSON Lines files: problems (id, statement, samples, and optionally constraints, input, output,
tests), solutions (problem_id, code), and pairs (id, problem_id, buggy, fixed, optionally verified).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reference.protocol import Entry, Problem, Test

_SECTIONS = (("constraints", "Constraints"), ("input", "Input"), ("output", "Output"))


class DataError(Exception):
    """A data file cannot be used; the message names the file, the line, and what to do."""


@dataclass(frozen=True, slots=True)
class Solution:
    """An accepted program."""

    problem_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A wrong program and an accepted one by the same author.

    `verified` is false where the judge disagrees with that.
    """

    id: str
    problem_id: str
    wrong: str
    fixed: str
    verified: bool


def read_problems(path: Path) -> dict[str, Problem]:
    """Read a file of problems, by id; samples come first among the tests."""
    problems = {}
    for row in _rows(path, ("id", "statement", "samples")):
        tests = [
            Test(name=f"{kind}-{number:02}", input=t["input"], output=t["output"], sample=sample)
            for kind, sample in (("samples", True), ("tests", False))
            for number, t in enumerate(row.get(kind) or (), 1)
        ]
        sections = [f"## {title}\n\n{row[key]}" for key, title in _SECTIONS if row.get(key)]
        problems[row["id"]] = Problem(
            id=row["id"],
            titles={"en": row["name"]} if row.get("name") else {},
            statements={"en": "\n\n".join([row["statement"], *sections])},
            tests=tuple(tests),
            entry=Entry(row.get("entry", "stdin")),
            prelude=row.get("prelude", ""),
        )
    return problems


def read_all_problems(paths: Sequence[Path]) -> dict[str, Problem]:
    """Read files of problems; where two have the same id, the first file's is taken."""
    return {
        name: problem for path in reversed(paths) for name, problem in read_problems(path).items()
    }


def read_solutions(path: Path) -> list[Solution]:
    """Read accepted programs."""
    rows = _rows(path, ("problem_id", "code"))
    return [Solution(row["problem_id"], plain_text(row["code"])) for row in rows]


def read_pairs(path: Path) -> list[Pair]:
    """Read wrong programs with their fixes."""
    return [
        Pair(
            row["id"],
            row["problem_id"],
            plain_text(row["buggy"]),
            plain_text(row["fixed"]),
            row.get("verified", True),
        )
        for row in _rows(path, ("id", "problem_id", "buggy", "fixed"))
    ]


def plain_text(code: str) -> str:
    r"""Return `code` with `\n` line ends, no byte order mark, and one line end at its end."""
    code = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return code.rstrip() + "\n"


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check the folder") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{path}:{number}: not a JSON object ({error.msg})") from error
        missing = [key for key in needed if key not in row]
        if missing:
            raise DataError(f"{path}:{number}: add the missing {', '.join(missing)}")
        yield row
