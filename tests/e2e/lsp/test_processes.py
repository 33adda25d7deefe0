"""Processes that are slow to start, or that end in the middle of work."""

import asyncio
import os
import select
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types

from reference.protocol import RepairRequest

from .editor import SERVER, Editor, Opener
from .endpoint import Answer, ScriptedEndpoint
from .wire import Wire

ROOT = Path(__file__).parents[3]
WRONG = "print(WRONG)\n"
PIPE = asyncio.subprocess.PIPE


class Process:
    """A process that is spoken to by lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, *command: str, **environ: str) -> "Process":
        return cls(
            await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=os.environ | environ
            )
        )

    async def line(self) -> str:
        assert self.process.stdout
        return (await asyncio.wait_for(self.process.stdout.readline(), 60)).decode().strip()

    def say(self, line: str = "") -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@pytest.fixture
async def cold() -> AsyncIterator[Process]:
    process = await Process.start(sys.executable, "-m", "tests.e2e.lsp.cold_endpoint")
    yield process
    await process.kill()


@pytest.fixture
def busy(endpoint: ScriptedEndpoint) -> ScriptedEndpoint:
    """An endpoint that answers no repair until it is made well."""

    async def hang(request: RepairRequest) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    endpoint.repair = hang
    return endpoint


async def progress_of(editor: Editor) -> tuple[types.ProgressToken, types.ProgressParams]:
    """Wait until work is shown that has not ended."""

    def begun() -> tuple[types.ProgressToken, types.ProgressParams] | None:
        for token, reports in editor.progress_reports.items():
            if len(reports) == 1:
                return token, reports[0]
        return None

    return await editor.until(begun)


async def test_a_cold_start_is_shown_can_be_given_up_and_is_waited_for(
    open_editor: Opener, cold: Process, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": await cold.line()})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    assert await cold.line() == "asked /v1/problems"
    token, begin = await progress_of(editor)
    assert begin.value["cancellable"]
    assert "starting" in begin.value["message"]

    editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))

    assert await cold.line() == "given up /v1/problems"
    await editor.until(lambda: len(editor.progress_reports[token]) == 2)

    checked = asyncio.create_task(editor.run_command("wpc.check", uri))
    assert await cold.line() == "asked /v1/problems"
    await progress_of(editor)
    cold.say("up")
    assert await checked == "two_sum: 2 of 3 tests pass."
    assert len(await editor.items(uri)) == 1
    assert editor.messages == []


async def test_what_is_asked_during_a_restart_is_asked_of_the_next(
    open_editor: Opener, cold: Process, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": await cold.line(), "run": "manual"})
    listing = asyncio.create_task(editor.run_command("wpc.listProblems"))
    assert await cold.line() == "asked /v1/problems"

    restarting = asyncio.create_task(editor.run_command("wpc.restartEndpoint"))

    assert {await cold.line() for _ in range(3)} == {
        "given up /v1/problems",
        "asked /v1/problems",
        "asked /v1/health",
    }
    cold.say("up")
    assert "the endpoint is ready" in await restarting
    assert len(await listing) == 3
    assert not any(m.type == types.MessageType.Error for m in editor.messages)


async def test_an_endpoint_that_dies_while_it_answers_is_told_of_once(
    open_editor: Opener, cold: Process, tmp_path: Path
) -> None:
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": await cold.line()})
    editor.open_file(tmp_path / "two_sum.py", WRONG)
    assert await cold.line() == "asked /v1/problems"

    await cold.kill()

    await editor.until(lambda: editor.messages)
    assert [message.type for message in editor.messages] == [types.MessageType.Error]
    assert "cannot be reached" in editor.messages[0].message


async def test_a_server_that_was_killed_is_started_again_and_told_everything_anew(
    open_editor: Opener, busy: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    killed = await open_editor(profile)
    await killed.begin(tmp_path, options={"endpoint": busy.url})
    uri = killed.open_file(tmp_path / "two_sum.py", WRONG)
    await busy.arrived.get()
    assert killed._server
    killed._server.kill()
    assert (await busy.abandoned.get()).code == WRONG
    await killed._server.wait()

    busy.repair = busy.well
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": busy.url})
    editor.open(uri, WRONG)
    assert len(await editor.diagnosed(uri)) == 1
    assert editor.messages == []


async def test_closing_the_editor_in_the_middle_of_work_ends_the_server(
    wire: Wire, busy: ScriptedEndpoint, tmp_path: Path
) -> None:
    await wire.begin(endpoint=busy.url)
    uri = (tmp_path / "two_sum.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": WRONG}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    await busy.arrived.get()

    assert wire.process.stdin
    wire.process.stdin.close()

    assert await wire.wait() == 1
    assert (await busy.abandoned.get()).code == WRONG


EDITOR = """
import json, subprocess, sys
url, uri = sys.argv[1:3]
server = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def say(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
options = {"endpoint": url}
say(id=1, method="initialize", params={"capabilities": {}, "initializationOptions": options})
say(method="initialized", params={})
item = {"uri": uri, "languageId": "python", "version": 1, "text": "print(WRONG)\\n"}
say(method="textDocument/didOpen", params={"textDocument": item})
server.stdin.flush()
print(server.pid, flush=True)
server.wait()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process as Linux can")
async def test_an_editor_that_is_killed_leaves_no_server_behind(
    busy: ScriptedEndpoint, home: dict[str, str], tmp_path: Path
) -> None:
    uri = (tmp_path / "two_sum.py").as_uri()
    editor = await Process.start(sys.executable, "-c", EDITOR, busy.url, uri, *SERVER, **home)
    server = int(await editor.line())
    await busy.arrived.get()

    await editor.kill()

    assert (await busy.abandoned.get()).code == WRONG
    await asyncio.to_thread(ended, server)


def ended(pid: int) -> None:
    """Wait until a process that is no child of ours has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    with os.fdopen(descriptor) as process:
        readable, _, _ = select.select([process], [], [], 60)
    assert readable
