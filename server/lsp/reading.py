"""Shows the user a text to read."""

import os
from pathlib import Path

import platformdirs
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.lsp.session import Session

_LONGEST_MESSAGE = 400


async def show_text(session: Session, name: str, text: str, brief: str) -> str:
    """Open a text in the editor, or show the brief in a message; return the text.

    The file lies in the user's own cache and is only for the user to read: it may quote the
    output of the user's program.
    """
    if not (session.client.shows_documents and await _open(session, name, text)):
        shown = brief if len(brief) <= _LONGEST_MESSAGE else f"{brief[:_LONGEST_MESSAGE]}…"
        session.tell(types.MessageType.Info, shown)
    return text


async def _open(session: Session, name: str, text: str) -> bool:
    try:
        uri = _write(name, text).as_uri()
        params = types.ShowDocumentParams(uri, take_focus=True)
        return (await session.window_show_document_async(params)).success
    except OSError as error:  # a full disk, say
        session.log(types.MessageType.Warning, f"{name} can't be written: {error.strerror}.")
    except JsonRpcException:
        session.log(types.MessageType.Warning, f"The editor doesn't show {name}.")
    return False


def _write(name: str, text: str) -> Path:
    folder = platformdirs.user_cache_path("wpc") / "shown"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / Path(name).name
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path
