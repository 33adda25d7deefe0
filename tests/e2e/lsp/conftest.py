"""Editors and endpoints that end with the test, and a home folder that is nobody's."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from .editor import SERVER, Editor, Opener
from .endpoint import ScriptedEndpoint
from .wire import Wire


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    endpoint = ScriptedEndpoint()
    await endpoint.start()
    yield endpoint
    await endpoint.stop()


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment in which no configuration or cache of the user's exists."""
    folder = tmp_path / "home"
    folder.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("WPC_")}
    return own | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


@pytest.fixture
async def open_editor(home: dict[str, str]) -> AsyncIterator[Opener]:
    """Start an editor of some profile, with a server of its own."""
    editors: list[Editor] = []

    async def start(profile: str) -> Editor:
        editor = Editor(profile)
        await editor.start_io(*SERVER, env=home)
        editors.append(editor)
        return editor

    yield start
    for editor in editors:
        if not editor.stopped:
            await asyncio.wait_for(editor.shutdown_session(), 60)
        await editor.stop()


@pytest.fixture(params=["vscode", "neovim", "bare"])
def profile(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
async def wire(home: dict[str, str]) -> AsyncIterator[Wire]:
    wire = await Wire.start(home)
    yield wire
    if wire.process.returncode is None:
        wire.process.kill()
        await wire.process.wait()


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a local endpoint is written down, for all tests that use the real one."""
    folder = tmp_path_factory.mktemp("runtime", numbered=False)
    folder.chmod(0o700)
    yield folder
    for entry in folder.rglob("endpoint.json"):
        os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)


@pytest.fixture
def local_endpoint(home: dict[str, str], runtime: Path) -> dict[str, str]:
    """An environment in which the server starts the local endpoint by itself."""
    home["XDG_RUNTIME_DIR"] = str(runtime)
    return home
