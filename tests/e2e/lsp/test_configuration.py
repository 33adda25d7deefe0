"""Settings, from all their places, and that they are live."""

from pathlib import Path

from lsprotocol import types

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint

WRONG = "print(WRONG)\n"


def told(editor: Editor, text: str) -> bool:
    return any(text in message.message for message in editor.messages)


async def test_workspace_folders_have_settings_of_their_own(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    editor = await open_editor("vscode")
    one.mkdir(), two.mkdir()
    editor.set_configuration({"ignore": ["WPC3"]}, section="wpc", scope_uri=two.as_uri())
    await editor.begin(one, two, options={"endpoint": endpoint.url})

    shown = editor.open_file(one / "two_sum.py", WRONG)
    hidden = editor.open_file(two / "two_sum.py", WRONG)

    assert len(await editor.items(shown)) == 1
    assert await editor.items(hidden) == []


async def test_the_clients_settings_are_live(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    assert len(await editor.items(uri)) == 1
    seen = editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH]

    editor.set_configuration({"ignore": ["WPC301"]}, section="wpc")
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))

    await editor.until(lambda: editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH] > seen)
    assert await editor.items(uri) == []
    assert len(endpoint.requests) == 1  # the report is the same; only its findings are not


async def test_pushed_settings_are_live(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("bare")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.diagnosed(uri)
    settings = {"wpc": {"ignore": ["WPC301"]}}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await editor.cleared(uri)


async def test_a_configuration_file_is_watched(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "answers" / "draft.py", WRONG)
    assert await editor.items(uri) == []
    await editor.until(lambda: len(editor.registered) == 2)
    watched = {r.method for r in editor.registered}
    assert types.WORKSPACE_DID_CHANGE_WATCHED_FILES in watched
    seen = editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH]

    file = tmp_path / "wpc.toml"
    file.write_text('[problems]\n"answers/*.py" = "count_up"\n')
    event = types.FileEvent(file.as_uri(), types.FileChangeType.Created)
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    await editor.until(lambda: editor.counts[types.WORKSPACE_DIAGNOSTIC_REFRESH] > seen)
    assert len(await editor.items(uri)) == 1
    assert endpoint.requests[-1].problem.id == "count_up"


async def test_a_mistake_in_a_configuration_is_told_once(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    (tmp_path / "wpc.toml").write_text("selct = []\n")
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url, "run": "sometimes"})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    for _ in range(2):
        summary = await editor.run_command("wpc.check", uri)
        assert summary == "The file was not checked."
    await editor.until(lambda: told(editor, "unknown option 'selct'; did you mean 'select'?"))
    assert sum("selct" in message.message for message in editor.messages) == 1
    assert sum("the editor's settings: run" in m.message for m in editor.messages) == 1


async def test_a_problem_that_does_not_exist_is_told_once(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("neovim")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "a.py", "# wpc: problem=two_sun\n")
    for _ in range(2):
        await editor.run_command("wpc.check", uri)
    assert [m.message for m in editor.messages if "two_sun" in m.message] == [
        "WPC: There is no problem 'two_sun'; did you mean two_sum?"
    ]


async def test_a_workspace_may_not_name_the_endpoint(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    stranger = ScriptedEndpoint()
    await stranger.start()
    editor = await open_editor("vscode")
    editor.set_configuration({"endpoint": stranger.url}, section="wpc")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.items(uri)
    await stranger.stop()
    assert (len(endpoint.requests), len(stranger.requests)) == (1, 0)


async def test_messages_come_in_the_clients_language_unless_the_settings_say(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url}, locale="ko")
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    [korean] = await editor.items(uri)
    assert "기대 출력 4, 실제 출력 5" in korean.message
    assert endpoint.requests[-1].options.locale == "ko"

    (tmp_path / "said").mkdir()
    (tmp_path / "said" / "wpc.toml").write_text('locale = "en"\n')
    said = editor.open_file(tmp_path / "said" / "two_sum.py", WRONG)
    [english] = await editor.items(said)
    assert "expected 4, got 5" in english.message
