"""Which Python the server is taken from."""

import shutil
import sys
from pathlib import Path

from .conftest import OpenWorkbench
from .toolbox import Toolbox, pack


def test_the_environment_that_the_python_extension_has_chosen_is_used(
    open_workbench: OpenWorkbench, toolbox: Toolbox, tmp_path: Path
) -> None:
    extensions = tmp_path / "extensions"
    shutil.copytree(toolbox.extensions, extensions)
    toolbox.install(pack("python_extension", tmp_path / "python.vsix"), extensions)
    workbench = open_workbench(
        "pepper_grades.py",
        settings={},
        extensions=extensions,
        variables={"CHOSEN_PYTHON": sys.executable},
    )
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.squiggles.first.wait_for()  # no other Python here has the server


def test_an_interpreter_without_the_server_is_named(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench("pepper_grades.py", settings={"wpc.interpreter": "/no/such/python"})
    workbench.open(workbench.folder / "pepper_grades.py")
    trouble = workbench.notification("/no/such/python, the interpreter of the settings, has no")
    trouble.get_by_role("button", name="Choose an interpreter…").click()
    setting = workbench.page.locator(".settings-editor .setting-item-title", has_text="Interpreter")
    setting.wait_for()
    assert workbench.squiggles.count() == 0
