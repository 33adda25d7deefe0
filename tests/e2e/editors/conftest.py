"""A home that is nobody's, with the server on the PATH."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty folder; the endpoint that was started for it ends with the test."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    yield folder
    for entry in folder.rglob("endpoint.json"):
        os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("WPC_")}
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")
    path = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
    return own | dict.fromkeys(names, str(home)) | {"PATH": path}
