"""From nothing to the first finding, and back to nothing."""

from pathlib import Path

from .conftest import OpenWorkbench

ENVIRONMENT = Path("home", "code", "User", "globalStorage", "wpc.wpc", "environment")


def test_wpc_is_installed_in_one_step_and_taken_away_in_another(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    workbench = open_workbench("pepper_grades.py", settings={"wpc.importStrategy": "useBundled"})
    page = workbench.page
    workbench.open(workbench.folder / "pepper_grades.py")

    workbench.wait_for_status("not installed")
    steps = workbench.open_walkthrough()
    steps.first.get_by_role("button", name="Install").click()
    workbench.notification("Fetching").wait_for()
    workbench.shoot("installing")
    workbench.notification("WPC is installed").wait_for(timeout=300_000)
    steps.first.locator(".complete").wait_for()
    page.locator(".tab", has_text="pepper_grades.py").click()
    workbench.squiggles.first.wait_for()
    workbench.wait_for_status("12 of 15 tests pass")
    assert (tmp_path / ENVIRONMENT / "pyvenv.cfg").exists()

    workbench.run("WPC: Remove What Was Installed")
    workbench.wait_for_status("not installed")
    workbench.squiggles.first.wait_for(state="detached")
    assert not (tmp_path / ENVIRONMENT).exists()
    assert page.locator(".codelens-decoration").count() == 0


def test_an_installation_that_is_cancelled_leaves_nothing(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    workbench = open_workbench("pepper_grades.py", settings={"wpc.importStrategy": "useBundled"})
    workbench.open(workbench.folder / "pepper_grades.py")
    offer = workbench.notification("WPC is not installed yet")
    offer.get_by_role("button", name="Install").click()

    progress = workbench.notification("Fetching")
    progress.wait_for()
    progress.get_by_role("button", name="Cancel").click()
    progress.wait_for(state="detached")

    workbench.wait_for_status("not installed")
    assert not (tmp_path / ENVIRONMENT).exists()
