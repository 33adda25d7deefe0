"""What a user sees, in three editors: a finding, its fix, the clean program."""

from pathlib import Path

from lsprotocol import types

from .editor import Opener
from .endpoint import ScriptedEndpoint

WRONG = "n = int(input())\nprint(WRONG)\n"
RIGHT = "n = int(input())\nprint(RIGHT)\n"


async def test_a_finding_is_shown_where_it_is_and_its_fix_clears_it(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", WRONG)

    [diagnostic] = await editor.diagnosed(uri)

    assert diagnostic.range == types.Range(types.Position(1, 6), types.Position(1, 11))
    assert (diagnostic.code, diagnostic.source) == ("WPC301", "wpc")
    assert diagnostic.severity == types.DiagnosticSeverity.Error
    assert "test 2" in diagnostic.message
    assert "expected 4, got 5" in diagnostic.message

    fix = (await editor.actions(uri, diagnostic.range))[0]
    assert fix.title == "The range ends one too early (passes all 3 tests)"
    await editor.take(fix)
    assert editor.texts[uri] == RIGHT
    await editor.cleared(uri)
    assert len(endpoint.requests) == 1  # the fix was verified: nothing is asked again


async def test_an_accepted_program_has_no_finding(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "two_sum.py", RIGHT)

    summary = await editor.run_command("wpc.check", uri)

    assert summary == "two_sum: 3 of 3 tests pass."
    assert not editor.diagnostics.get(uri)


async def test_a_file_without_a_problem_is_let_be_until_one_is_chosen(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, profile: str
) -> None:
    editor = await open_editor(profile)
    await editor.begin(tmp_path, options={"endpoint": endpoint.url})
    uri = editor.open_file(tmp_path / "draft.py", WRONG)
    assert await editor.run_command("wpc.check", uri) == (
        "No problem is known for this file; choose one."
    )
    assert not endpoint.requests

    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    [choose] = await editor.actions(uri, top)
    assert choose.title == "Choose the problem…"
    editor.choices = ["Count up (count_up)"]
    await editor.take(choose)

    assert editor.texts[uri] == "# wpc: problem=count_up\n" + WRONG
    [diagnostic] = await editor.diagnosed(uri)
    assert diagnostic.range.start == types.Position(2, 6)
    assert endpoint.requests[0].problem.id == "count_up"
