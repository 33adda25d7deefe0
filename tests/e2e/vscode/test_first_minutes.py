"""The three steps of the extension's README, to the letter; and its pictures."""

from .conftest import OpenWorkbench


def test_from_nothing_to_the_first_fix(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench("smooth_curve.py", settings={"wpc.importStrategy": "useBundled"})
    page = workbench.page
    workbench.resize(960, 600)

    # 1. Open a Python file; choose Install.
    workbench.open(workbench.folder / "smooth_curve.py")
    offer = workbench.notification("WPC is not installed yet")
    offer.wait_for()
    workbench.shoot("install")
    offer.get_by_role("button", name="Install").click()
    installed = workbench.notification("WPC is installed")
    installed.wait_for(timeout=300_000)
    page.keyboard.press("Escape")

    # 2. Open an Example.
    workbench.run("WPC: Open an Example")
    workbench.squiggles.first.wait_for()
    page.locator(".codelens-decoration", has_text="tests pass · run again").wait_for()
    page.locator(".tab", has_text="smooth_curve.py").click(button="middle")
    workbench.run("View: Toggle Primary Side Bar Visibility")
    page.keyboard.press("Control+Shift+M")
    row = page.locator(".markers-panel .monaco-list-row", has_text="`steps` should be `steps + 1`")
    row.wait_for()
    workbench.shoot("finding")
    workbench.run("WPC: Choose the Problem…")
    page.locator(".quick-input-list .monaco-list-row").first.wait_for()
    workbench.shoot("choose")
    page.keyboard.press("Escape")
    workbench.run("WPC: Compare with the Fix")
    page.locator(".monaco-diff-editor .modified .view-line", has_text="steps + 1):").wait_for()
    workbench.shoot("compare")
    page.locator(".tab", has_text="A wrong program").click()

    # 3. Put the cursor on the underlined part; press Ctrl+. there.
    workbench.put_cursor_on("range(1, steps)")
    page.keyboard.press("Control+.")
    fix = page.locator(".action-widget .monaco-list-row.action").first
    fix.wait_for()
    assert "`steps` should be `steps + 1`" in fix.inner_text()
    workbench.shoot("quick-fix")
    page.keyboard.press("Enter")
    page.locator(".codelens-decoration", has_text="23/23 tests pass").wait_for()
    page.locator(".view-line", has_text="range(1, steps + 1)").wait_for()
    workbench.shoot("fixed")
