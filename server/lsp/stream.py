"""Serves a client over a stream: standard input and output, or a TCP connection."""

import asyncio
import contextlib
import os
import sys
import threading
from typing import Any, Protocol

from server.lsp.framing import FramingError, MessageDecoder
from server.lsp.registration import create_server
from server.lsp.session import Session

_CHUNK_BYTES = 64 * 2**10


class Sink(Protocol):
    """Where a session writes."""

    def write(self, data: bytes) -> Any:
        """Take a whole message."""

    def close(self) -> None:
        """End the stream."""


class StandardOutput:
    """The process's standard output, kept for LSP alone: what else is printed goes to stderr."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._fd = os.dup(1)
        os.dup2(2, 1)

    def write(self, data: bytes) -> None:
        """Write a whole message; a client that is gone will also have closed our input."""
        left = memoryview(data)
        with contextlib.suppress(OSError):
            while left:
                left = left[os.write(self._fd, left) :]

    def close(self) -> None:
        """End the stream."""
        os.close(self._fd)


def serve_stdio() -> int:
    """Serve one client on standard input and output; return the process's exit status."""
    return asyncio.run(_serve_stdio())


def serve_tcp(host: str, port: int) -> int:
    """Serve every client that connects, each in a session of its own, until interrupted.

    The address is printed to standard error, for the sake of port 0.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_tcp(host, port))
    return 0


async def _serve_stdio() -> int:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()

    def pump() -> None:
        # A thread of its own: event loops can't watch every kind of standard input. It reads the
        # descriptor itself, since a lock on sys.stdin would be fatal when the interpreter ends.
        with contextlib.suppress(RuntimeError):  # the loop has ended
            while data := os.read(0, _CHUNK_BYTES):
                loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=pump, name="stdin", daemon=True).start()
    return await _serve(create_server(), reader, StandardOutput())


async def _serve_tcp(host: str, port: int) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(create_server(), reader, writer)

    listener = await asyncio.start_server(connected, host, port)
    for socket in listener.sockets:
        print("wpc-lsp listens on {}:{}".format(*socket.getsockname()[:2]), file=sys.stderr)
    async with listener:
        await listener.serve_forever()


async def _serve(session: Session, reader: asyncio.StreamReader, sink: Sink) -> int:
    """Handle messages until the client says `exit` or closes the stream."""
    protocol = session.protocol
    protocol.exit_code = asyncio.get_running_loop().create_future()
    protocol.set_writer(sink)
    receiving = asyncio.create_task(_receive(session, reader))
    ends: set[asyncio.Future[Any]] = {receiving, protocol.exit_code}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    receiving.cancel()
    await session.close()
    sink.close()
    return protocol.exit_code.result() if protocol.exit_code.done() else 1


async def _receive(session: Session, reader: asyncio.StreamReader) -> None:
    decoder = MessageDecoder()
    try:
        while data := await reader.read(_CHUNK_BYTES):
            for body in decoder.feed(data):
                session.protocol.receive(body)
    except (FramingError, OSError) as error:
        print(f"wpc-lsp: the client's stream can't be read on: {error}", file=sys.stderr)
