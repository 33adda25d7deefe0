"""Work that blocks holds up neither the loop nor its end."""

import asyncio
import threading

import pytest

from server.lsp.background import on_thread


async def test_its_result_or_its_error_comes_back() -> None:
    assert await on_thread(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await on_thread(lambda: 1 // 0)


def test_work_that_never_ends_does_not_keep_the_loop_from_ending() -> None:
    begun = threading.Event()

    def hang() -> None:
        begun.set()
        threading.Event().wait()

    async def main() -> None:
        waiting = asyncio.create_task(on_thread(hang))
        while not begun.is_set():
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())
    assert begun.is_set()
