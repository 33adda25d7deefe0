"""What is registered exists, and what starts fast stays light."""

import subprocess
import sys
from inspect import iscoroutinefunction

import pytest

from server.lsp.registration import COMMANDS, FEATURES, PULL, handler

PLACES = [place for _, place, _ in (*FEATURES, *PULL)] + list(COMMANDS.values())


@pytest.mark.parametrize("place", PLACES)
def test_every_handler_exists(place: str) -> None:
    assert iscoroutinefunction(handler(place))


def test_nothing_heavy_is_imported_before_initialize_is_answered() -> None:
    program = "import server.lsp, sys; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = set(run.stdout.split())
    assert "pygls" in loaded
    assert not loaded & {"pydantic", "httpx", "rich", "torch", "reference.protocol"}
