"""Work that blocks, beside the handling of messages."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def on_thread(work: Callable[[], Result]) -> Result:
    """Do work on a thread of its own, which does not keep the process from ending.

    Threads of a pool would: asyncio waits for them.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(how: Callable[[Any], None], value: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: None if outcome.done() else how(value))

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            settle(outcome.set_exception, error)
        else:
            settle(outcome.set_result, result)

    threading.Thread(target=run, daemon=True).start()
    return await outcome
