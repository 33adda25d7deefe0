"""Whatever an editor shows comes in its language, and links to the rule's page in it."""

import re
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint

WRONG = "print(WRONG)\n"
PLACE = types.Range(types.Position(0, 7), types.Position(0, 7))


async def opened(editor: Editor, endpoint: ScriptedEndpoint, folder: Path, locale: str) -> str:
    await editor.begin(folder, options={"endpoint": endpoint.url}, locale=locale)
    uri = editor.open_file(folder / "two_sum.py", WRONG)
    await editor.diagnosed(uri)
    return uri


@pytest.mark.parametrize(
    ("locale", "title"), [("en-US", "WPC301: Off by one"), ("ko", "WPC301: 1 차이 오류")]
)
async def test_a_findings_code_leads_to_a_page_on_this_machine(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, locale: str, title: str
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, locale)
    [diagnostic] = await editor.items(uri)

    assert diagnostic.code == "WPC301"
    assert diagnostic.code_description
    page = Path(to_fs_path(diagnostic.code_description.href) or "")
    assert page.read_text("utf-8").startswith(f"# {title}\n")


async def test_actions_lenses_and_hovers_are_korean(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "ko-KR")
    document = types.TextDocumentIdentifier(uri)

    actions = await editor.actions(uri, PLACE)
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(document)) or []
    hover = await editor.text_document_hover_async(
        types.HoverParams(document, types.Position(0, 7))
    )

    assert {action.title for action in actions} >= {
        "The range ends one too early (테스트 3개를 모두 통과합니다)",
        "여기서 WPC301 무시하기",
        "WPC: 프로그램 고치기",
    }
    assert [lens.command and lens.command.title for lens in lenses] == [
        "테스트 2/3개 통과 · 다시 실행",
        "실패한 테스트 보기",
        "문제 설명 보기",
    ]
    assert hover
    assert isinstance(hover.contents, types.MarkupContent)
    text = hover.contents.value
    assert "**테스트 2**: 오답" in text
    assert "| 줄 | 기대 출력 | 실제 출력 |" in text
    assert re.search(r"\[WPC301 설명 더 보기\]\(file://\S+/ko/WPC301\.md\)", text)


async def test_a_rule_is_explained_in_the_editor(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "ko")

    found = await editor.run_command("wpc.explain", uri)
    named = await editor.run_command("wpc.explain", uri, "wrong-answer")
    with pytest.raises(JsonRpcException, match=r"WPC999.*없는 규칙입니다"):
        await editor.run_command("wpc.explain", uri, "WPC999")

    assert found.startswith("# WPC301: 1 차이 오류\n")
    assert named.startswith("# WPC001: 오답\n")
    assert [Path(shown.uri).name for shown in editor.shown_documents] == ["WPC301.md", "WPC001.md"]


async def test_notices_are_korean_whatever_they_are_about(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    (tmp_path / "wpc.toml").write_text('loclae = "ko"\n')
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url}, locale="ko")
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)
    await editor.until(lambda: editor.messages)
    assert "없는 옵션입니다: 'loclae'. 혹시 'locale' 아닙니까?" in editor.messages[-1].message

    await editor.run_command("wpc.compareFix", uri)
    await editor.until(lambda: "WPC: 비교할 수정안이 없습니다." in said(editor))

    await endpoint.stop()
    assert "연결할 수 없습니다" in await editor.run_command("wpc.showStatus")


async def test_the_editors_setting_wins_over_its_language(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    editor.set_configuration({"locale": "ko"}, section="wpc")
    uri = await opened(editor, endpoint, tmp_path, "en")
    [diagnostic] = await editor.items(uri)

    assert "기대 출력 4, 실제 출력 5" in diagnostic.message
    assert "엔드포인트 상태 준비됨" in await editor.run_command("wpc.showStatus")


def said(editor: Editor) -> list[str]:
    return [message.message for message in editor.messages]
