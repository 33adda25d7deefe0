"""From nothing to the first finding, and back to nothing."""

from pathlib import Path

from .conftest import OpenWorkbench


def test_wpc_is_installed_in_one_step_and_taken_away_in_another(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    workbench = open_workbench("scales.py", settings={"wpc.importStrategy": "useBundled"})
    page = workbench.page
    workbench.open(workbench.folder / "scales.py")

    workbench.wait_for_status("not installed")
    offer = workbench.notification("WPC is not installed yet")
    offer.wait_for()
    workbench.shoot("install")
    offer.get_by_role("button", name="Install").click()
    workbench.notification("WPC is installed").wait_for(timeout=300_000)
    workbench.squiggles.first.wait_for(timeout=60_000)
    workbench.wait_for_status("18 of 24 tests pass")
    assert list((tmp_path / "home").rglob("environment/pyvenv.cfg"))

    workbench.run("WPC: Remove What Was Installed")
    workbench.wait_for_status("not installed")
    workbench.squiggles.first.wait_for(state="detached")
    assert not list((tmp_path / "home").rglob("environment"))
    assert page.locator(".codelens-decoration").count() == 0


def test_an_installation_that_is_cancelled_leaves_nothing(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    workbench = open_workbench("scales.py", settings={"wpc.importStrategy": "useBundled"})
    workbench.open(workbench.folder / "scales.py")
    offer = workbench.notification("WPC is not installed yet")
    offer.get_by_role("button", name="Install").click()

    progress = workbench.notification("Fetching")
    progress.wait_for(timeout=60_000)
    progress.get_by_role("button", name="Cancel").click()
    progress.wait_for(state="detached")

    workbench.wait_for_status("not installed")
    assert not list((tmp_path / "home").rglob("environment"))
