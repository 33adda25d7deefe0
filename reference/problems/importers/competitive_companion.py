"""A problem as the browser extension Competitive Companion sends it."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from reference.problems.importers.reading import build_problem, parse_json, parse_record
from reference.problems.importers.text import as_id, as_tests, language_of
from reference.protocol import Problem
from reference.protocol.folder import ProblemError, read_text


class _Test(BaseModel):
    input: str
    output: str


class _Stream(BaseModel):
    type: Literal["stdin", "stdout"]


class _Task(BaseModel):
    name: str
    interactive: bool = False
    time_limit: int = Field(default=2000, alias="timeLimit")  # milliseconds
    memory_limit: int = Field(default=512, alias="memoryLimit")  # MiB
    tests: list[_Test] = Field(min_length=1)
    input: _Stream = _Stream(type="stdin")
    output: _Stream = _Stream(type="stdout")


def read(path: Path) -> Problem:
    """Read one problem; its id comes from its name.

    Raises
    ------
    ProblemError
        If the file is malformed, or the problem is interactive or does not use standard input
        and output.
    """
    task = parse_record(path, "", _Task, parse_json(path, read_text(path)))
    if task.interactive:
        raise ProblemError(path, "interactive: such problems cannot be judged by tests")
    pairs = [(test.input, test.output) for test in task.tests]
    return build_problem(
        path,
        task.name,
        id=as_id(path, task.name),
        titles={language_of(task.name): task.name},
        time_limit_s=task.time_limit / 1000,
        memory_limit_mib=task.memory_limit,
        tests=as_tests(pairs, "sample"),
    )
