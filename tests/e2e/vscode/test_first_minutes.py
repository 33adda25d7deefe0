"""The three steps of the README, to the letter; and the pictures of the documents."""

import os
import subprocess
import sys
from pathlib import Path

from ..documents import code_blocks, words
from ..fresh_copy import fresh_copy
from .conftest import OpenWorkbench
from .toolbox import Toolbox


def test_from_nothing_to_the_first_fix(
    open_workbench: OpenWorkbench, toolbox: Toolbox, tmp_path: Path
) -> None:
    [script] = code_blocks("README.md", "VS Code")
    [install] = words("README.md", "VS Code", "strong")
    [command] = words("README.md", "VS Code", "em")
    keys = words("README.md", "VS Code", "code_inline")

    # 1. Make the extension and install it.
    extensions, programs = tmp_path / "extensions", tmp_path / "bin"
    clone = fresh_copy(tmp_path / "wpc")
    toolbox.put_code_on_path(programs, extensions)
    path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
    made = subprocess.run(
        ["bash", "-ec", script.text],
        cwd=clone,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert made.returncode == 0, made.stdout

    # 2. Open a Python file, and choose Install.
    settings = {"wpc.importStrategy": "useBundled"}  # this machine has the server already
    workbench = open_workbench("smooth_curve.py", settings=settings, extensions=extensions)
    page = workbench.page
    workbench.resize(960, 600)
    workbench.open(workbench.folder / "smooth_curve.py")
    offer = workbench.notification("WPC is not installed yet")
    offer.wait_for()
    workbench.shoot("install")
    offer.get_by_role("button", name=install).click()
    installed = workbench.notification("WPC is installed")
    installed.wait_for(timeout=300_000)
    page.keyboard.press("Escape")

    # 3. Open an example; put the cursor on the underlined part; press the keys.
    workbench.run(command)
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

    workbench.put_cursor_on("range(1, steps)")
    page.keyboard.press(keys[0])
    fix = page.locator(".action-widget .monaco-list-row.action").first
    fix.wait_for()
    assert "`steps` should be `steps + 1`" in fix.inner_text()
    workbench.shoot("quick-fix")
    page.keyboard.press(keys[1])
    page.locator(".codelens-decoration", has_text="23/23 tests pass").wait_for()
    page.locator(".view-line", has_text="range(1, steps + 1)").wait_for()
    workbench.shoot("fixed")
