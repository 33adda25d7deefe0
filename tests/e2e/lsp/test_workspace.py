"""Files that nobody has open, where the settings want them checked."""

from pathlib import Path

from lsprotocol import types

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint
from .wire import Wire


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


async def refreshed(editor: Editor, before: int) -> int:
    """Wait until the client was told to pull again; return how often it was by now."""
    counts = editor.counts
    return await editor.until(
        lambda: n if (n := counts[types.WORKSPACE_DIAGNOSTIC_REFRESH]) > before else None
    )


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


async def test_what_is_known_of_a_file_follows_the_file(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    uris = fill(tmp_path)
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "scope": "workspace"})

    await refreshed(editor, 0)
    wrong = (await reports(editor))[uris["two_sum.py"]]
    [watching] = [r for r in editor.registered if r.id == "files"]
    assert "**/*.py" in str(watching.register_options)

    before = editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH]
    (tmp_path / "two_sum.py").unlink()
    (tmp_path / "count_up.py").write_text("WRONG\n")
    changes = [
        types.FileEvent(uris["two_sum.py"], types.FileChangeType.Deleted),
        types.FileEvent(uris["count_up.py"], types.FileChangeType.Changed),
    ]
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
    await refreshed(editor, before)
    now = await reports(editor)
    assert uris["two_sum.py"] not in now
    assert len(now[uris["count_up.py"]].items) == 1
    gone = await reports(editor, **{wrong.uri: str(wrong.result_id)})
    assert list(gone[wrong.uri].items) == []


async def test_a_closed_file_is_what_is_on_disk(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    uris = fill(tmp_path)
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "scope": "workspace"})
    uri = editor.open(uris["two_sum.py"], "RIGHT\n")
    await editor.run_command("wpc.check", uri)

    editor.close(uri)

    await editor.until(lambda: editor.diagnostics.get(uri))


async def test_a_large_workspace_drives_out_nothing_that_is_known_of_open_files(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}").mkdir()
        (tmp_path / f"{number:03}" / "two_sum.py").write_text(f"# {number}\nWRONG\n")
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "scope": "workspace"})
    uri = editor.open_file(tmp_path / "count_up.py", "WRONG\n")
    [diagnostic] = await editor.items(uri)
    refreshes = 0
    while len(await reports(editor)) < 300:
        refreshes = await refreshed(editor, refreshes)

    assert await editor.actions(uri, diagnostic.range)
    assert len(endpoint.requests) == 301


async def test_a_client_that_knows_but_one_root_has_a_workspace_too(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    (tmp_path / "two_sum.py").write_text("WRONG\n")
    options = {"endpoint": endpoint.url, "scope": "workspace"}
    params = {"capabilities": {}, "rootUri": tmp_path.as_uri(), "initializationOptions": options}
    await wire.ask(1, "initialize", params)
    wire.notify("initialized", {})

    published = await wire.request("textDocument/publishDiagnostics")

    assert published["params"]["uri"] == (tmp_path / "two_sum.py").as_uri()
    assert [d["code"] for d in published["params"]["diagnostics"]] == ["WPC301"]
    assert await wire.end() == 0
