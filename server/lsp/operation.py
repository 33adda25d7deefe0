"""`workspace/executeCommand`: what a user can ask for about WPC itself."""

import platform
import sys

from lsprotocol import types

from server import __version__
from server.endpoint import EndpointError
from server.lsp.checker import Trigger
from server.lsp.reading import show_text
from server.lsp.session import Session

_BRIEF_LINES = 3


async def restart_endpoint(session: Session) -> str:
    """End the endpoint and start it anew, if it is on this machine; check the open documents."""
    session.checker.cancel_all()
    session.checker.forget()
    try:
        await session.connection.restart()
    except EndpointError as error:
        return error.text(session.configuration.texts())
    for snapshot in session.snapshots():
        session.diagnostics.review(snapshot, Trigger.OPEN)
    return await show_status(session)


async def show_status(session: Session) -> str:
    """Tell how the endpoint is."""
    try:
        status = await session.connection.describe()
    except EndpointError as error:
        return error.text(session.configuration.texts())
    session.tell(types.MessageType.Info, status)
    return status


async def show_server_log(session: Session) -> str:
    """Show what this server has done and what went wrong; no user's code is in it."""
    lines = [
        f"wpc-lsp {__version__}, Python {platform.python_version()}, {sys.platform}",
        f"The endpoint is {session.connection.state.value}.",
        *session.protocol.logged,
    ]
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    return await show_text(session, "wpc-lsp.log", text, "\n".join(lines[-_BRIEF_LINES:]))
