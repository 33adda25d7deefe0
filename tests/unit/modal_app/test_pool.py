import asyncio
import threading

import pytest

from modal_app.errors import Refusal
from modal_app.pool import ClientGoneError, Pool


async def stays() -> None:
    await asyncio.Event().wait()


class Call:
    """A call of the engine that ends when it is told to."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.end = threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.end.wait(10)
        return "answer"


async def begun(call: Call) -> None:
    assert await asyncio.to_thread(call.begun.wait, 10)


async def accepted(pool: Pool) -> str:
    """Run a call as soon as the pool has room, which it has once a thread has come back."""
    while True:
        try:
            return await pool.run(lambda: "room again", stays())
        except Refusal:
            await asyncio.sleep(0.001)


async def test_answers_with_what_the_call_returns_or_raises() -> None:
    pool = Pool(threads=1, waiting=0, patience_s=60)
    assert await pool.run(lambda: 6 * 7, stays()) == 42
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda: 1 // 0, stays())
    assert await pool.run(lambda: "still there", stays()) == "still there"


async def test_refuses_what_does_not_fit_and_answers_the_rest() -> None:
    pool = Pool(threads=1, waiting=1, patience_s=60)
    running, waiting = Call(), Call()
    tasks = [asyncio.create_task(pool.run(running, stays()))]
    await begun(running)
    tasks.append(asyncio.create_task(pool.run(waiting, stays())))
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refused:
        await pool.run(lambda: "too many", stays())
    assert refused.value.status == 429
    assert refused.value.headers is not None
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 30
    running.end.set()
    waiting.end.set()
    assert await asyncio.gather(*tasks) == ["answer", "answer"]
    assert await pool.run(lambda: "room again", stays()) == "room again"


async def test_a_call_whose_client_left_before_its_turn_never_begins() -> None:
    pool = Pool(threads=1, waiting=1, patience_s=60)
    running, abandoned = Call(), Call()
    left = asyncio.Event()
    first = asyncio.create_task(pool.run(running, stays()))
    await begun(running)

    async def leaves() -> None:
        await left.wait()

    second = asyncio.create_task(pool.run(abandoned, leaves()))
    await asyncio.sleep(0)
    left.set()
    with pytest.raises(ClientGoneError):
        await second
    third = asyncio.create_task(pool.run(lambda: "took its place", stays()))
    await asyncio.sleep(0)
    running.end.set()
    assert await first == "answer"
    assert await third == "took its place"
    assert not abandoned.begun.is_set()


async def test_a_running_call_keeps_its_place_until_it_returns() -> None:
    pool = Pool(threads=1, waiting=0, patience_s=60)
    running = Call()
    left = asyncio.Event()

    async def leaves() -> None:
        await left.wait()

    task = asyncio.create_task(pool.run(running, leaves()))
    await begun(running)
    left.set()
    with pytest.raises(ClientGoneError):
        await task
    with pytest.raises(Refusal):
        await pool.run(lambda: "too early", stays())
    running.end.set()
    assert await accepted(pool) == "room again"


async def test_a_cancelled_request_leaves_no_call_behind() -> None:
    pool = Pool(threads=1, waiting=1, patience_s=60)
    running, cancelled = Call(), Call()
    first = asyncio.create_task(pool.run(running, stays()))
    await begun(running)
    second = asyncio.create_task(pool.run(cancelled, stays()))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    running.end.set()
    assert await first == "answer"
    assert await pool.run(lambda: "next", stays()) == "next"
    assert not cancelled.begun.is_set()


async def test_refuses_what_would_wait_too_long() -> None:
    pool = Pool(threads=1, waiting=100, patience_s=2.0)  # a call is taken to last half a second
    running = Call()
    tasks = [asyncio.create_task(pool.run(running, stays()))]
    await begun(running)
    tasks += [asyncio.create_task(pool.run(running, stays())) for _ in range(10)]
    await asyncio.sleep(0)
    refused = [task for task in tasks if task.done()]
    assert len(refused) == 6
    for task in refused:
        error = task.exception()
        assert isinstance(error, Refusal)
        assert error.status == 429
    running.end.set()
    assert await asyncio.gather(*(t for t in tasks if t not in refused)) == ["answer"] * 5


async def test_refuses_what_has_waited_too_long() -> None:
    pool = Pool(threads=1, waiting=1, patience_s=0.6)
    running, waiting = Call(), Call()
    first = asyncio.create_task(pool.run(running, stays()))
    await begun(running)
    second = asyncio.create_task(pool.run(waiting, stays()))
    await asyncio.sleep(0.7)  # the time that passes is the point
    running.end.set()
    assert await first == "answer"
    with pytest.raises(Refusal):
        await second
    assert not waiting.begun.is_set()
