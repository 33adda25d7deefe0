"""A browser, a local endpoint and windows of VS Code that end with the tests."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .toolbox import ROOT, Toolbox, prepare
from .workbench import FLAGS, Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OpenWorkbench = Callable[..., Workbench]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here: each takes VS Code, which takes its time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.vscode)


@pytest.fixture(scope="session")
def toolbox() -> Toolbox:
    return prepare()


@pytest.fixture(scope="session")
def browser(toolbox: Toolbox) -> Iterator["Browser"]:
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=toolbox.chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the local endpoint is written down, which all windows share."""
    folder = tmp_path_factory.mktemp("runtime")
    folder.chmod(0o700)
    yield folder
    for entry in folder.rglob("endpoint.json"):
        os.kill(json.loads(entry.read_text("utf-8"))["pid"], signal.SIGKILL)


@pytest.fixture(scope="session")
def with_server() -> dict[str, Any]:
    """Settings with which the server of this working tree is started."""
    return {"wpc.interpreter": sys.executable}


@pytest.fixture
def open_workbench(
    toolbox: Toolbox, browser: "Browser", tmp_path: Path, runtime: Path, request: Any
) -> Iterator[OpenWorkbench]:
    """Open a window on the folder `work` with some of the examples in it."""
    opened: list[Workbench] = []

    def start(*examples: str, **options: Any) -> Workbench:
        folder, home = tmp_path / "work", tmp_path / "home"
        folder.mkdir()
        home.mkdir()
        for name in examples:
            (folder / name).write_bytes((ROOT / "examples" / name).read_bytes())
        opened.append(Workbench(toolbox, browser, home, folder, runtime, **options))
        return opened[-1]

    yield start
    for workbench in opened:
        workbench.shoot(f"end-of-{request.node.name}")
        workbench.close()
