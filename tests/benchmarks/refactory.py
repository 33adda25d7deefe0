"""Refactory's student programs: `python -m tests.benchmarks.refactory [--sample N]`.

The programs are the wrong ones of Refactory-1783 (Hu et al., ASE 2019) without the 61 that pass
the tests when run. The peers are the task's correct programs. The relative patch size is
Refactory's: the tree edit distance (Zhang and Shasha 1989) between the syntax trees of the
program and of its repair, over the size of the program's tree.

Two rounds: `all tests` gives the engine every test and judges by every test, as the published
figures do. `half` gives it every second test, the even ones for one program and the odd ones for
the next, and judges by all of them.

All programs take a while. With `--results FILE` what is known is kept, and a second call goes on
from there; `--jobs 2` repairs two programs at a time, each with half of the processors.
"""

import argparse
import ast
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import zss
from rich.console import Console
from rich.progress import track
from rich.table import Table

from reference.edits import SourceText
from reference.judge import Judge
from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest
from reference.wpc import WPC
from tests.benchmarks.data import machine, refactory_problem, rows

ROUNDS = ("all tests", "half")
PASSING = 61  # programs that were collected as wrong and pass the tests
SEED = 1783
TIME_LIMIT_S = 0.5  # no accepted program needs a hundredth of it


@dataclass(frozen=True, slots=True)
class Work:
    """A program to repair; of the tests, the engine sees every `step`-th from `first` on."""

    program: str
    task: str
    round: str
    first: int
    step: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one program."""

    program: str
    task: str
    round: str
    right: bool
    patch: float | None
    seconds: float


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="programs of each task, at random; else all")
    parser.add_argument("--limit", type=int, help="programs to repair in this call")
    parser.add_argument("--rounds", nargs="+", choices=ROUNDS, default=ROUNDS)
    parser.add_argument("--jobs", type=int, default=1, help="programs repaired at a time")
    parser.add_argument("--results", type=Path, help="JSON Lines of what is known, to go on from")
    options = parser.parse_args()
    title = f"Refactory without {PASSING} that pass the tests; {machine()}"
    outcomes = known(options.results)
    done = {(one.program, one.round) for one in outcomes}
    planned = list(plan(options.sample, options.rounds))
    todo = [one for one in planned if (one.program, one.round) not in done][: options.limit]
    with ProcessPoolExecutor(options.jobs, initializer=start, initargs=(options.jobs,)) as pool:
        work = pool.map(outcome, todo)
        for one in track(work, "Repairing", len(todo), console=Console(stderr=True)):
            outcomes.append(one)
            if options.results is not None:
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(one)) + "\n")
        for _ in range(options.jobs):
            pool.submit(stop)
    wanted = {(one.program, one.round) for one in planned}
    show(title, [one for one in outcomes if (one.program, one.round) in wanted])


def known(path: Path | None) -> list[Outcome]:
    """Return the outcomes of calls before this one."""
    if path is None or not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Outcome(**json.loads(line)) for line in lines]


def plan(sample: int | None, rounds: Sequence[str]) -> Iterator[Work]:
    """Yield what to do: the rounds one after the other, each with a share of every task."""
    by_task: defaultdict[str, list[str]] = defaultdict(list)
    for row in programs().values():
        by_task[row["problem_id"]].append(row["id"])
    chosen = []
    for task, names in sorted(by_task.items()):
        random.Random(SEED).shuffle(names)
        chosen += [(task, name) for name in islice(names, sample)]
    random.Random(SEED).shuffle(chosen)
    for name in rounds:
        for number, (task, program) in enumerate(chosen):
            first, step = (number % 2, 2) if name == "half" else (0, 1)
            yield Work(program, task, name, first, step)


@cache
def programs() -> dict[str, dict[str, Any]]:
    """Return the rows of the wrong programs by their names."""
    return {row["id"]: row for row in rows("refactory.jsonl") if row["kind"] == "wrong"}


@cache
def accepted(task: str) -> list[str]:
    """Return the correct programs of a task."""
    return [r["code"] for r in rows("refactory_correct.jsonl") if r["problem_id"] == task]


class Bench:
    """The engine of one process, and a judge that has nothing to do with it."""

    engine: WPC
    judge: Judge


def start(jobs: int) -> None:
    """Start an engine in this process, and have it know the peers of every task."""
    judge = Judge()
    Bench.judge = judge
    Bench.engine = WPC(judge=Judge(max(1, judge.workers // jobs)))
    for task in {row["problem_id"] for row in programs().values()}:
        row = next(row for row in programs().values() if row["problem_id"] == task)
        repair(row["buggy"], refactory_problem(row, accepted(task)))


def stop() -> None:
    """End the sandboxes of this process."""
    Bench.engine.close()
    Bench.judge.close()


def repair(program: str, problem: Problem) -> tuple[str | None, float]:
    """Return the repaired program, if there is one, and the seconds it took."""
    options = RepairOptions(max_fixes=1)
    reference = ProblemReference(inline=problem)
    began = time.perf_counter()
    report = Bench.engine.repair(RepairRequest(code=program, problem=reference, options=options))
    seconds = time.perf_counter() - began
    return SourceText(program).apply(report.fixes[0].edits) if report.fixes else None, seconds


def outcome(work: Work) -> Outcome:
    """Repair a program with some of the tests, and judge it by all."""
    row = programs()[work.program]
    problem = refactory_problem(row, accepted(work.task))
    problem = problem.model_copy(update={"time_limit_s": TIME_LIMIT_S})
    given = problem.model_copy(update={"tests": problem.tests[work.first :: work.step]})
    fixed, seconds = repair(row["buggy"], given)
    right = fixed is not None and passes(Bench.judge, fixed, problem)
    patch = relative_patch_size(row["buggy"], fixed) if fixed is not None and right else None
    return Outcome(work.program, work.task, work.round, right, patch, seconds)


def show(title: str, outcomes: Sequence[Outcome]) -> None:
    """Print the table."""
    table = Table(title=title)
    headings = (
        "tests given",
        "task",
        "programs",
        "fixed",
        "%",
        "patch size",
        "median",
        "s",
        "95 %",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    for name in ROUNDS:
        some = [one for one in outcomes if one.round == name]
        for task in sorted({one.task for one in some}):
            table.add_row(name, task, *figures([one for one in some if one.task == task]))
        if some:
            table.add_row(name, "together", *figures(some), end_section=True)
    Console(width=110).print(table)


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
    seconds = sorted(one.seconds for one in outcomes)
    return [
        str(len(outcomes)),
        str(fixed),
        f"{100 * fixed / len(outcomes):.1f}",
        f"{statistics.mean(patches):.3f}" if patches else "-",
        f"{statistics.median(patches):.3f}" if patches else "-",
        f"{statistics.median(seconds):.2f}",
        f"{seconds[int(0.95 * (len(seconds) - 1))]:.2f}",
    ]


if __name__ == "__main__":
    main()
