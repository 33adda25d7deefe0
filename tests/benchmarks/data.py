"""The third-party data that the benchmarks measure on, and the machine that they run on."""

import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reference.judge import Judge
from reference.model import RepairModel
from reference.propose.model import PROPOSALS
from reference.protocol import Entry, Failure, Problem, Test
from reference.repair.report import summary

FOLDER = Path(__file__).parents[3] / "shared" / "data"
PROGRAMS = 60
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Question:
    """A wrong program, as the model is asked about it."""

    code: str
    problem: Problem
    failure: Failure | None

    def ask(self, model: RepairModel) -> list[tuple[str, float]]:
        """Return what a model proposes, and how likely it is."""
        deadline = time.monotonic() + PATIENCE_S
        return list(
            model.propose(self.code, self.problem, self.failure, n=PROPOSALS, deadline=deadline)
        )


def rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON Lines; ends the program where it does not lie."""
    path = FOLDER / name
    if not path.exists():
        sys.exit(f"This benchmark measures on {path}, which is not there.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def spread(items: list[Any], limit: int | None) -> list[Any]:
    """Return `limit` of the items, evenly spread; all of them for None."""
    if limit is None or limit >= len(items):
        return items
    return [items[index * len(items) // limit] for index in range(limit)]


def refactory_problem(row: dict[str, Any], solutions: list[str]) -> Problem:
    """Return the course task of a row of refactory.jsonl."""
    tests = tuple(
        Test(name=f"test-{number}", input=test["input"], output=test["output"])
        for number, test in enumerate(row["tests_expr"], 1)
    )
    return Problem(
        tests=tests,
        entry=Entry.FUNCTION,
        prelude=row["prelude"],
        statements={"en": row["statement"]},
        solutions=tuple(solutions),
    )


def wrong_programs() -> list[Question]:
    """Return `PROGRAMS` that a judge refused, each with a sample that it fails."""
    problems = {row["id"]: row for row in rows("problems.jsonl")}
    found = []
    with Judge() as judge:
        for pair in spread(rows("pairs_dev.jsonl"), 2 * PROGRAMS):
            row = problems[pair["problem_id"]]
            tests = tuple(
                Test(name=f"sample-{n}", input=t["input"], output=t["output"], sample=True)
                for n, t in enumerate(row["samples"], 1)
            )
            problem = Problem(statements={"en": row["statement"]}, tests=tests)
            failure = summary(judge.judge(pair["buggy"], problem)).first_failure
            if failure is not None:
                found.append(Question(pair["buggy"], problem, failure))
    return found[:PROGRAMS]


def machine() -> str:
    """Say what the figures were measured on, and how busy it was."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {platform.machine()}, Python {platform.python_version()}, "
        f"load {load:.1f} before"
    )
