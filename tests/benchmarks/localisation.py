"""Is the true fault line among the first? `python tests/benchmarks/localisation.py [--limit N]`.

Wrong AtCoder submissions of ConDefects that fail a sample. The engine has the samples only. Its
first lines are those of its best fix, and then its suspects.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from reference.problems.importers import json_lines
from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest, Verdict
from reference.wpc import WPC
from tests.benchmarks.data import FOLDER, machine, rows, spread

PLACES = (1, 3, 5)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=200, help="programs, evenly spread")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    title = f"ConDefects; {machine()}"
    problems = {one.id: one for one in json_lines.read(FOLDER / "condefects_problems.jsonl")}
    pairs = [
        row
        for row in spread(rows("condefects_py.jsonl"), options.limit)
        if row["problem_id"] in problems and row["fault_lines"]
    ]
    with WPC() as engine, ThreadPoolExecutor(options.jobs) as pool:
        work = pool.map(lambda row: first_lines(engine, row, problems[row["problem_id"]]), pairs)
        answers = list(track(work, "Locating", len(pairs), console=Console(stderr=True)))
    failing = [(row, lines) for row, lines in zip(pairs, answers, strict=True) if lines is not None]
    table = Table(title=title)
    table.add_column("programs that fail a sample")
    table.add_column(str(len(failing)), justify="right")
    for places in PLACES:
        hits = sum(bool(set(lines[:places]) & true_lines(row)) for row, lines in failing)
        share = 100 * hits / max(1, len(failing))
        table.add_row(f"a true fault line among the first {places}", f"{hits} ({share:.1f} %)")
    Console(width=110).print(table)


def true_lines(row: dict[str, Any]) -> set[int]:
    """Return the 1-based fault lines of a row, given as `3` or `3,7`."""
    return {int(line) for line in str(row["fault_lines"]).split(",")}


def first_lines(engine: WPC, row: dict[str, Any], problem: Problem) -> list[int] | None:
    """Return 1-based lines, the most suspicious first; None for a program that passes."""
    samples = problem.model_copy(update={"tests": tuple(t for t in problem.tests if t.sample)})
    request = RepairRequest(
        code=row["buggy"],
        problem=ProblemReference(inline=samples),
        options=RepairOptions(max_fixes=1),
    )
    report = engine.repair(request)
    if report.verdict in (Verdict.ACCEPTED, Verdict.NOT_JUDGED):
        return None
    lines = [fix.range.start.line + 1 for fix in report.fixes]
    lines += [suspect.range.start.line + 1 for suspect in report.suspects]
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    main()
