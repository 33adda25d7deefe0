"""What another user of the machine can do with someone's local endpoint: nothing."""

import http.client
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from modal_app.registry import Registry

from .processes import found

STRANGER = 65534

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")


def as_stranger(act: Callable[[], bool]) -> bool:
    """Return what `act` says in a process of another user."""
    child = os.fork()
    if child == 0:
        status = 2
        try:
            os.setgroups([])
            os.setgid(STRANGER)
            os.setuid(STRANGER)
            status = 0 if act() else 1
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 1)
    return status == 0


def test_neither_the_token_nor_the_log_can_be_read(registry: Registry) -> None:
    found()
    private = [path for path in registry.folder.iterdir() if path.suffix in (".json", ".log")]
    assert {path.name for path in private} == {"endpoint.json", "endpoint.log"}

    def read_any() -> bool:
        return any(os.access(path, os.R_OK, effective_ids=True) for path in private)

    for folder in registry.folder.parents:
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o711)  # so that nothing protects it but its own folder
    assert not as_stranger(read_any)


def test_the_port_answers_nothing_without_the_token(registry: Registry) -> None:
    address = urlsplit(found()["url"])
    assert address.hostname == "127.0.0.1"

    def ask(path: str, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status

    ask("/hello", {})  # so that all is imported that a stranger may not be able to read
    assert as_stranger(
        lambda: all(
            ask(path, headers) == http.client.UNAUTHORIZED
            for path in ("/v1/health", "/v1/problems", "/hello")
            for headers in ({}, {"Authorization": "Bearer guess"})
        )
    )
