"""A real Emacs with Eglot, the real server, and the endpoint that it starts itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ..documents import ROOT, code_blocks


def _has_eglot() -> bool:
    probe = "(progn (require 'package) (package-initialize) (require 'eglot))"
    command = ["emacs", "-q", "--batch", "--eval", probe]
    return bool(shutil.which("emacs")) and subprocess.run(command, stderr=-3).returncode == 0


@pytest.mark.skipif(not _has_eglot(), reason="no Emacs with Eglot here (Debian: elpa-eglot)")
def test_emacs_from_the_finding_to_the_fix(environment: dict[str, str], tmp_path: Path) -> None:
    wrong = (ROOT / "examples" / "pepper_grades.py").read_text("utf-8")
    file, expected = tmp_path / "pepper_grades.py", tmp_path / "expected.txt"
    file.write_text(wrong, "utf-8")
    expected.write_text(wrong.replace("heat <= 2500", "heat < 2500"), "utf-8")
    init = tmp_path / "init.el"
    init.write_text(code_blocks("editor-client/README.md", "Emacs")[0].text, "utf-8")
    script = Path(__file__).with_name("emacs.el")
    done = subprocess.run(
        ["emacs", "-q", "--batch", "-l", script, init, file, expected],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "server stopped"
    assert any("`heat <= 2500` should be `heat < 2500`" in line for line in lines)
    assert file.read_text("utf-8") == expected.read_text("utf-8")
