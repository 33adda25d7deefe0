"""Serves the endpoint on a socket of this machine."""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import uvicorn
from starlette.types import ASGIApp

from modal_app.engine import Engine

DRAIN_S = 30  # the longest time budget that a request can have
KEEP_ALIVE_S = 75  # longer than clients keep a connection, so it is not closed in their hands
BACKLOG = 2048

log = logging.getLogger("wpc.endpoint")


def load(make: Callable[[], Engine]) -> Future[Engine]:
    """Make the engine on a thread of its own, so that health can be asked meanwhile."""
    loading: Future[Engine] = Future()

    def run() -> None:
        try:
            loading.set_result(make())
            log.info("engine ready")
        except Exception as error:
            log.exception("engine failed to load")
            loading.set_exception(error)

    threading.Thread(target=run, name="engine-loader", daemon=True).start()
    return loading


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; `port` 0 takes a free one.

    Raises
    ------
    OSError
        The address is taken or not this machine's.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    idle_s: float | None,
    on_open: Callable[[], None],
    on_close: Callable[[], None],
) -> None:
    """Answer requests until a signal says to end, or nobody has asked for `idle_s` seconds.

    Requests under way are answered first. `on_open` is called once requests are accepted,
    `on_close` before that ends.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
        server_header=False,
    )
    # uvicorn raises the signal again once it has ended; by then there is nothing left to stop.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    _Server(config, idle_s=idle_s, on_open=on_open, on_close=on_close).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        *,
        idle_s: float | None,
        on_open: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._idle_s = idle_s
        self._on_open = on_open
        self._on_close = on_close
        self._answered = 0
        self._last_busy = time.monotonic()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_open()

    async def on_tick(self, counter: int) -> bool:
        now = time.monotonic()
        if self.server_state.tasks or self.server_state.total_requests != self._answered:
            self._answered = self.server_state.total_requests
            self._last_busy = now
        if self._idle_s is not None and now - self._last_busy > self._idle_s:
            log.info("ending: idle for %g s", self._idle_s)
            return True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_close()
        await super().shutdown(sockets)
