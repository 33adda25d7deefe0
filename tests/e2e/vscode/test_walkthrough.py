"""The walkthrough: its steps, and which of them are done."""

from typing import Any

from .conftest import OpenWorkbench

TITLES = [
    "Install the engine",
    "Open a wrong program",
    "Take the fix",
    "Check a program of your own",
]


def test_the_walkthrough_ticks_off_what_was_done(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench("pepper_grades.py", settings=with_server)
    page = workbench.page
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.squiggles.first.wait_for()
    workbench.run("WPC: Compare with the Fix")
    page.locator(".monaco-diff-editor").wait_for()

    workbench.run("Open Walkthrough...")
    page.locator(".quick-input-list .monaco-list-row", has_text="wrong part of your code").click()
    steps = page.locator(".getting-started-step")
    steps.first.wait_for()
    done = page.locator(".getting-started-step .codicon-getting-started-step-checked")
    assert [step.get_by_role("heading").inner_text() for step in steps.all()] == TITLES
    done.nth(1).wait_for()
    workbench.shoot("walkthrough")
    steps.filter(has_text="Open a wrong program").click()
    steps.get_by_text("Open an Example").click()
    page.locator(".tab", has_text="A wrong program").wait_for()
    page.locator(".tab", has_text="Walkthrough").click()
    done.nth(2).wait_for()
    assert done.count() == 3
