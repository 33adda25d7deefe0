"""From a wrong program to one that passes, as a user does it."""

from pathlib import Path
from typing import Any

from .conftest import OpenWorkbench
from .toolbox import ROOT

WRONG = "    if heat <= 2500:\n"
RIGHT = "    if heat < 2500:\n"
TITLE = "`heat <= 2500` should be `heat < 2500`"


def _program() -> str:
    return (ROOT / "examples" / "pepper_grades.py").read_text("utf-8")


def test_a_wrong_program_is_underlined_explained_and_fixed(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench("pepper_grades.py", settings=with_server)
    file = workbench.folder / "pepper_grades.py"
    page = workbench.page
    workbench.open(file)

    workbench.squiggles.first.wait_for()
    workbench.wait_for_status("12 of 15 tests pass")
    page.locator(".codelens-decoration", has_text="12/15 tests pass · run again").wait_for()
    page.keyboard.press("Control+Shift+M")
    row = page.locator(".markers-panel .monaco-list-row", has_text=TITLE)
    assert row.inner_text().split("\n")[1:] == ["wpc", "WPC101", "[Ln 5, Col 8]"]

    row.click()
    workbench.put_cursor_on("heat <= 2500")
    page.keyboard.press("Control+.")
    fixes = page.locator(".action-widget .monaco-list-row.action")
    fixes.first.wait_for()
    assert TITLE in fixes.first.inner_text()
    page.keyboard.press("Enter")
    workbench.squiggles.first.wait_for(state="detached")
    workbench.wait_for_status("15 of 15 tests pass")
    page.locator(".codelens-decoration", has_text="15/15 tests pass").wait_for()
    workbench.save()

    assert file.read_text("utf-8") == _program().replace(WRONG, RIGHT)


def test_a_fix_is_compared_and_applied_from_the_diff_editor(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench("pepper_grades.py", settings=with_server)
    file = workbench.folder / "pepper_grades.py"
    page = workbench.page
    workbench.open(file)
    workbench.squiggles.first.wait_for()

    workbench.run("WPC: Compare with the Fix")
    diff = page.locator(".monaco-diff-editor")
    diff.locator(".modified .view-line", has_text=RIGHT.strip()).wait_for()
    diff.locator(".original .view-line", has_text=WRONG.strip()).wait_for()
    page.locator(".editor-actions").get_by_role("button", name="Apply the Fix").click()
    diff.wait_for(state="detached")
    workbench.wait_for_status("15 of 15 tests pass")
    workbench.save()

    assert file.read_text("utf-8") == _program().replace(WRONG, RIGHT)


def test_the_problem_of_a_program_is_chosen_from_a_list(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench(settings=with_server)
    file: Path = workbench.folder / "draft.py"
    program = _program()
    file.write_text(program, "utf-8")
    workbench.open(file)

    workbench.page.locator(".codelens-decoration a", has_text="Choose the problem…").click()
    box = workbench.page.locator(".quick-input-widget")
    box.locator(".monaco-list-row").first.wait_for()
    box.locator("input[type=text]").fill("pepper_grades")
    row = box.locator(".monaco-list-row", has_text="pepper_grades").first
    row.wait_for()
    workbench.page.keyboard.press("Enter")

    workbench.squiggles.first.wait_for()
    workbench.save()
    assert file.read_text("utf-8") == "# wpc: problem=pepper_grades\n" + program
