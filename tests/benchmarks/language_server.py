"""How fast and how light the language server is: `python -m tests.benchmarks.language_server`.

The endpoint is a stand-in that answers at once, so what is measured is the server alone.
"""

import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.e2e.lsp.endpoint import ScriptedEndpoint
from tests.e2e.lsp.profiles import VISUAL_STUDIO_CODE
from tests.e2e.lsp.wire import Wire

LINES = 1_000
CHECKS = 2_000


async def _time(work: Callable[[], Awaitable[Any]], times: int) -> list[float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        spent.append(1000 * (time.perf_counter() - begun))
    return spent


def _resident_mib(wire: Wire) -> float:
    pages = int(Path(f"/proc/{wire.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _start(home: Path, url: str) -> Wire:
    wire = await Wire.start({**os.environ, "HOME": str(home)})
    options = {"endpoint": url, "run": "manual"}
    params = {"capabilities": VISUAL_STUDIO_CODE, "processId": None, "rootUri": None}
    await wire.ask("initialize", "initialize", params | {"initializationOptions": options})
    return wire


async def measure() -> list[tuple[str, str, str]]:
    """Return rows of figure, value and aim."""
    home = Path(tempfile.mkdtemp())
    endpoint = ScriptedEndpoint()
    await endpoint.start()

    wires: list[Wire] = []

    async def start() -> None:
        wires.append(await _start(home, endpoint.url))

    starts = await _time(start, 5)
    for wire in wires:
        await wire.end()
    wire = await Wire.start({**os.environ, "HOME": str(home)})
    await wire.begin(endpoint=endpoint.url, run="manual")

    uri = (home / "two_sum.py").as_uri()
    text = "total = 0  # a line of some length\n" * LINES + "print(WRONG)\n"
    item = {"uri": uri, "languageId": "python", "version": 0, "text": text}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    ids = iter(range(10**9))

    async def hover() -> None:
        place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
        await wire.ask(next(ids), "textDocument/hover", place)

    async def change_and_hover() -> None:
        place = {"line": LINES // 2, "character": 0}
        change = {"range": {"start": place, "end": place}, "text": "x"}
        document = {"uri": uri, "version": next(ids)}
        wire.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )
        await hover()

    async def check() -> None:
        command = {"command": "wpc.check", "arguments": [uri]}
        await wire.ask(next(ids), "workspace/executeCommand", command)

    await _time(hover, 20)
    round_trip = statistics.median(await _time(hover, 200))
    changes = [max(0.0, ms - round_trip) for ms in await _time(change_and_hover, 500)]
    await _time(check, 50)
    before = _resident_mib(wire)
    checks = await _time(check, CHECKS)
    after = _resident_mib(wire)
    await wire.end()
    await endpoint.stop()
    return [
        ("initialize answered after start", f"{statistics.median(starts):.0f} ms", "600 ms"),
        (
            "didChange, 1,000 lines, p95",
            f"{statistics.quantiles(changes, n=20)[18]:.2f} ms",
            "5 ms",
        ),
        ("a request of what is known", f"{round_trip:.2f} ms", "15 ms"),
        ("check over the engine's time, p50", f"{statistics.median(checks):.1f} ms", "15 ms"),
        ("memory", f"{after:.0f} MiB", "90 MiB"),
        (f"memory growth in {CHECKS:,} checks", f"{after - before:+.1f} MiB", "0 MiB"),
    ]


def main() -> None:
    """Print the figures and the machine."""
    rows = asyncio.run(measure())
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for figure, value, aim in rows:
        print(f"{figure:36} {value:>12}  (aim: {aim})")


if __name__ == "__main__":
    main()
