"""How many test runs a second the judge makes, and how many programs a second it screens.

`python tests/benchmarks/judge_throughput.py`
"""

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.table import Table

from reference.judge import Judge, Screening
from reference.judge.tiers import candidates
from reference.protocol import Problem, Test
from tests.benchmarks.data import machine

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
    accepted = [PROGRAM] * options.programs
    mutated = list(mutants(options.mutants))
    made = problem(options.tests)
    first = made.tests[0]
    table = Table(title=f"{options.tests} tests; {machine()}")
    for heading in ("sandbox", "programs", "pass", "runs", "seconds", "runs a second"):
        table.add_column(heading, justify="left" if heading in ("sandbox", "programs") else "right")
    for tier in dict.fromkeys(sandbox.tier for sandbox in candidates()):
        with Judge(sandboxes=[s for s in candidates() if s.tier == tier]) as judge:
            if judge.tier is None:
                table.add_row(tier, str(judge.reason))
                continue

            def judged(
                programs: list[str], tests: Sequence[Test], judge: Judge = judge
            ) -> tuple[int, int]:
                judgements = dict(judge.judge_all(programs, made, tests)).values()
                return sum(j.accepted for j in judgements), sum(len(j.runs) for j in judgements)

            def screened(programs: list[str], judge: Judge = judge) -> tuple[int, int]:
                answers = dict(judge.screen(programs, made, [first]))
                passed = sum(one is Screening.PASSES for one in answers.values())
                return passed, len(answers)

            workloads: dict[str, Callable[[], tuple[int, int]]] = {
                f"{len(accepted)} accepted programs": lambda: judged(accepted, made.tests),
                f"{len(mutated)} mutants": lambda: judged(mutated, made.tests),
                f"{len(mutated)} mutants on one test": lambda: judged(mutated, [first]),
                f"{len(mutated)} mutants screened on it": lambda: screened(mutated),
            }
            judged(accepted[:10], made.tests)  # every worker has started
            for name, work in workloads.items():
                began = time.perf_counter()
                passed, runs = work()
                seconds = time.perf_counter() - began
                figures = (str(passed), str(runs), f"{seconds:.2f}", f"{runs / seconds:.0f}")
                table.add_row(tier, name, *figures)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
