"""`wpc-engine serve`."""

import contextlib
import json
import logging
import os
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import click

from modal_app.engine import Engine
from modal_app.registry import Entry, LocalEndpointError, Registry
from modal_app.serve import DRAIN_S, listen, load, serve
from modal_app.service import create_app
from modal_app.version import VERSION
from reference.problems import ProblemBank, ProblemError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_ADDRESS = frozenset({"", "0.0.0.0", "::"})
LIFE_LOCK_TIMEOUT_S = 5.0


def run(
    host: str,
    port: int,
    *,
    folders: tuple[Path, ...],
    idle_s: float | None,
    register: bool,
    token: str | None,
) -> None:
    """Serve until told to end; see the command's help for the parameters."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    token = token or secrets.token_urlsafe(32)
    bank = _bank(folders)
    with _registered(register) as registry:
        try:
            listener = listen(host, port)
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}. Give another --host or --port."
            ) from error
        loading = load(lambda: _engine(bank))
        entry = Entry(_url(host, listener.getsockname()[1]), token, os.getpid(), VERSION)

        def announce() -> None:
            if registry is not None:
                registry.write(entry)
            _say(json.dumps({"url": entry.url, "token": entry.token}))

        def withdraw() -> None:
            if registry is not None:
                registry.clear()

        hosts = None if host in ANY_ADDRESS else LOOPBACK | {host}
        app = create_app(loading, token=token, hosts=hosts)
        serve(app, listener, idle_s=idle_s, on_open=announce, on_close=withdraw)
        # Libraries that still load, on threads of their own, would abort a process that ends.
        wait([loading], timeout=DRAIN_S)
        if loading.done() and loading.exception() is None:
            loading.result().close()


def _say(line: str) -> None:
    # Who started this may read one line and leave; later output must not break on that.
    with contextlib.suppress(OSError):
        print(line, flush=True)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _bank(folders: tuple[Path, ...]) -> ProblemBank:
    try:
        return ProblemBank(folders)
    except ProblemError as error:
        raise click.ClickException(str(error)) from error


def _engine(bank: ProblemBank) -> Engine:
    from modal_app.model import best_model
    from reference.wpc import WPC

    return WPC(bank, model=best_model())


@contextlib.contextmanager
def _registered(register: bool) -> Iterator[Registry | None]:
    if not register:
        yield None
        return
    from filelock import Timeout

    try:
        registry = Registry()
        with registry.life_lock().acquire(timeout=LIFE_LOCK_TIMEOUT_S):
            yield registry
    except Timeout:
        raise click.ClickException(
            "Your editors already have a local endpoint. Let it end first, or leave --register out."
        ) from None
    except LocalEndpointError as error:
        raise click.ClickException(str(error)) from error


def _url(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
