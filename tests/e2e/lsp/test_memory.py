"""What the server keeps of its work stays bounded."""

import os
from pathlib import Path

import pytest

from .endpoint import ScriptedEndpoint
from .wire import Wire

CHECKS = 2_000
BEFORE = 400  # more than the outcomes that are kept
MOST_GROWTH_MIB = 4.0


def resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
async def test_memory_stays_flat_over_many_checks(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    await wire.begin(endpoint=endpoint.url, run="manual")
    uri = (tmp_path / "two_sum.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 0, "text": ""}
    wire.notify("textDocument/didOpen", {"textDocument": item})

    async def check(number: int) -> None:
        document = {"uri": uri, "version": number + 1}
        text = f"print(WRONG)  # {number}\n" * 20
        change = {"textDocument": document, "contentChanges": [{"text": text}]}
        wire.notify("textDocument/didChange", change)
        command = {"command": "wpc.check", "arguments": [uri]}
        answer = await wire.ask(number, "workspace/executeCommand", command)
        assert answer["result"] == "two_sum: 2 of 3 tests pass."
        wire.received.clear()

    for number in range(BEFORE):
        await check(number)
    before = resident_mib(wire.process.pid)
    for number in range(BEFORE, BEFORE + CHECKS):
        await check(number)
    growth = resident_mib(wire.process.pid) - before
    assert await wire.end() == 0
    assert growth < MOST_GROWTH_MIB
