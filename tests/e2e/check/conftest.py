"""`wpc-lsp --check` as a process, with the real local endpoint of a user who is nobody."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modal_app.registry import Registry

WPC_LSP = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; from server.cli import main; main()"
)

WRONG = "n = int(input())\nprint(sum(range(n)))\n"
RIGHT = "n = int(input())\nprint(sum(range(n + 1)))\n"

Check = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment without settings of the user's; its local endpoint ends with the session."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    others = ("WPC_", "LC_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    own |= dict.fromkeys(folders, str(home)) | {
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LANG": "en_US.UTF-8",
    }
    own["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    yield own
    end_endpoint(home)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a problem, the sum from 1 to n, and no program yet."""
    write_problem(tmp_path / "sums")
    return tmp_path


@pytest.fixture
def check(environment: dict[str, str], folder: Path) -> Check:
    """Return a function that runs `wpc-lsp --check` in `folder`."""

    def run(
        *arguments: str | Path, stdin: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WPC_LSP, "--check", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=folder,
            env=environment | environ,
            timeout=120,
        )

    return run


def end_endpoint(runtime: Path) -> None:
    """End the local endpoint that was started with a runtime folder, if there is one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        entry = Registry().read()
    if entry is not None:
        os.kill(entry.pid, signal.SIGTERM)


def write_problem(folder: Path) -> None:
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (folder / "problem.toml").write_text('title = "Sum up to n"\n')
    for name, n in (("sample-1", 5), ("1", 1), ("2", 10)):
        (tests / f"{name}.in").write_text(f"{n}\n")
        (tests / f"{name}.out").write_text(f"{n * (n + 1) // 2}\n")
