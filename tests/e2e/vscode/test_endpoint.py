"""The status bar follows the endpoint."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenWorkbench

TOKEN = "a-token-of-this-test"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def serve(port: int) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Start an endpoint at the port and return it when it takes requests."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        command = [str(Path(sys.executable).with_name("wpc-engine")), "serve", f"--port={port}"]
        process = subprocess.Popen(
            [*command, f"--token={TOKEN}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(30)


def test_the_status_bar_follows_an_endpoint_that_comes_goes_and_comes_back(
    open_workbench: OpenWorkbench,
    with_server: dict[str, Any],
    port: int,
    serve: Callable[[], "subprocess.Popen[str]"],
) -> None:
    workbench = open_workbench(
        "pepper_grades.py",
        settings={**with_server, "wpc.endpoint": f"http://127.0.0.1:{port}"},
        variables={"WPC_TOKEN": TOKEN},
    )
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.wait_for_status("The endpoint does not answer")
    workbench.notification(str(port)).wait_for()
    assert workbench.notification(str(port)).count() == 1
    workbench.shoot("endpoint-away")

    endpoint = serve()
    workbench.run("WPC: Check This File")
    workbench.squiggles.first.wait_for()
    workbench.wait_for_status("12 of 15 tests pass")
    workbench.notification("the endpoint answers again").wait_for()

    endpoint.kill()
    endpoint.wait(30)
    workbench.run("WPC: Check This File")
    workbench.wait_for_status("The endpoint does not answer")
    assert workbench.squiggles.count() == 1  # what was found stays

    serve()
    workbench.run("WPC: Check This File")
    workbench.wait_for_status("12 of 15 tests pass")
