"""What lies in the user's folder is never imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
TRAPS = ("server", "reference", "modal_app", "json", "click", "asyncio", "pygls", "typing")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder whose modules leave a trace when they are imported."""
    for name in TRAPS:
        trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write({name!r})\n"
        (tmp_path / f"{name}.py").write_text(trap)
    (tmp_path / "plates.py").write_text("print(1)\n")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ["wpc-lsp", "--version"],
        ["wpc-lsp", "--check", "."],
        ["wpc-engine", "--help"],
        ["wpc-engine", "problems", "list"],
    ],
    ids=" ".join,
)
def test_modules_of_the_users_folder_stay_unused(trapped: Path, command: list[str]) -> None:
    environment = {**os.environ, "HOME": str(trapped), "XDG_RUNTIME_DIR": str(trapped)}
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=trapped,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr
    assert not (trapped / "sprung").exists()
