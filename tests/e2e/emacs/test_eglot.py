"""A real Emacs with Eglot, the real server, and the endpoint that it starts itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def _has_eglot() -> bool:
    probe = "(progn (require 'package) (package-initialize) (require 'eglot))"
    command = ["emacs", "-q", "--batch", "--eval", probe]
    return bool(shutil.which("emacs")) and subprocess.run(command, stderr=-3).returncode == 0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment that is nobody's; the endpoint that was started in it ends with the test."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WPC_")}
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    yield own | dict.fromkeys(names, str(folder))
    for entry in folder.rglob("endpoint.json"):
        os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)


@pytest.mark.skipif(not _has_eglot(), reason="no Emacs with Eglot here (Debian: elpa-eglot)")
def test_emacs_from_the_finding_to_the_fix(home: dict[str, str], tmp_path: Path) -> None:
    wrong = (ROOT / "examples" / "pepper_grades.py").read_text("utf-8")
    file, expected = tmp_path / "pepper_grades.py", tmp_path / "expected.txt"
    file.write_text(wrong, "utf-8")
    expected.write_text(wrong.replace("heat <= 2500", "heat < 2500"), "utf-8")
    script = Path(__file__).with_name("eglot.el")
    server = Path(sys.executable).with_name("wpc-lsp")
    done = subprocess.run(
        ["emacs", "-q", "--batch", "-l", script, server, file, expected],
        cwd=tmp_path,
        env=home,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "server stopped"
    assert any("`heat <= 2500` should be `heat < 2500`" in line for line in lines)
    assert file.read_text("utf-8") == expected.read_text("utf-8")
