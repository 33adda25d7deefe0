"""A client that says exactly what a test tells it to, well formed or not."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .editor import SERVER


class Wire:
    """A server's standard input and output.

    Attributes
    ----------
    received
        All messages of the server so far.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.received: list[dict[str, Any]] = []
        self._arrived = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, env: Mapping[str, str]) -> "Wire":
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                *SERVER, stdin=pipe, stdout=pipe, stderr=pipe, env=env
            )
        )

    def send_raw(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)

    def send_body(self, body: bytes) -> None:
        self.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def send(self, **message: Any) -> None:
        self.send_body(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def notify(self, method: str, params: Any = None) -> None:
        self.send(method=method, params=params)

    async def ask(self, id: Any, method: str, params: Any = None) -> dict[str, Any]:
        self.send(id=id, method=method, params=params)
        return await self.answer(id)

    async def answer(self, id: Any) -> dict[str, Any]:
        """Wait for the answer to a request."""
        return await self._until(lambda message: "method" not in message and message["id"] == id)

    async def request(self, method: str) -> dict[str, Any]:
        """Wait for a request of the server."""
        return await self._until(lambda message: message.get("method") == method)

    async def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return await asyncio.wait_for(self._first(wanted), 120)

    async def _first(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        seen = 0
        while True:
            for message in self.received[seen:]:
                if wanted(message):
                    return message
            seen = len(self.received)
            assert not self._reading.done(), "the server closed the stream"
            self._arrived.clear()
            await self._arrived.wait()

    async def begin(self, **options: Any) -> None:
        params = {"capabilities": {}, "processId": None, "rootUri": None}
        await self.ask("initialize", "initialize", params | {"initializationOptions": options})
        self.notify("initialized", {})

    async def end(self) -> int:
        """Shut down in order; return the exit status, having read all that the server wrote."""
        assert (await self.ask("shutdown", "shutdown"))["result"] is None
        self.notify("exit")
        return await self.wait()

    async def wait(self) -> int:
        assert self.process.stderr
        await asyncio.wait_for(asyncio.gather(self._reading, self.process.stderr.read()), 120)
        return await self.process.wait()

    async def _read(self) -> None:
        """Read messages strictly: anything else on standard output is an error."""
        assert self.process.stdout
        while head := await self.process.stdout.readline():
            length = re.fullmatch(rb"Content-Length: (\d+)\r\n", head)
            assert length, f"not LSP: {head!r}"
            while (header := await self.process.stdout.readline()) != b"\r\n":
                assert re.fullmatch(rb"Content-Type: [^\r\n]*\r\n", header), header
            message = json.loads(await self.process.stdout.readexactly(int(length[1])))
            assert message["jsonrpc"] == "2.0"
            self.received.append(message)
            self._arrived.set()
        self._arrived.set()
