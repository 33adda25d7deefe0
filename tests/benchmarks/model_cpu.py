"""Cost of an exported model: python tests/benchmarks/model_cpu.py FOLDER."""

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from reference.model.cpu import OnnxRuntime

PROMPT_TOKENS = 400
STEPS = 15


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


def main() -> None:
    """Print the table."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    start = time.perf_counter()
    runtime = OnnxRuntime(Path(sys.argv[1]))
    table = Table("what", "value", title=f"{platform.processor()}, load {os.getloadavg()[0]:.1f}")
    table.add_row("load, s", f"{time.perf_counter() - start:.2f}")
    table.add_row("resident after load, MB", str(resident_mb()))
    prompt = np.random.default_rng(0).integers(200, runtime.vocabulary, PROMPT_TOKENS).tolist()
    table.add_row(
        f"prompt of {PROMPT_TOKENS}, ms", f"{median_ms(lambda: runtime.prefill(prompt), 3):.0f}"
    )
    memory, _ = runtime.prefill(prompt)
    for beams in (1, 5, 10):
        state, _ = runtime.step(memory, np.zeros(beams, np.int64), np.full(beams, 300))
        places, tokens = np.arange(beams), np.full(beams, 301)

        def step() -> None:
            runtime.step(state, places, tokens)  # noqa: B023

        table.add_row(f"step of {beams} beams, ms", f"{median_ms(step, STEPS):.1f}")
    table.add_row("resident at the end, MB", str(resident_mb()))
    Console().print(table)


if __name__ == "__main__":
    main()
