"""Findings on accepted programs: `python tests/benchmarks/false_alarms.py [--limit N]`.

Accepted programs of many authors for judge problems, each with the other accepted programs as
peers, once with the samples and once with all tests; and the correct programs of Refactory. The
engine should find nothing. Programs that it does not judge are counted apart.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rich.console import Console
from rich.progress import track
from rich.table import Table

from reference.problems.importers import json_lines
from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest, Verdict
from reference.wpc import WPC
from tests.benchmarks.data import FOLDER, machine, refactory_problem, rows, spread


def judge_programs(limit: int | None, *, all_tests: bool) -> Iterator[tuple[str, str, Problem]]:
    """Yield accepted programs with their problems, the others of a problem as peers."""
    problems = {one.id: one for one in json_lines.read(FOLDER / "problems.jsonl")}
    solutions = json_lines.read_solutions(FOLDER / "solutions.jsonl")
    programs = [(name, code) for name, codes in solutions.items() for code in codes]
    for name, code in spread(programs, limit):
        problem = problems[name]
        yield (
            name,
            code,
            problem.model_copy(
                update={
                    "tests": tuple(test for test in problem.tests if all_tests or test.sample),
                    "solutions": tuple(peer for peer in solutions[name] if peer != code),
                }
            ),
        )


def course_programs(limit: int | None) -> Iterator[tuple[str, str, Problem]]:
    """Yield Refactory's correct programs with their tasks."""
    tasks = {row["problem_id"]: row for row in rows("refactory.jsonl")}
    correct = defaultdict(list)
    for row in rows("refactory_correct.jsonl"):
        correct[row["problem_id"]].append(row["code"])
    programs = [(name, code) for name, codes in correct.items() for code in codes]
    for name, code in spread(programs, limit):
        others = [peer for peer in correct[name] if peer != code][:20]
        yield name, code, refactory_problem(tasks[name], others)


def main() -> None:
    """Print a table, and the problems of the programs with findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="*", choices=("samples", "tests", "course"))
    parser.add_argument("--limit", type=int, help="programs of each kind; by default all")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = Table(title=f"Accepted programs; {machine()}")
    for heading in ("judged by", "programs", "with findings", "not judged"):
        table.add_column(heading)
    rounds = {
        "samples": ("samples, and tests found", partial(judge_programs, all_tests=False)),
        "tests": ("samples and tests", partial(judge_programs, all_tests=True)),
        "course": ("all tests of the course", course_programs),
    }
    alarms: Counter[str] = Counter()
    for kind in options.rounds or rounds:
        tests, programs = rounds[kind]
        items = list(programs(options.limit))
        with WPC() as engine, ThreadPoolExecutor(options.jobs) as pool:
            work = pool.map(lambda item: verdict(engine, item[1], item[2]), items)
            verdicts = list(track(work, tests, len(items), console=Console(stderr=True)))
        wrong = [
            item[0]
            for item, one in zip(items, verdicts, strict=True)
            if one not in (Verdict.ACCEPTED, Verdict.NOT_JUDGED)
        ]
        alarms.update(f"{name} ({tests})" for name in wrong)
        left_out = sum(one is Verdict.NOT_JUDGED for one in verdicts)
        table.add_row(tests, str(len(items)), str(len(wrong)), str(left_out))
    console = Console(width=110)
    console.print(table)
    for name, count in alarms.most_common():
        console.print(f"{count} of {name}")


def verdict(engine: WPC, code: str, problem: Problem) -> Verdict:
    """Return what the engine says of a program."""
    options = RepairOptions(max_fixes=0, time_budget_s=20)
    request = RepairRequest(code=code, problem=ProblemReference(inline=problem), options=options)
    return engine.repair(request).verdict


if __name__ == "__main__":
    main()
