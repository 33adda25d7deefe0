"""Work-done progress: what takes long is shown, and can be cancelled."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.endpoint import ConnectionState
from server.lsp.session import Session

PATIENCE_S = 0.5


@asynccontextmanager
async def progress(session: Session, title: str) -> AsyncIterator[None]:
    """Show that work goes on, if it takes more than a moment and the client can show it.

    When the user cancels it, the task that does the work is cancelled.
    """
    if not session.client.work_done_progress:
        yield
        return
    worker = asyncio.current_task()
    assert worker is not None
    showing = asyncio.create_task(_show(session, title, worker))
    try:
        yield
    finally:
        showing.cancel()


async def _show(session: Session, title: str, worker: "asyncio.Task[Any]") -> None:
    await asyncio.sleep(PATIENCE_S)
    token = str(uuid.uuid4())
    work_done = session.work_done_progress
    try:
        await work_done.create_async(token)
    except JsonRpcException:
        return  # the client changed its mind about progress
    starting = session.connection.state is ConnectionState.STARTING
    try:
        work_done.tokens[token].add_done_callback(lambda _: worker.cancel())
        work_done.begin(
            token,
            types.WorkDoneProgressBegin(
                title,
                cancellable=True,
                message=session.configuration.texts().endpoint_starting if starting else None,
            ),
        )
        await asyncio.Event().wait()
    finally:
        del work_done.tokens[token]  # pygls keeps it
        work_done.end(token, types.WorkDoneProgressEnd())
