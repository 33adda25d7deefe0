"""What serving from a GPU costs: starting, restoring, answering.

    python -m tests.benchmarks.gpu_figures [--model FOLDER] [--rounds N]

Without `--model` (a folder that `reference.model.gpu.merge` wrote) the weights are random, of the
shape in `--shape`: time depends on shapes, not on values; but their answers are nonsense, and each
search goes on until its effort is spent. Takes four minutes on a GPU; needs root and a driver of
version 570 or later for the checkpoints.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import torch
from rich.console import Console
from rich.table import Table
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from reference.model.gpu.capacity import Capacity
from reference.model.gpu.load import NETWORK, SHAPE, TOKENIZER
from reference.model.network import Network, Shape, read_shape
from reference.model.prompt import SPECIAL_TOKENS
from tests.benchmarks.cuda_checkpoint import CudaCheckpoint
from tests.benchmarks.data import FOLDER, machine

ROOT = Path(__file__).parents[2]
QWEN = Shape(16_192, 896, 4864, 24, 14, 2, 1e6, 1e-6, attention_bias=True)
SMALL = Shape(12_224, 576, 1536, 30, 9, 3, 1e5, 1e-5)
TINY = Shape(512, 64, 96, 2, 4, 2, 1e4, 1e-5)
SHAPES = {"gpu": QWEN, "small": SMALL, "tiny": TINY}
CLIENTS = (1, 8, 32)
COLD_STARTS = 4
COMPILED = str(Path(tempfile.gettempdir()) / "wpc-compiled")
EXAMPLES, JUDGED = "programs of examples/", "programs that a judge refused"
WARM_UP_S = 5.0  # in which one client asks about every example
SERVED, ALONE = (Capacity().slots, Capacity().groups), (1, 1)
CAPACITIES = (SERVED, ALONE)


def random_model(shape: Shape, tokenizer: Path | None, folder: Path) -> None:
    """Write a network of random weights, in the form that is loaded."""
    torch.manual_seed(0)
    network = Network(shape).half()
    save_file(network.state_dict(), folder / NETWORK)
    (folder / SHAPE).write_text(json.dumps(asdict(shape)), encoding="utf-8")
    if tokenizer is not None:
        shutil.copyfile(tokenizer, folder / TOKENIZER)
        return
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    ids = {token: len(SPECIAL_TOKENS) + number for number, token in enumerate(alphabet)}
    made = Tokenizer(models.BPE(vocab=ids, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.save(str(folder / TOKENIZER))


class Worker:
    """A process of `gpu_worker`."""

    def __init__(self, *arguments: str) -> None:
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.gpu_worker", *arguments],
            cwd=ROOT,
            # As in an image, whose packages are compiled; only the first start compiles them.
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": COMPILED},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = self._answer()
        self.ready["from the start of the process"] = time.monotonic() - begun

    def ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Return what the worker answers."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the worker ended with status {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def worker(*arguments: str) -> Iterator[Worker]:
    """Start a worker, and end it."""
    one = Worker(*arguments)
    try:
        yield one
    finally:
        one.process.terminate()
        one.process.wait()


def row(name: str, taken: Sequence[float], lasted: float) -> list[str]:
    """Return a row of a table of latencies."""
    cuts = statistics.quantiles(taken, n=100) if len(taken) > 1 else [taken[0]] * 99
    return [
        name,
        *(f"{1000 * cuts[p - 1]:.1f}" for p in (50, 95, 99)),
        f"{len(taken) / lasted:.1f}",
    ]


def latencies(title: str) -> Table:
    """Return an empty table of latencies."""
    return Table("", "p50 ms", "p95 ms", "p99 ms", "a second", title=title)


def cold(arguments: list[str]) -> Table:
    """Start workers, one after the other."""
    starts = []
    for _ in range(COLD_STARTS):
        with worker(*arguments) as one:
            starts.append(one.ready)
    table = Table("seconds", "first", "median", title="Cold path, no snapshot")
    for stage in starts[0]:
        of_stage = [start[stage] for start in starts]
        table.add_row(stage, f"{of_stage[0]:.2f}", f"{statistics.median(of_stage):.2f}")
    return table


def restores(one: Worker, rounds: int) -> Table:
    """Take the GPU from a worker and give it back, again and again."""
    checkpoint = CudaCheckpoint(one.process.pid)
    expected = one.ask("one")["answer"]
    held = one.ask("memory")
    resident = [held["process"]]
    taken: dict[str, list[float]] = {"take": [], "give back": [], "first answer": [], "both": []}
    equal = 0
    for _ in range(rounds):
        begun = time.monotonic()
        checkpoint.take()
        resident.append(resident_mib(one.process.pid))
        taken["take"].append(time.monotonic() - begun)
        begun = time.monotonic()
        checkpoint.give_back()
        taken["give back"].append(time.monotonic() - begun)
        equal += one.ask("one")["answer"] == expected
        taken["both"].append(time.monotonic() - begun)
        taken["first answer"].append(taken["both"][-1] - taken["give back"][-1])
    table = Table("", "median", "worst", title=f"Driver checkpoints of the worker, {rounds} rounds")
    for what, seconds in taken.items():
        table.add_row(f"{what}, s", f"{statistics.median(seconds):.3f}", f"{max(seconds):.3f}")
    table.add_row("equal answers", f"{equal} of {rounds}", "")
    table.add_row("on the GPU, MiB", f"{held['used on the GPU']:.0f}", "")
    table.add_row("process, MiB: up", f"{resident[0]:.0f}", "")
    table.add_row("process, MiB: with the GPU taken", f"{max(resident[1:]):.0f}", "")
    return table


def resident_mib(pid: int) -> float:
    """Return the memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def over_http(port: int, clients: int, seconds: float) -> tuple[list[float], float, int]:
    """Ask an endpoint for repairs of the examples; return seconds, how long, and what failed."""
    bodies = []
    for path in sorted((ROOT / "examples").glob("*.py")):
        code = path.read_text(encoding="utf-8")
        named = code.partition("wpc: problem=")[2].split()
        problem = named[0] if named else path.stem
        bodies.append({"code": code, "problem": {"id": problem}})
    taken: list[float] = []
    failed = 0
    begun = time.monotonic()

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        nonlocal failed
        while (start := time.monotonic()) < begun + seconds:
            response = await client.post("/v1/repair", json=bodies[number % len(bodies)])
            number += clients
            if response.status_code == 200:
                taken.append(time.monotonic() - start)
            else:
                failed += 1
                await asyncio.sleep(0.1)

    url = f"http://127.0.0.1:{port}"
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=limits, trust_env=False
    ) as client:
        await asyncio.gather(*(ask(client, number) for number in range(clients)))
    return taken, time.monotonic() - begun, failed


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="folder of a merged model")
    parser.add_argument("--shape", default="gpu", help=f"{', '.join(SHAPES)}, or a shape.json")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json for random weights")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=10, help="of checkpoints")
    parser.add_argument("--device", default="cuda")
    options = parser.parse_args()
    on_gpu = options.device == "cuda"
    console = Console(width=100)
    if on_gpu:
        console.print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, {machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.model
        if folder is None:
            folder = Path(scratch)
            shape = SHAPES.get(options.shape) or read_shape(Path(options.shape).parent)
            random_model(shape, options.tokenizer, folder)
        common = [str(folder), "--device", options.device]
        console.print(cold(common))
        kinds = [EXAMPLES, JUDGED] if FOLDER.exists() else [EXAMPLES]
        table_of = {kind: latencies(f"Model stage: ten proposals, {kind}") for kind in kinds}
        judged = latencies("A program judged, ten proposals made and judged")
        for capacity in CAPACITIES:
            slots, groups = map(str, capacity)
            with worker(*common, "--slots", slots, "--groups", groups) as one:
                if capacity == SERVED:
                    if on_gpu:  # as a snapshot is made: before any request
                        console.print(restores(one, options.rounds))
                    tokens = one.ask("prompts")["tokens"]
                    console.print(
                        f"{len(tokens)} programs; tokens of prompt and draft: {sorted(tokens)}"
                    )
                    plain = one.ask("plain")
                    console.print(
                        f"as plain decoding: all answers of {plain['same']} of {plain['of']}, "
                        f"the likeliest of {plain['likeliest']}; plain decoding takes "
                        f"{1000 * statistics.median(plain['seconds']):.0f} ms at the median"
                    )
                for clients in CLIENTS:
                    name = f"{clients} clients, {groups} x {slots} slots"
                    for programs in table_of:
                        told = one.ask(
                            "proposals",
                            clients=clients,
                            seconds=options.seconds,
                            judged=programs == JUDGED,
                        )
                        table_of[programs].add_row(*row(name, told["seconds"], told["lasted"]))
                    if capacity == ALONE:
                        continue
                    told = one.ask("repairs", clients=clients, seconds=options.seconds)
                    judged.add_row(*row(name, told["seconds"], told["lasted"]))
                    stages = ", ".join(f"{1000 * stage:.0f}" for stage in told["stages"])
                    console.print(f"{name}: judge, propose, judge: medians {stages} ms")
                held = {k: round(v) for k, v in one.ask("memory").items()}
                console.print(f"MiB with {groups} x {slots} slots: {held}")
        for table in table_of.values():
            console.print(table)
        console.print(judged)
        table = latencies("Full repairs over HTTP")
        with worker(*common, "--serve") as one:
            asyncio.run(over_http(one.ready["port"], 1, WARM_UP_S))
            for clients in CLIENTS:
                taken, lasted, failed = asyncio.run(
                    over_http(one.ready["port"], clients, options.seconds)
                )
                name = f"{clients} clients" + (f" ({failed} refused)" if failed else "")
                table.add_row(*row(name, taken, lasted))
        console.print(table)


if __name__ == "__main__":
    main()
