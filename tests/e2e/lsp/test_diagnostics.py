"""When diagnostics come, and that what is shown is true of the text."""

import asyncio
from pathlib import Path

from lsprotocol import types

from reference.protocol import RepairRequest

from .editor import Opener
from .endpoint import Answer, ScriptedEndpoint

WRONG = "print(WRONG)\n"
RIGHT = "print(RIGHT)\n"


async def test_a_pull_is_answered_unchanged_while_nothing_new_is_known(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    first = await editor.pull(uri)
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert len(first.items) == 1

    again = await editor.pull(uri, first.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)

    editor.change(uri, "# typing\n" + WRONG)  # not checked before it is saved
    typing = await editor.pull(uri, first.result_id)
    assert isinstance(typing, types.RelatedUnchangedDocumentDiagnosticReport)

    editor.save(uri)
    saved = await editor.pull(uri, first.result_id)
    assert isinstance(saved, types.RelatedFullDocumentDiagnosticReport)
    assert saved.items[0].range.start.line == 1


async def test_pull_is_offered_only_with_refresh(open_editor: Opener, tmp_path: Path) -> None:
    offered = {}
    for profile in ("vscode", "neovim", "bare"):
        editor = await open_editor(profile)
        result = await editor.begin(tmp_path)
        offered[profile] = result.capabilities.diagnostic_provider is not None
    assert offered == {"vscode": True, "neovim": False, "bare": False}


async def test_typing_ends_the_check_of_the_older_text(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    release = asyncio.Event()

    async def slow(request: RepairRequest) -> Answer:
        if "slow" in request.code:
            await release.wait()
        return await endpoint.well(request)

    endpoint.repair = slow
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", "# slow\n" + WRONG)
    await endpoint.arrived.get()

    editor.change(uri, "#\n#\n#\n" + WRONG)
    assert "slow" in (await endpoint.abandoned.get()).code  # the request was given up
    editor.save(uri)

    [diagnostic] = await editor.diagnosed(uri)
    assert diagnostic.range.start.line == 3
    release.set()


async def test_what_was_checked_is_shown_again_after_undo(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    [before] = await editor.diagnosed(uri)
    editor.change(uri, RIGHT)
    await editor.cleared(uri)

    editor.change(uri, WRONG)

    assert await editor.diagnosed(uri) == [before]
    assert len(endpoint.requests) == 1


async def test_a_closed_document_has_no_diagnostics(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.diagnosed(uri)
    editor.close(uri)
    await editor.cleared(uri)


async def test_on_type_waits_for_a_pause_and_checks_the_last_text_only(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    options = {"endpoint": endpoint.url, "run": "onType", "debounce": 300}
    await editor.begin(tmp_path, options=options)
    uri = editor.open_file(tmp_path / "two_sum.py", "")
    await editor.run_command("wpc.check", uri)
    for end in range(1, len(WRONG) + 1):
        editor.change(uri, WRONG[:end])

    assert len(await editor.diagnosed(uri)) == 1
    assert [request.code for request in endpoint.requests] == ["", WRONG]


async def test_manual_checks_on_command_only(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "run": "manual"})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    editor.save(uri)
    await editor.actions(uri, types.Range(types.Position(0, 0), types.Position(0, 0)))
    assert not endpoint.requests

    assert await editor.run_command("wpc.check", uri) == "two_sum: 2 of 3 tests pass."
    assert len(await editor.diagnosed(uri)) == 1


async def test_what_cannot_be_checked_is_skipped_with_a_reason(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    big = editor.open_file(tmp_path / "two_sum.py", "#" * 300_000)
    cell = editor.open("vscode-notebook-cell:/home/ada/a.ipynb#X1", WRONG)
    text = editor.open((tmp_path / "two_sum.txt").as_uri(), WRONG, "plaintext")
    half = editor.open("untitled:Untitled-1", "# wpc: problem=two_sum\n'\ud800'\n")
    reasons = {
        big: "it is longer than 200 KiB",
        cell: "a notebook's cell is no whole program",
        text: "it is plaintext, not Python",
        half: "it holds half a surrogate pair, which UTF-8 can't say",
    }
    for uri, reason in reasons.items():
        summary = await editor.run_command("wpc.check", uri)
        assert summary == f"The file is not checked: {reason}."
        assert await editor.items(uri) == []
    assert not endpoint.requests


async def test_an_unsaved_document_may_name_its_problem(
    open_editor: Opener, endpoint: ScriptedEndpoint, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(options={"endpoint": endpoint.url})
    uri = editor.open("untitled:Untitled-1", "# wpc: problem=echo_line\n" + WRONG)
    [diagnostic] = await editor.diagnosed(uri)
    assert diagnostic.range.start.line == 1
