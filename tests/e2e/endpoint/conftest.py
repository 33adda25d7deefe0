"""Real processes, in a runtime folder of the test's own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modal_app.registry import Registry

from .processes import ENGINE, Serve, ended


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Return the runtime folder of a user who has no endpoint yet; end what was started in it."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    registry = Registry()
    assert runtime in registry.folder.parents
    yield registry
    entry = registry.read()
    if registry.alive():
        assert entry is not None, "an endpoint is left that nobody can find"
        os.kill(entry.pid, signal.SIGKILL)
        ended(registry)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that starts `wpc-engine serve` and waits until it is open."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str, **options: Any) -> tuple[subprocess.Popen[str], dict[str, str]]:
            process = subprocess.Popen(
                [sys.executable, "-c", ENGINE, "serve", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=tmp_path,
                **options,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            return process, json.loads(line)

        yield start
