"""The walkthrough: its steps, their pictures, and which of them are done."""

from typing import Any

from .conftest import OpenWorkbench

TITLES = [
    "Install the engine",
    "Open a wrong program",
    "Take the fix",
    "Check a program of your own",
]


def test_the_walkthrough_shows_each_step_and_ticks_off_what_was_done(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench("pepper_grades.py", settings=with_server)
    page = workbench.page
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.squiggles.first.wait_for()

    steps = workbench.open_walkthrough()
    assert [step.get_by_role("heading").inner_text() for step in steps.all()] == TITLES
    for step in steps.all():
        step.click()
        picture = page.locator(".getting-started-media img:visible")
        picture.wait_for()
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    done = steps.locator(".codicon.complete")
    before = done.count()

    steps.filter(has_text="Open a wrong program").click()
    page.get_by_role("button", name="Open an Example").click()
    page.locator(".tab", has_text="A wrong program").wait_for()
    workbench.squiggles.first.wait_for()
    workbench.run("WPC: Compare with the Fix")
    page.locator(".monaco-diff-editor").wait_for()
    page.locator(".tab", has_text="Welcome").click()
    done.nth(before + 1).wait_for()
    assert (
        steps.nth(1).locator(".complete").count() == steps.nth(2).locator(".complete").count() == 1
    )
    workbench.shoot("walkthrough")
