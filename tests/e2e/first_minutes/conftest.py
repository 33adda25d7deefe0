"""A fresh clone, an environment that is active, and a home that is nobody's."""

import json
import os
import signal
import subprocess
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from ..fresh_copy import fresh_copy


@dataclass(frozen=True)
class FreshClone:
    """What somebody has before the first step.

    Parameters
    ----------
    folder
        The clone.
    home
        Their home.
    """

    folder: Path
    home: Path

    @cached_property
    def environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("WPC_", "XDG_"))}
        scripts = self.home / "venv" / "bin"
        venv.create(self.home / "venv", with_pip=True)
        # The server writes down its endpoint in the runtime folder, of which a user has one.
        runtime = {"XDG_RUNTIME_DIR": str(self.home / "run")}
        (self.home / "run").mkdir(mode=0o700)
        path = f"{scripts}{os.pathsep}{own['PATH']}"
        cache = {"PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip"))}
        return own | runtime | cache | {"HOME": str(self.home), "PATH": path}

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run lines of shell in the clone."""
        return subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshClone]:
    folder = tmp_path_factory.mktemp("first-minutes")
    (folder / "home").mkdir()
    clone = FreshClone(fresh_copy(folder / "wpc"), folder / "home")
    yield clone
    for entry in folder.rglob("endpoint.json"):
        os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)
