"""Files that nobody has open, where the settings want them checked."""

from pathlib import Path

from lsprotocol import types

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint


def fill(folder: Path) -> dict[str, str]:
    texts = {"two_sum.py": "WRONG\n", "count_up.py": "RIGHT\n", "notes.py": "WRONG\n"}
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / ".gitignore").write_text("old/\n")
    (folder / "old").mkdir()
    (folder / "old" / "two_sum.py").write_text("WRONG\n")
    return {name: (folder / name).as_uri() for name in texts}


async def reports(
    editor: Editor, **seen: str
) -> dict[str, types.WorkspaceDocumentDiagnosticReport]:
    previous = [types.PreviousResultId(uri, value) for uri, value in seen.items()]
    answer = await editor.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous))
    return {report.uri: report for report in answer.items}


async def test_the_workspace_is_pulled_and_unchanged_files_are_not_sent_again(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    uris = fill(tmp_path)
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "scope": "workspace"})
    await editor.until(lambda: editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH])

    first = await reports(editor)
    wrong = first[uris["two_sum.py"]]
    assert isinstance(wrong, types.WorkspaceFullDocumentDiagnosticReport)
    assert [d.code for d in wrong.items] == ["WPC301"]
    assert not any("/old/" in uri for uri in first)
    assert len(endpoint.requests) == 2  # no problem is known of notes.py, and old/ is ignored

    again = await reports(editor, **{wrong.uri: str(wrong.result_id)})
    assert again[wrong.uri].kind == "unchanged"

    editor.open(uris["two_sum.py"], "RIGHT\n")  # an open file is the document's own business
    assert uris["two_sum.py"] not in await reports(editor)


async def test_the_workspace_is_pushed_to_clients_that_do_not_pull(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    uris = fill(tmp_path)
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "scope": "workspace"})
    await editor.until(lambda: editor.diagnostics.get(uris["two_sum.py"]))
    assert not editor.diagnostics.get(uris["count_up.py"])


async def test_only_open_files_are_checked_unless_the_settings_want_more(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    uris = fill(tmp_path)
    editor = await open_editor("vscode")
    result = await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    assert result.capabilities.diagnostic_provider
    assert not result.capabilities.diagnostic_provider.workspace_diagnostics
    await editor.items(editor.open(uris["count_up.py"], "RIGHT\n"))
    assert [request.code for request in endpoint.requests] == ["RIGHT\n"]
