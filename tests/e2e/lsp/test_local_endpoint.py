"""The whole chain, with nothing set up: server, the endpoint it starts, engine, sandbox."""

import json
import os
import signal
from pathlib import Path

from lsprotocol import types

from .editor import Opener

ROOT = Path(__file__).parents[3]
WRONG = (ROOT / "examples" / "count_between.py").read_text("utf-8")


async def test_the_first_open_file_shows_a_real_finding_and_its_fix(
    local_endpoint: dict[str, str], open_editor: Opener, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path)
    uri = editor.open_file(tmp_path / "count_between.py", WRONG)

    [diagnostic] = await editor.diagnosed(uri)
    before = (await editor.run_command("wpc.describe", uri))["report"]["tests"]
    verdicts = [result["verdict"] for result in before["results"]]
    assert verdicts.count("accepted") == before["passed"] < before["total"] == len(verdicts)
    fix, *_ = await editor.actions(uri, diagnostic.range)
    await editor.take(fix)

    assert editor.texts[uri] != WRONG
    await editor.cleared(uri)
    after = (await editor.run_command("wpc.describe", uri))["report"]["tests"]
    assert after["results"] == [{**test, "verdict": "accepted"} for test in before["results"]]
    summary = await editor.run_command("wpc.check", uri)
    passed, total = summary.split()[1:4:2]
    assert passed == total != "0"


async def test_a_local_endpoint_that_was_killed_is_started_again(
    local_endpoint: dict[str, str], runtime: Path, open_editor: Opener, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path)
    uri = editor.open_file(tmp_path / "count_between.py", WRONG)
    before = await editor.items(uri)
    [entry] = runtime.rglob("endpoint.json")
    os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)

    await editor.run_command("wpc.check", uri)

    assert await editor.items(uri) == before
    assert not any(m.type == types.MessageType.Error for m in editor.messages)


async def test_restarting_ends_a_local_endpoint_also_one_that_hangs(
    local_endpoint: dict[str, str], runtime: Path, open_editor: Opener, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path)
    uri = editor.open_file(tmp_path / "count_between.py", WRONG)
    before = await editor.items(uri)
    [entry] = runtime.rglob("endpoint.json")
    old = json.loads(entry.read_text("utf-8"))["pid"]
    os.kill(old, signal.SIGSTOP)

    status = await editor.run_command("wpc.restartEndpoint")

    assert json.loads(entry.read_text("utf-8"))["pid"] != old
    assert "the endpoint is " in status
    await editor.run_command("wpc.check", uri)
    assert await editor.items(uri) == before
