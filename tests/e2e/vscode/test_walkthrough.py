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
    workbench.resize(1600, 900)  # in less, there is no room for pictures
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.squiggles.first.wait_for()

    workbench.run("Open Walkthrough...")
    page.locator(".quick-input-list .monaco-list-row", has_text="wrong part of your code").click()
    steps = page.locator(".getting-started-step")
    steps.first.wait_for()
    assert [step.get_by_role("heading").inner_text() for step in steps.all()] == TITLES
    done = page.locator(".getting-started-step .codicon.complete")
    steps.filter(has_text="Open a wrong program").click()
    page.locator(".getting-started-media img").first.wait_for()
    print(page.locator(".getting-started-step").first.evaluate("e => e.outerHTML")[:600])
    workbench.shoot("walkthrough-before")
    page.get_by_role("button", name="Open an Example").click()
    page.locator(".tab", has_text="A wrong program").wait_for()
    page.locator(".tab", has_text="Welcome").click()
    page.wait_for_timeout(3000)
    print(page.locator(".getting-started-step").nth(1).evaluate("e => e.outerHTML")[:600])
    workbench.shoot("walkthrough")
