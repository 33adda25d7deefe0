"""What a user, and a client on the user's behalf, can learn of WPC itself."""

from pathlib import Path
from typing import Any

from pygls.uris import to_fs_path

from reference.protocol import RepairRequest

from .editor import Editor, Opener
from .endpoint import ENGINE, Answer, ScriptedEndpoint, report_of

WRONG = "n = int(input())\nprint(WRONG)\n"


async def test_a_document_is_described_for_clients_that_show_it_themselves(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "run": "manual"})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    assert await described(editor, uri) == {"endpoint": "starting", "checked": False}

    await editor.run_command("wpc.check", uri)

    known = await described(editor, uri)
    report, [finding] = known["report"], known["findings"]
    assert (known["endpoint"], known["stale"], known["skipped"]) == ("ready", False, None)
    assert known["problem"] == "two_sum"
    assert report["verdict"] == "wrong_answer"
    assert (report["tests"]["passed"], report["tests"]["total"]) == (2, 3)
    assert (report["failingTest"]["expected"], report["failingTest"]["actual"]) == (
        "3\n4\n",
        "3\n5\n",
    )
    assert (finding["rule"], finding["severity"]) == ("WPC301", "error")
    assert finding["range"]["start"] == {"line": 1, "character": 6}
    assert finding["fixes"][0]["verified"]
    assert finding["fixes"][0]["diff"].startswith("@@ -1 +1 @@")

    editor.change(uri, WRONG + "#\n")
    assert (await described(editor, uri))["stale"]


async def test_a_document_that_is_not_checked_is_described_with_the_reason(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("bare")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open("file:///a.rs", "fn main() {}", "rust")
    await editor.run_command("wpc.check", uri)
    known = await described(editor, uri)
    assert "rust" in known["skipped"]
    assert (known["problem"], known["report"], known["findings"]) == (None, None, [])


async def test_the_state_of_the_endpoint_is_told_once_to_who_wants_it(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    async def refuse(request: RepairRequest) -> Answer:
        return Answer(status=401)

    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "run": "manual"})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    for repair in (endpoint.well, refuse, refuse, endpoint.well):
        endpoint.repair = repair
        await editor.run_command("wpc.check", uri)
    await editor.until(lambda: len(editor.states) == 3)
    assert editor.states == ["ready", "unauthorized", "ready"]


async def test_the_log_is_shown_and_holds_no_code(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.run_command("wpc.check", uri)
    log = await editor.run_command("wpc.showServerLog")
    assert log.startswith("wpc-lsp ")
    assert "info: The endpoint is ready." in log
    assert "WRONG" not in log
    [shown] = editor.shown_documents
    assert Path(to_fs_path(shown.uri) or "").read_text("utf-8") == log


async def test_what_another_engine_said_is_asked_for_again(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    stale = editor.open_file(tmp_path / "two_sum.py", WRONG)
    other = editor.open_file(tmp_path / "count_up.py", WRONG)
    assert len(await editor.items(stale)) == len(await editor.items(other)) == 1

    async def updated(request: RepairRequest) -> Answer:
        engine = ENGINE.model_copy(update={"digest": "updated"})
        accepted = request.model_copy(update={"code": ""})
        return Answer(body=report_of(accepted, engine).model_dump_json().encode())

    endpoint.repair = updated
    await editor.run_command("wpc.check", other)
    assert await editor.items(stale) == []
    assert [request.problem.id for request in endpoint.requests[2:]] == ["count_up", "two_sum"]


async def described(editor: Editor, uri: str) -> dict[str, Any]:
    known: dict[str, Any] = await editor.run_command("wpc.describe", uri)
    return known
