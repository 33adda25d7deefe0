"""What a folder may make happen before and after it is trusted."""

import json

from .conftest import OpenWorkbench


def test_an_untrusted_folder_runs_nothing(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench("pepper_grades.py", settings={}, trusted=False)
    folder = workbench.folder
    trap, sprung = folder / "python", folder / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$@" >> {sprung}\nexit 1\n', "utf-8")
    trap.chmod(0o755)
    settings = folder / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"wpc.interpreter": str(trap)}), "utf-8")

    workbench.open(folder / "pepper_grades.py")
    workbench.page.locator(".statusbar-item", has_text="Restricted Mode").wait_for()
    workbench.run("Developer: Show Running Extensions")  # by then, all have started that may
    workbench.page.locator(".runtime-extensions-editor .monaco-list-row").first.wait_for()
    assert not sprung.exists()
    assert workbench.status.count() == 0
    workbench.shoot("untrusted")
    workbench.page.keyboard.press("Escape")

    workbench.run("Workspaces: Manage Workspace Trust")
    workbench.page.get_by_role("button", name="Trust", exact=True).click()
    workbench.page.locator(".notification-list-item", has_text="has no wpc-lsp").wait_for()
    assert sprung.exists()
