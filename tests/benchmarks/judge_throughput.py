"""How many test runs a second the judge makes: `python tests/benchmarks/judge_throughput.py`."""

import argparse
import os
import platform
import random
import re
import time
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from reference.judge import Judge
from reference.judge.tiers import candidates
from reference.protocol import Problem, Test, Verdict

PROGRAM = """\
n, k = map(int, input().split())
heights = list(map(int, input().split()))
best = [0] * n
for i in range(1, n):
    best[i] = best[i - 1] + abs(heights[i] - heights[i - 1])
    for j in range(max(0, i - k), i):
        cost = best[j] + abs(heights[i] - heights[j])
        if cost < best[i]:
            best[i] = cost
print(best[n - 1])
"""
MUTABLE = re.compile(r"\b\d+\b|<|\+|-|\bi\b|\bj\b|\bn\b|\bk\b|\bcost\b|\bbest\b")
REPLACEMENTS = ("0", "1", "2", "<=", ">", "+", "-", "*", "i", "j", "n", "k", "cost", "best")


def problem(tests: int) -> Problem:
    """Make tests of the program above, with its own answers."""
    chance = random.Random(1)
    inputs = []
    for _ in range(tests):
        n = chance.randint(2, 30)
        heights = " ".join(str(chance.randint(1, 100)) for _ in range(n))
        inputs.append(f"{n} {chance.randint(1, 5)}\n{heights}\n")
    with Judge(1) as judge:
        runs = judge.run_all(PROGRAM, Problem(), inputs)
    made = (
        Test(name=str(number), input=given, output=run.output)
        for number, (given, run) in enumerate(zip(inputs, runs, strict=True))
    )
    return Problem(tests=tuple(made), time_limit_s=1.0)


def mutants(count: int) -> Iterator[str]:
    """Yield programs that differ from the one above in one token."""
    places = list(MUTABLE.finditer(PROGRAM))
    chance = random.Random(2)
    for _ in range(count):
        place = chance.choice(places)
        new = chance.choice([r for r in REPLACEMENTS if r != place.group()])
        yield PROGRAM[: place.start()] + new + PROGRAM[place.end() :]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=20)
    parser.add_argument("--programs", type=int, default=50)
    parser.add_argument("--mutants", type=int, default=700)
    options = parser.parse_args()
    workloads = {
        f"{options.programs} accepted programs": [PROGRAM] * options.programs,
        f"{options.mutants} mutants": list(mutants(options.mutants)),
    }
    made = problem(options.tests)
    table = Table(title=f"{options.tests} tests; {machine()}")
    for heading in ("sandbox", "programs", "accepted", "runs", "seconds", "runs a second"):
        table.add_column(heading, justify="left" if heading in ("sandbox", "programs") else "right")
    for tier in dict.fromkeys(sandbox.tier for sandbox in candidates()):
        with Judge(sandboxes=[s for s in candidates() if s.tier == tier]) as judge:
            if judge.tier is None:
                table.add_row(tier, str(judge.reason))
                continue
            for name, programs in workloads.items():
                dict(judge.judge_all(programs[:10], made))  # every worker has started
                began = time.perf_counter()
                judgements = dict(judge.judge_all(programs, made))
                seconds = time.perf_counter() - began
                runs = sum(len(j.runs) for j in judgements.values())
                accepted = sum(j.verdict is Verdict.ACCEPTED for j in judgements.values())
                figures = (str(accepted), str(runs), f"{seconds:.2f}", f"{runs / seconds:.0f}")
                table.add_row(tier, name, *figures)
    Console(width=110).print(table)


def machine() -> str:
    """Say what the figures were measured on, and how busy it was."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {platform.machine()}, Python {platform.python_version()}, "
        f"load {load:.1f} before"
    )


if __name__ == "__main__":
    main()
