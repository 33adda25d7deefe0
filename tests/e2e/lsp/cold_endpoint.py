"""An endpoint that keeps every request waiting until it is up: `python -m …cold_endpoint`.

It prints its URL, then a line for each request that comes (`asked PATH`) or is given up
(`given up PATH`). It is up when it reads a line.
"""

import asyncio
import sys

from .endpoint import Answer, ScriptedEndpoint


class ColdEndpoint(ScriptedEndpoint):
    def __init__(self) -> None:
        super().__init__()
        self.up = asyncio.Event()

    async def _answer(self, method: str, path: str, body: bytes) -> Answer:
        print("asked", path, flush=True)
        try:
            await self.up.wait()
        except asyncio.CancelledError:
            print("given up", path, flush=True)
            raise
        return await super()._answer(method, path, body)


async def main() -> None:
    endpoint = ColdEndpoint()
    await endpoint.start()
    print(endpoint.url, flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    endpoint.up.set()
    await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())
