"""The endpoint on this machine, which serves those who have no other."""

import asyncio
import json
import sys
from pathlib import Path

from server.endpoint.address import Address
from server.endpoint.errors import UnreachableError
from server.errors import Wording
from server.texts import Texts

TIMEOUT_S = 60.0

# `-c` puts the current folder first on the path; taking it off keeps a `json.py` in the user's
# folder from being imported (Python's own `-P` is new in 3.11).
_PROGRAM = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; "
    "from modal_app.local import {entry}; {entry}()"
)


class EmbeddedLocator:
    """Finds this user's local endpoint, and starts it where it is not running.

    The endpoint is shared by all of the user's editors and outlives this process.
    """

    def __init__(self) -> None:
        self._address: Address | None = None
        self._lock = asyncio.Lock()

    async def address(self) -> Address:
        """Return the address, starting the endpoint at the first call.

        Raises
        ------
        UnreachableError
            Where it cannot be started.
        """
        async with self._lock:
            if self._address is None:
                self._address = await _start()
            return self._address

    async def revive(self, gone: Address) -> Address:
        """Start the endpoint again, unless that was done since `gone` was handed out."""
        async with self._lock:
            if self._address in (None, gone):
                self._address = await _start()
            assert self._address is not None
            return self._address

    async def stop(self) -> None:
        """End the endpoint, also one that hangs; raises as `address` does."""
        async with self._lock:
            self._address = None
            await _run("stop")


async def _start() -> Address:
    output = await _run("main")
    try:
        answer = json.loads(output)
        return Address(url=answer["url"], headers={"Authorization": f"Bearer {answer['token']}"})
    except (ValueError, KeyError, TypeError):
        raise UnreachableError(lambda texts: texts.local_unknown_place) from None


async def _run(entry: str) -> bytes:
    """Run a function of `modal_app.local` in a process of its own; return what it prints."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _PROGRAM.format(entry=entry),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=Path(sys.executable).parent,
        )
    except OSError as error:  # no memory or no process left, say, or Python was replaced
        reason = str(error)
        raise UnreachableError(
            lambda texts: texts.local_could_not_start.format(reason=reason)
        ) from None
    try:
        output, errors = await asyncio.wait_for(process.communicate(), TIMEOUT_S)
    except asyncio.TimeoutError:
        raise UnreachableError(
            lambda texts: texts.local_did_not_start.format(seconds=f"{TIMEOUT_S:.0f}")
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise UnreachableError(_failure(process.returncode, errors))
    return output


def _failure(status: int, errors: bytes) -> Wording:
    said = errors.decode(errors="replace").strip().splitlines()

    def wording(texts: Texts) -> str:
        reason = said[-1] if said else texts.local_exit_status.format(status=status)
        return texts.local_could_not_start.format(reason=reason)

    return wording
