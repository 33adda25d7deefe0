"""Cost of the model on a CPU: python -m tests.benchmarks.model_cpu [FOLDER].

Load time, memory, how long ten proposals take for real wrong programs, each with a test that it
fails, and how long the model reads.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from reference.model import RepairModel, load_model
from reference.model.cpu import OnnxRuntime
from reference.model.exploration import Reading
from reference.model.prompt import END, SPECIAL_TOKENS
from reference.model.repair_model import WEIGHTS
from reference.propose.model import PROPOSALS
from tests.benchmarks.data import Question, machine, wrong_programs

PROMPT_TOKENS = 400
DRAFT_TOKENS = 110
READ_TOKENS = (1, 5, 10, 20)
TIMES = 15


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


def seconds(model: RepairModel, question: Question) -> float:
    """Return how long the proposals for a program take."""
    start = time.perf_counter()
    question.ask(model)
    return time.perf_counter() - start


def line_after(draft: Sequence[int], tokens: Sequence[int]) -> Reading:
    """Return tokens to read one after the other, after a draft."""
    size, before = len(tokens), len(draft) - 1
    return Reading(
        tokens=np.array(tokens, np.int64),
        positions=before + np.arange(size, dtype=np.int64),
        following=np.full(size, END, np.int64),
        seen=np.tri(size, before + size, before, dtype=np.bool_),
    )


def read_s(
    runtime: OnnxRuntime, prompt: Sequence[int], draft: Sequence[int], reading: Reading
) -> float:
    """Return how long it takes to read tokens when only prompt and draft were read before."""
    memory, _ = runtime.begin(prompt, draft)
    start = time.perf_counter()
    runtime.read(memory, reading)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS / "small"
    asked = wrong_programs()
    table = Table("what", "value", title=machine())
    before = resident_mb()
    start = time.perf_counter()
    model = load_model(folder)
    if model is None:
        sys.exit(f"{folder} holds no model.")
    table.add_row("load, s", f"{time.perf_counter() - start:.2f}")
    taken = [seconds(model, question) for question in asked]
    table.add_row(
        f"{PROPOSALS} proposals, {len(asked)} programs: p50, s", f"{np.median(taken):.2f}"
    )
    table.add_row("p95, s", f"{np.quantile(taken, 0.95):.2f}")
    table.add_row("resident, MB", f"{resident_mb()}, {resident_mb() - before} of them the model's")
    runtime = OnnxRuntime(folder)
    rng = np.random.default_rng(0)

    def text(size: int) -> list[int]:
        tokens: list[int] = rng.integers(len(SPECIAL_TOKENS), runtime.vocabulary, size).tolist()
        return tokens

    draft = [*text(DRAFT_TOKENS - 1), END]
    # Another prompt each time, since what one has in common with the last is not read again.
    table.add_row(
        f"a prompt of {PROMPT_TOKENS} tokens and a draft of {DRAFT_TOKENS}, ms",
        f"{median_ms(lambda: runtime.begin(text(PROMPT_TOKENS), draft), TIMES):.0f}",
    )
    prompt = text(PROMPT_TOKENS)
    for size in READ_TOKENS:
        reading = line_after(draft, text(size))
        taken = [read_s(runtime, prompt, draft, reading) for _ in range(TIMES)]
        table.add_row(f"tokens read then: {size}, ms", f"{np.median(taken) * 1000:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
