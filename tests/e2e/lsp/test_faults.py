"""An endpoint that fails in every way: one message, the last good findings, no request lost."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from reference.protocol import RepairReport, RepairRequest, TestSummary, Verdict

from .editor import Editor, Opener
from .endpoint import ENGINE, Answer, ScriptedEndpoint

WRONG = "print(WRONG)\n"
WORSE = "#\nprint(WRONG)\n"

FAULTS = {
    "unauthorized": (Answer(status=401), "refuses the credentials"),
    "failure": (Answer(status=500, body=b"Traceback"), "failed (500)"),
    "garbage": (Answer(body=b"<html>"), "does not answer as an endpoint"),
    "wrong json": (Answer(body=b'{"version": 2}'), "does not answer as an endpoint"),
    "too much": (Answer(body=b"x" * (9 << 20)), "answers too much"),
}


def errors(editor: Editor) -> list[str]:
    return [m.message for m in editor.messages if m.type == types.MessageType.Error]


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_outage_is_told_once_and_keeps_the_last_findings(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, fault: str
) -> None:
    answer, words = FAULTS[fault]
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    before = await editor.pull(uri)

    async def fail(request: RepairRequest) -> Answer:
        return answer

    endpoint.repair = fail
    editor.change(uri, WORSE)
    for _ in range(3):
        assert await editor.run_command("wpc.check", uri) == "The file was not checked."
        after = await editor.pull(uri, before.result_id)
        assert isinstance(after, types.RelatedUnchangedDocumentDiagnosticReport)
    assert len(errors(editor)) == 1
    assert words in errors(editor)[0]

    endpoint.repair = endpoint.well
    await editor.run_command("wpc.check", uri)
    assert editor.messages[-1].message == "WPC: the endpoint answers again."
    [now] = await editor.items(uri)
    assert now.range.start.line == 1


async def test_an_endpoint_that_is_not_there_is_told_once(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    await endpoint.stop()
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.until(lambda: errors(editor))
    await editor.run_command("wpc.check", uri)
    assert len(errors(editor)) == 1
    assert "cannot be reached" in errors(editor)[0]


async def test_an_endpoint_that_is_restarted_is_found_again(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.items(uri)
    await endpoint.stop()
    editor.change(uri, WORSE)
    editor.save(uri)
    await endpoint.start(endpoint.port)
    [diagnostic] = await editor.items(uri)
    assert diagnostic.range.start.line == 1
    assert errors(editor) == []


async def test_a_busy_endpoint_is_asked_again_after_the_time_it_says(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    async def busy_once(request: RepairRequest) -> Answer:
        if len(endpoint.requests) < 3:
            return Answer(status=429, headers={"Retry-After": "0"})
        return await endpoint.well(request)

    endpoint.repair = busy_once
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    assert len(await editor.items(uri)) == 1
    assert len(endpoint.requests) == 3
    assert errors(editor) == []


def hanging(endpoint: ScriptedEndpoint) -> Callable[[RepairRequest], Awaitable[Answer]]:
    async def hang(request: RepairRequest) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    return hang


async def test_cancelling_a_command_gives_up_the_request(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    endpoint.repair = hanging(endpoint)
    editor = await open_editor("bare")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "run": "manual"})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    params = types.ExecuteCommandParams("wpc.check", [uri])
    asked = editor.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="check")
    await endpoint.arrived.get()

    editor.cancel_request(types.CancelParams("check"))

    assert (await endpoint.abandoned.get()).code == WRONG
    with pytest.raises(Exception, match="Cancelled"):
        await asyncio.wrap_future(asked)


async def test_slow_work_shows_progress_and_cancelling_it_gives_up_the_request(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    endpoint.repair = hanging(endpoint)
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    [token] = await editor.until(lambda: list(editor.progress_reports))
    [begin] = await editor.until(lambda: editor.progress_reports[token])
    assert begin.value["title"] == "WPC: checking two_sum.py"
    assert begin.value["cancellable"]

    editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))

    assert (await endpoint.abandoned.get()).code == WRONG
    await editor.until(lambda: len(editor.progress_reports[token]) == 2)
    assert editor.progress_reports[token][1].value["kind"] == "end"
    assert await editor.items(uri) == []


async def test_the_server_ends_in_the_middle_of_work(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    endpoint.repair = hanging(endpoint)
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    editor.open_file(tmp_path / "two_sum.py", WRONG)
    await endpoint.arrived.get()
    await editor.shutdown_session()
    assert editor._server
    assert editor._server.returncode == 0
    assert (await endpoint.abandoned.get()).code == WRONG


async def test_why_nothing_could_be_judged_is_told_once(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    async def unjudged(request: RepairRequest) -> Answer:
        report = RepairReport(
            verdict=Verdict.NOT_JUDGED,
            reason="This machine has no sandbox.",
            tests=TestSummary(passed=0, total=3),
            engine=ENGINE,
        )
        return Answer(body=report.model_dump_json().encode())

    endpoint.repair = unjudged
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    for name in ("two_sum", "count_up"):
        uri = editor.open_file(tmp_path / f"{name}.py", WRONG)
        summary = await editor.run_command("wpc.check", uri)
        assert summary == f"{name}: not judged: This machine has no sandbox."
    told = [m.message for m in editor.messages if m.type == types.MessageType.Warning]
    assert told == ["WPC: This machine has no sandbox."]
    assert not editor.diagnostics.get(uri)
