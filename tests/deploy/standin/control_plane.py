"""Serves the stand-in, and runs Modal's own client against it."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from grpclib.server import Server

from .container_rpc import ContainerHandlers
from .deployment import IMAGE_BUILDER
from .inspection import InspectionHandlers
from .rpc import service

START_TIMEOUT_S = 10
DEPLOY_TIMEOUT_S = 120


class StandIn(ContainerHandlers, InspectionHandlers):
    """All RPCs that a deployment, its container and a look at them need."""


class ControlPlane:
    """The stand-in, served on a free port of loopback while the context is open."""

    def __init__(self) -> None:
        self.handlers: StandIn = service(StandIn)()
        self._open = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> "ControlPlane":
        self._thread.start()
        assert self._open.wait(START_TIMEOUT_S), "the stand-in did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(START_TIMEOUT_S)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        handlers: Any = self.handlers
        server = Server([handlers])
        listener = socket.create_server(("127.0.0.1", 0))
        await server.start(sock=listener)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._open.set()
        await self._end.wait()
        server.close()
        await server.wait_closed()

    def environment(self) -> dict[str, str]:
        """Return an environment in which Modal's client knows the stand-in and nothing else."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MODAL_", "WPC_")) and not name.lower().endswith("_proxy")
        }
        return kept | {
            "MODAL_SERVER_URL": self.url,
            "MODAL_TOKEN_ID": "ak-stand-in",
            "MODAL_TOKEN_SECRET": "as-stand-in",
            "MODAL_CONFIG_PATH": os.devnull,
            "MODAL_IMAGE_BUILDER_VERSION": IMAGE_BUILDER,
        }

    def run(
        self, *command: str, cwd: Path, environment: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a Python module as a program of this environment."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=cwd,
            env=self.environment() | dict(environment or {}),
            capture_output=True,
            text=True,
            timeout=DEPLOY_TIMEOUT_S,
        )
