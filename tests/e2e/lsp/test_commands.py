"""What a user can ask for, beyond fixes."""

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from .editor import Editor, Opener
from .endpoint import ScriptedEndpoint

WRONG = "n = int(input())\nprint(WRONG)\n"


async def opened(editor: Editor, endpoint: ScriptedEndpoint, folder: Path, name: str) -> str:
    await editor.begin(folder, options={"endpoint": endpoint.url})
    uri = editor.open_file(folder / name, WRONG)
    await editor.run_command("wpc.check", uri)
    return uri


async def lenses(editor: Editor, uri: str) -> list[str]:
    params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
    found = await editor.text_document_code_lens_async(params) or []
    return [lens.command.title for lens in found if lens.command]


async def test_hover_describes_the_finding_the_failing_test_and_the_fix(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")
    document = types.TextDocumentIdentifier(uri)

    hover = await editor.text_document_hover_async(
        types.HoverParams(document, types.Position(1, 7))
    )

    assert hover
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.kind == types.MarkupKind.Markdown
    text = hover.contents.value
    assert text.startswith("**WPC301 off-by-one** The range ends one too early")
    assert "| 1 | `3` | `3` |\n| 2 | `4` | `5` ← |" in text
    assert "```text\n1 2\n```" in text
    assert "```diff\n@@ -1 +1 @@\n-WRONG\n+RIGHT\n```" in text
    elsewhere = types.HoverParams(document, types.Position(0, 0))
    assert await editor.text_document_hover_async(elsewhere) is None


async def test_code_lenses_say_how_the_program_does(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")
    assert await lenses(editor, uri) == [
        "2/3 tests pass · run again",
        "Show the failing test",
        "Show the statement",
    ]
    editor.change(uri, WRONG + "#\n")
    assert "2/3 tests passed before the last change · run again" in await lenses(editor, uri)
    editor.change(uri, WRONG.replace("WRONG", "RIGHT"))
    assert await lenses(editor, uri) == ["3/3 tests pass · run again", "Show the statement"]

    other = editor.open_file(tmp_path / "draft.py", WRONG)
    await editor.run_command("wpc.check", other)
    assert await lenses(editor, other) == ["Choose the problem…"]
    module = editor.open_file(tmp_path / "module.py", "import os\n")
    await editor.run_command("wpc.check", module)
    assert await lenses(editor, module) == []


async def test_texts_are_shown_as_documents_that_only_the_user_can_read(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")

    statement = await editor.run_command("wpc.showStatement", uri)
    failing = await editor.run_command("wpc.showFailingTest", uri)
    diff = await editor.run_command("wpc.compareFix", uri)

    assert statement.startswith("# Sum of two\n\nAdd two numbers.\n\n## sample-1\n")
    assert failing.startswith("**Test 2**: wrong answer")
    assert diff.startswith("@@ -1 +1 @@")
    paths = [Path(to_fs_path(shown.uri) or "") for shown in editor.shown_documents]
    assert [path.read_text("utf-8") for path in paths] == [statement, failing, diff]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


async def test_texts_are_shown_in_messages_to_a_client_that_shows_no_documents(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("bare")
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")
    await editor.run_command("wpc.showFailingTest", uri)
    await editor.until(lambda: editor.messages)
    assert editor.messages[-1].message == "test 2, input 1 2, output line 2: expected 4, got 5"


async def test_texts_are_shown_in_messages_where_no_file_can_be_written(
    home: dict[str, str], open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    home["XDG_CACHE_HOME"] = str(tmp_path / "file")
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")
    text = await editor.run_command("wpc.showFailingTest", uri)
    assert "wrong answer" in text
    await editor.until(lambda: editor.messages)
    assert editor.messages[-1].message.startswith("test 2")
    assert editor.shown_documents == []


async def test_status_tells_how_the_endpoint_is(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("bare")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    assert await editor.run_command("wpc.showStatus") == (
        "WPC test: the endpoint is ready on cpu; 0 problems, no language model, sandbox bubblewrap."
    )


async def test_problems_are_listed_likeliest_first(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("bare")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = (tmp_path / "my_two_sums.py").as_uri()
    problems = await editor.run_command("wpc.listProblems", uri)
    assert problems[0] == {"id": "two_sum", "title": "Sum of two", "tests": 3}
    assert {problem["title"] for problem in problems} == {"Sum of two", "Count up", "Echo a line"}


async def test_a_problem_that_the_client_chose_replaces_the_one_named_before(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    before = "#!/usr/bin/env python3\n# wpc: problem=two_sum\nprint(RIGHT)\n"
    uri = editor.open_file(tmp_path / "draft.py", before)
    assert await editor.run_command("wpc.chooseProblem", uri, "echo_line") == "echo_line"
    assert editor.texts[uri] == before.replace("two_sum", "echo_line")

    plain = editor.open_file(tmp_path / "plain.py", "#!/usr/bin/env python3\nprint(RIGHT)\n")
    await editor.run_command("wpc.chooseProblem", plain, "echo_line")
    assert editor.texts[plain].splitlines()[:2] == [
        "#!/usr/bin/env python3",
        "# wpc: problem=echo_line",
    ]


async def test_nothing_is_written_where_the_user_chooses_nothing(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    editor = await open_editor("vscode")
    uri = await opened(editor, endpoint, tmp_path, "draft.py")
    assert await editor.run_command("wpc.chooseProblem", uri) is None
    assert editor.texts[uri] == WRONG
    titles = {action.title for action in editor.asked[0].actions or []}
    assert titles == {"Count up (count_up)", "Echo a line (echo_line)", "Sum of two (two_sum)"}


async def test_a_finding_is_ignored_by_command(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    uri = await opened(editor, endpoint, tmp_path, "two_sum.py")
    await editor.diagnosed(uri)
    assert await editor.run_command("wpc.ignoreFinding", uri)
    assert editor.texts[uri].endswith("print(WRONG)  # wpc: ignore[WPC301]\n")
    await editor.cleared(uri)
