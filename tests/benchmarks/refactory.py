"""Refactory's student programs: `python tests/benchmarks/refactory.py [--limit N]`.

The programs are the wrong ones of Refactory-1783 (Hu et al., ASE 2019) without the 61 that pass
the tests when run. The peers are the task's correct programs. The relative patch size is
Refactory's: the tree edit distance (Zhang and Shasha 1989) between the syntax trees of the
program and of its repair, over the size of the program's tree.

Two rounds: `all tests` gives the engine every test and judges by every test, as the published
figures do. `half` gives it every second test, and judges by all of them.
"""

import argparse
import ast
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import zss
from rich.console import Console
from rich.progress import track
from rich.table import Table

from reference.edits import SourceText
from reference.judge import Judge
from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest
from reference.wpc import WPC
from tests.benchmarks.data import machine, refactory_problem, rows, spread


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one program."""

    problem: str
    right: bool
    patch: float | None
    seconds: float


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="programs, evenly spread; by default all")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    title = f"Refactory; {machine()}"
    correct = defaultdict(list)
    for row in rows("refactory_correct.jsonl"):
        correct[row["problem_id"]].append(row["code"])
    wrong = [row for row in rows("refactory.jsonl") if row["kind"] == "wrong"]
    chosen = spread(wrong, options.limit)
    table = Table(title=title)
    for heading in ("tests given", "task", "programs", "fixed", "%", "patch size", "median", "s"):
        table.add_column(heading, justify="right")
    for name, step in (("all tests", 1), ("half", 2)):
        with (
            Judge() as judge,
            WPC(judge=Judge()) as engine,
            ThreadPoolExecutor(options.jobs) as pool,
        ):
            work = pool.map(partial(outcome, engine, judge, correct, step), chosen)
            outcomes = list(track(work, name, len(chosen), console=Console(stderr=True)))
        for task in [*sorted({one.problem for one in outcomes}), "together"]:
            some = [one for one in outcomes if task in (one.problem, "together")]
            table.add_row(name, task, *figures(some))
    Console(width=110).print(table)


def outcome(
    engine: WPC, judge: Judge, correct: dict[str, list[str]], step: int, row: dict[str, Any]
) -> Outcome:
    """Repair a program with every `step`-th test, and judge it by all."""
    problem = refactory_problem(row, correct[row["problem_id"]])
    given = problem.model_copy(update={"tests": problem.tests[::step]})
    request = RepairRequest(
        code=row["buggy"],
        problem=ProblemReference(inline=given),
        options=RepairOptions(max_fixes=1),
    )
    began = time.perf_counter()
    report = engine.repair(request)
    seconds = time.perf_counter() - began
    if not report.fixes:
        return Outcome(row["problem_id"], False, None, seconds)
    fixed = SourceText(row["buggy"]).apply(report.fixes[0].edits)
    right = passes(judge, fixed, problem)
    patch = relative_patch_size(row["buggy"], fixed) if right else None
    return Outcome(row["problem_id"], right, patch, seconds)


def passes(judge: Judge, program: str, problem: Problem) -> bool:
    """Whether a program passes all tests."""
    return judge.judge(program, problem, stop_at_failure=True).accepted


def relative_patch_size(before: str, after: str) -> float:
    """Return the tree edit distance over the size of the program before."""
    trees = [ast.parse(SourceText(text).text) for text in (before, after)]
    distance = zss.distance(
        *trees,
        get_children=lambda node: list(ast.iter_child_nodes(node)),
        insert_cost=lambda _: 1,
        remove_cost=lambda _: 1,
        update_cost=lambda a, b: int(_label(a) != _label(b)),
    )
    return float(distance) / sum(1 for _ in ast.walk(trees[0]))


def _label(node: ast.AST) -> str:
    values = [
        str(getattr(node, name, ""))
        for name in node._fields
        if not isinstance(getattr(node, name, None), ast.AST | list)
    ]
    return " ".join((type(node).__name__, *values))


def figures(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the cells of a row."""
    patches = [one.patch for one in outcomes if one.patch is not None]
    fixed = sum(one.right for one in outcomes)
    return [
        str(len(outcomes)),
        str(fixed),
        f"{100 * fixed / len(outcomes):.1f}",
        f"{statistics.mean(patches):.3f}" if patches else "-",
        f"{statistics.median(patches):.3f}" if patches else "-",
        f"{statistics.median(one.seconds for one in outcomes):.2f}",
    ]


if __name__ == "__main__":
    main()
