"""Cost of the model on a CPU: python -m tests.benchmarks.model_cpu [FOLDER].

Load time, memory, and how long ten proposals take for real wrong programs, each with a test that it
fails.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from reference.judge import Judge
from reference.model import RepairModel, load_model
from reference.model.cpu import OnnxRuntime
from reference.model.repair_model import WEIGHTS
from reference.protocol import Failure, Problem, Test
from reference.repair.report import summary
from tests.benchmarks.data import machine, rows, spread

PROGRAMS = 60
BEAMS = 10
PROMPT_TOKENS = 400
STEPS = 15
PATIENCE_S = 30.0


def resident_mb() -> int:
    """Return this process's resident memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 10**6


def median_ms(work: Callable[[], object], times: int) -> float:
    """Return the median time of a call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken)) * 1000


def questions() -> list[tuple[str, Problem, Failure]]:
    """Return wrong programs with a sample that each fails."""
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
                found.append((pair["buggy"], problem, failure))
    return found[:PROGRAMS]


def seconds(model: RepairModel, code: str, problem: Problem, failure: Failure) -> float:
    """Return how long the proposals for a program take."""
    start = time.perf_counter()
    deadline = time.monotonic() + PATIENCE_S
    for _ in model.propose(code, problem, failure, n=BEAMS, deadline=deadline):
        pass
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS / "small"
    asked = questions()
    table = Table("what", "value", title=machine())
    before = resident_mb()
    start = time.perf_counter()
    model = load_model(folder)
    if model is None:
        sys.exit(f"{folder} holds no model.")
    table.add_row("load, s", f"{time.perf_counter() - start:.2f}")
    taken = [seconds(model, *question) for question in asked]
    table.add_row(f"{BEAMS} proposals, {len(asked)} programs: p50, s", f"{np.median(taken):.2f}")
    table.add_row("p95, s", f"{np.quantile(taken, 0.95):.2f}")
    table.add_row("resident, MB", f"{resident_mb()}, {resident_mb() - before} of them the model's")
    runtime = OnnxRuntime(folder)
    prompt = np.random.default_rng(0).integers(200, runtime.vocabulary, PROMPT_TOKENS).tolist()
    table.add_row(
        f"prompt of {PROMPT_TOKENS} tokens, ms",
        f"{median_ms(lambda: runtime.prefill(prompt), 3):.0f}",
    )
    memory, _ = runtime.prefill(prompt)
    for beams in (1, 5, 10):
        state, _ = runtime.step(memory, np.zeros(beams, np.int64), np.full(beams, 300))
        places, tokens = np.arange(beams), np.full(beams, 301)

        def step() -> None:
            runtime.step(state, places, tokens)  # noqa: B023

        table.add_row(f"step of {beams} beams, ms", f"{median_ms(step, STEPS):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
