"""Load on one endpoint of this machine: what it answers, how fast, and whether it grows.

    python tests/benchmarks/endpoint_load.py --clients 200 --seconds 300

Starts `wpc-engine serve`, asks it from many clients at once, and halfway kills one of the judge's
processes. Exits 1 if any request got another answer than its own or "busy", or none at all.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

PROBLEM: dict[str, Any] = {
    "inline": {
        "tests": [
            {"name": "sample-1", "input": "3 9 4\n", "output": "9\n", "sample": True},
            {"name": "sample-2", "input": "-5 -2 -7\n", "output": "-2\n", "sample": True},
        ],
    }
}
PROGRAMS = {
    "accepted": "print(max(map(int, input().split())))\n",
    "wrong_answer": "print(min(map(int, input().split())))\n",
    "syntax_error": "print(max(map(int, input().split()))\n",
    "runtime_error": "print(max(map(int, input().split(','))))\n",
}
TIME_BUDGET_S = 5.0
LONGEST_PAUSE_S = 1.0


@dataclass
class Outcome:
    """What the clients saw."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def ask(
    client: httpx.AsyncClient, end: float, outcome: Outcome, chance: random.Random
) -> None:
    """Send one client's requests until `end`, a pause after each refusal."""
    while time.monotonic() < end:
        expected, code = chance.choice(list(PROGRAMS.items()))
        body = {"code": code, "problem": PROBLEM, "options": {"time_budget_s": TIME_BUDGET_S}}
        start = time.monotonic()
        try:
            response = await client.post("/v1/repair", json=body)
        except httpx.HTTPError as error:
            outcome.faults.append(f"{expected}: {type(error).__name__}")
            continue
        outcome.answers[str(response.status_code)] += 1
        if response.status_code == 429:
            await asyncio.sleep(min(LONGEST_PAUSE_S, float(response.headers["Retry-After"])))
        elif response.status_code != 200:
            outcome.faults.append(f"{expected}: {response.status_code} {response.text[:200]}")
        elif (report := response.json())["verdict"] != expected:
            outcome.faults.append(f"{expected}: {report['verdict']}, {report['reason']}")
        else:
            outcome.seconds.append(time.monotonic() - start)


def children(pid: int) -> list[int]:
    """Return the processes that `pid` has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for text in lists for child in text.read_text().split()]


def resident_mib(pid: int) -> float:
    """Return the memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def load(
    pid: int, where: dict[str, str], clients: int, seconds: float
) -> tuple[Outcome, list[float]]:
    """Put the endpoint under load; return what was seen and its memory at each tenth."""
    outcome = Outcome()
    memory = []
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(
        base_url=where["url"],
        headers={"authorization": f"Bearer {where['token']}"},
        limits=limits,
        timeout=120,
        trust_env=False,
    ) as client:
        while (await client.get("/v1/health")).json()["state"] != "ready":
            await asyncio.sleep(0.05)
        end = time.monotonic() + seconds
        asking = [
            asyncio.create_task(ask(client, end, outcome, random.Random(number)))
            for number in range(clients)
        ]
        for tenth in range(10):
            await asyncio.sleep(seconds / 10)
            memory.append(resident_mib(pid))
            if tenth == 4 and (judges := children(pid)):
                os.kill(judges[0], signal.SIGKILL)
        await asyncio.gather(*asking)
    return outcome, memory


def table_of(outcome: Outcome, memory: list[float], clients: int, seconds: float) -> Table:
    """Return the table of a run."""
    table = Table("", "", title=f"{clients} clients for {seconds:g} s on {machine()}")
    for status, count in sorted(outcome.answers.items()):
        table.add_row(f"answers {status}", f"{count:,}")
    table.add_row("lost or wrong", str(len(outcome.faults)))
    table.add_row("repairs a second", f"{len(outcome.seconds) / seconds:.1f}")
    if len(outcome.seconds) > 1:
        cuts = statistics.quantiles(outcome.seconds, n=100)
        for percent in (50, 95, 99):
            table.add_row(f"p{percent}", f"{cuts[percent - 1]:.2f} s")
    table.add_row("memory, each tenth of the run", " ".join(f"{m:.0f}" for m in memory) + " MiB")
    return table


def machine() -> str:
    """Return a name for this machine."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}"


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    process = subprocess.Popen(
        [sys.executable, "-c", "from modal_app.cli import main; main()", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            where = json.loads(process.stdout.readline())
            outcome, memory = asyncio.run(
                load(process.pid, where, arguments.clients, arguments.seconds)
            )
        finally:
            process.terminate()
    console = Console()
    console.print(table_of(outcome, memory, arguments.clients, arguments.seconds))
    for fault, count in Counter(outcome.faults).most_common(5):
        console.print(f"{count} times {fault}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
