"""Fixes: when they are offered, how they are marked, and that a stale one is never applied."""

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint

WRONG = "x = 1\nprint(WRONG)\n"
WHOLE = types.Range(types.Position(0, 0), types.Position(2, 0))


async def opened(editor: Editor, endpoint: ScriptedEndpoint, folder: Path, text: str) -> str:
    await editor.begin(folder, options={"endpoint": endpoint.url})
    uri = editor.open_file(folder / "two_sum.py", text)
    await editor.diagnosed(uri)
    return uri


async def test_only_a_verified_fix_is_preferred_and_only_a_models_is_tagged(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, WRONG)
    verified, *_ = await editor.actions(uri, WHOLE)
    assert isinstance(verified, types.CodeAction)
    assert verified.is_preferred
    assert verified.tags is None

    other = editor.open_file(tmp_path / "count_up.py", "print(WRONG_BY_MODEL)\n")
    await editor.diagnosed(other)
    unsure, *rest = await editor.actions(other, WHOLE)
    assert isinstance(unsure, types.CodeAction)
    assert unsure.title == "The range ends one too early (passes 2 of 3 tests)"
    assert not unsure.is_preferred
    assert list(unsure.tags or []) == [types.CodeActionTag.LlmGenerated]
    assert not any(a.kind == "source.fixAll.wpc" for a in rest if isinstance(a, types.CodeAction))


async def test_a_tag_is_kept_from_clients_that_do_not_know_it(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("neovim")
    uri = await opened(editor, endpoint, tmp_path, "print(WRONG_BY_MODEL)\n")
    action, *_ = await editor.actions(uri, WHOLE)
    assert isinstance(action, types.CodeAction)
    assert action.tags is None


async def test_the_edit_comes_with_resolve_for_the_version_that_is_open(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, WRONG)
    action, *_ = await editor.actions(uri, WHOLE)
    assert isinstance(action, types.CodeAction)
    assert action.edit is None
    editor.change(uri, "other\n")
    editor.change(uri, WRONG)  # the same text, two versions later

    resolved = await editor.code_action_resolve_async(action)

    assert resolved.edit
    [change] = resolved.edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 3


async def test_a_fix_for_an_older_text_is_refused(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, WRONG)
    action, *_ = await editor.actions(uri, WHOLE)
    assert isinstance(action, types.CodeAction)
    editor.change(uri, "y = 2\n" + WRONG)

    with pytest.raises(JsonRpcException) as refused:
        await editor.code_action_resolve_async(action)

    assert refused.value.code == types.LSPErrorCodes.ContentModified
    assert [a.title for a in await editor.actions(uri, WHOLE)] == []


async def test_kinds_and_range_narrow_what_is_offered(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, WRONG)

    async def kinds(range_: types.Range, *only: str) -> set[str]:
        actions = await editor.actions(uri, range_, *only)
        return {str(a.kind) for a in actions if isinstance(a, types.CodeAction)}

    quick_fix, fix_all = types.CodeActionKind.QuickFix.value, "source.fixAll.wpc"
    first_line = types.Range(types.Position(0, 0), types.Position(0, 3))
    assert await kinds(WHOLE) == {quick_fix, fix_all}
    assert await kinds(WHOLE, "source.fixAll") == {fix_all}
    assert await kinds(WHOLE, "source") == {fix_all}
    assert await kinds(WHOLE, quick_fix) == {quick_fix}
    assert await kinds(WHOLE, "refactor") == set()
    assert await kinds(first_line, quick_fix) == set()
    assert await kinds(types.Range(types.Position(1, 8), types.Position(1, 8))) == {
        quick_fix,
        fix_all,
    }


async def test_fix_all_applies_the_verified_fix(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    uri = await opened(editor, endpoint, tmp_path, WRONG + "print(WRONG)\n")
    [action] = await editor.actions(uri, WHOLE, "source.fixAll.wpc")
    await editor.take(action)
    assert editor.texts[uri] == "x = 1\nprint(RIGHT)\nprint(RIGHT)\n"


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("print(WRONG)\n", "print(WRONG)  # wpc: ignore[WPC301]\n"),
        (
            "if 1:\n    print(WRONG, '''\n''')\n",
            "if 1:\n    # wpc: ignore[WPC301]\n    print(WRONG, '''\n''')\n",
        ),
        ("print(WRONG)\r\n", "print(WRONG)  # wpc: ignore[WPC301]\r\n"),
    ],
    ids=["behind", "above", "crlf"],
)
async def test_a_finding_is_ignored_by_a_comment(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, text: str, ignored: str
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, text)
    [ignore] = [a for a in await editor.actions(uri, WHOLE) if a.title == "Ignore WPC301 here"]
    await editor.take(ignore)
    assert editor.texts[uri] == ignored
    editor.save(uri)
    assert await editor.items(uri) == []
