"""Load on one endpoint of this machine: what it answers, how fast, and whether it grows.

    python -m tests.benchmarks.endpoint_load --clients 200 --seconds 300 --kills 5 [--container]

Starts `wpc-engine serve`, or what a container of Modal serves by default, asks it from many clients
at once, and now and then kills one of the processes that it has started: one of the judge's or of
the engine's. Exits 1 if any request got another answer than its own or
"busy", or none at all; if a killed process was not replaced; or if memory grew.
"""

import argparse
import asyncio
import contextlib
import json
import os
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

from tests.benchmarks.data import machine

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
LOCAL = "from modal_app.cli import main; main(['serve'])"
CONTAINER = """
import json
from modal_app.container import Container
from modal_app.serve import listen, serve
from modal_app.service import create_app
from modal_app.settings import DeploymentSettings

container = Container(DeploymentSettings())
container.load()
engine = container.open()
listener = listen("127.0.0.1", 0)
where = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}", "token": "none"}
app = create_app(engine, threads=container.at_once)
say = lambda: print(json.dumps(where), flush=True)
serve(app, listener, idle_s=None, on_open=say, on_close=lambda: None)
engine.close()
"""
TIME_BUDGET_S = 5.0
LONGEST_PAUSE_S = 1.0
SAMPLES = 20  # of memory
GROWTH = 0.1  # of memory, from a quarter of the run to its end


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
    """Return the processes that `pid` has started and that have not ended."""
    found = []
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for listed in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in listed.read_text().split()]
    return [child for child in found if lives(child)]


def lives(pid: int) -> bool:
    """Return whether a process has not ended; one that has may still be listed."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def resident_mib(pid: int) -> float:
    """Return the memory that a process and all that it started hold; shared pages count once."""
    held = 0.0
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        held = int(status.partition("\nPss:")[2].split()[0]) / 1024
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0.0
    return held + sum(resident_mib(child) for child in children(pid))


@dataclass
class Watched:
    """What the endpoint's processes did during a run."""

    memory: list[float] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)

    @property
    def grown(self) -> bool:
        """Whether memory grew after the first quarter of the run, by the middles of two parts."""
        part = len(self.memory) // 4
        early = statistics.median(self.memory[part : 2 * part])
        return statistics.median(self.memory[-part:]) > (1 + GROWTH) * early


async def load(
    pid: int, where: dict[str, str], clients: int, seconds: float, kills: int
) -> tuple[Outcome, Watched]:
    """Put the endpoint under load; return what was seen."""
    outcome, watched = Outcome(), Watched()
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
        due = {SAMPLES * (number + 1) // (kills + 1) for number in range(kills)}
        for sample in range(SAMPLES):
            await asyncio.sleep(seconds / SAMPLES)
            watched.memory.append(resident_mib(pid))
            if sample in due and (started := children(pid)):
                one = random.choice(started)
                os.killpg(one, signal.SIGKILL)  # with what it started inside the sandbox
                watched.killed.append(one)
        await asyncio.gather(*asking)
        watched.left = children(pid)
    return outcome, watched


def table_of(outcome: Outcome, watched: Watched, title: str, seconds: float) -> Table:
    """Return the table of a run."""
    table = Table("", "", title=title)
    for status, count in sorted(outcome.answers.items()):
        table.add_row(f"answers {status}", f"{count:,}")
    table.add_row("lost or wrong", str(len(outcome.faults)))
    table.add_row("repairs a second", f"{len(outcome.seconds) / seconds:.1f}")
    if len(outcome.seconds) > 1:
        cuts = statistics.quantiles(outcome.seconds, n=100)
        for percent in (50, 95, 99):
            table.add_row(f"p{percent}", f"{cuts[percent - 1]:.2f} s")
    table.add_row("processes killed", str(len(watched.killed)))
    table.add_row("processes at the end", str(len(watched.left)))
    table.add_row("memory during the run", " ".join(f"{m:.0f}" for m in watched.memory) + " MiB")
    return table


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--container", action="store_true", help="serve what Modal would")
    options = parser.parse_args()
    title = f"{options.clients} clients for {options.seconds:g} s on {machine()}"
    process = subprocess.Popen(
        [sys.executable, "-c", CONTAINER if options.container else LOCAL],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            where = json.loads(process.stdout.readline())
            outcome, watched = asyncio.run(
                load(process.pid, where, options.clients, options.seconds, options.kills)
            )
        finally:
            process.terminate()
    console = Console()
    console.print(table_of(outcome, watched, title, options.seconds))
    for fault, count in Counter(outcome.faults).most_common(5):
        console.print(f"{count} times {fault}")
    replaced = bool(watched.left) and not set(watched.killed) & set(watched.left)
    return 1 if outcome.faults or watched.grown or not replaced else 0


if __name__ == "__main__":
    sys.exit(main())
