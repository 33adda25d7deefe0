"""Problems and solutions in JSON Lines: one object a line."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from reference.problems.importers.reading import build_problem, parse_json, parse_record
from reference.problems.importers.text import as_tests, compose_statement, language_of
from reference.protocol import Problem
from reference.protocol.folder import ProblemError, is_problem_id, read_text

Row = TypeVar("Row", bound=BaseModel)


class _Pair(BaseModel):
    input: str
    output: str


class _ProblemRow(BaseModel):
    id: str
    name: str | None = None
    statement: str = ""
    input: str = ""
    output: str = ""
    constraints: str = ""
    time_limit_ms: int = 2000
    samples: list[_Pair]
    tests: list[_Pair] = []


class _SolutionRow(BaseModel):
    problem_id: str
    code: str


def read(path: Path) -> Iterator[Problem]:
    """Read problems: objects with id, statement, samples, and perhaps name and tests.

    Raises
    ------
    ProblemError
        If a line is malformed; the message names it and the key.
    """
    for place, row in _rows(path, _ProblemRow):
        if not is_problem_id(row.id):
            raise ProblemError(path, f"{place}: {row.id!r} cannot be an id: use a-z, 0-9, _ and -")
        locale = language_of(row.statement)
        samples = [(pair.input, pair.output) for pair in row.samples]
        tests = [(pair.input, pair.output) for pair in row.tests]
        yield build_problem(
            path,
            place,
            id=row.id,
            titles={locale: row.name} if row.name else {},
            statements={
                locale: compose_statement(row.statement, row.input, row.output, row.constraints)
            },
            time_limit_s=row.time_limit_ms / 1000,
            tests=(*as_tests(samples, "sample"), *as_tests(tests, "test")),
        )


def read_solutions(path: Path) -> dict[str, list[str]]:
    """Read accepted programs by problem: objects with problem_id and code.

    Raises
    ------
    ProblemError
        If a line is malformed; the message names it and the key.
    """
    solutions = defaultdict(list)
    for _, row in _rows(path, _SolutionRow):
        solutions[row.problem_id].append(row.code)
    return dict(solutions)


def _rows(path: Path, model: type[Row]) -> Iterator[tuple[str, Row]]:
    # Not str.splitlines: a string in JSON may hold U+2028 and other separators as they are.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            place = f"line {number}"
            record = parse_json(path, line, f"{place}: ")
            yield place, parse_record(path, place, model, record)
