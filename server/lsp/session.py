"""One client's session: what it can do, its settings, and the work that is done for it."""

import asyncio
from collections.abc import Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from server import __version__
from server.lsp.client import Client
from server.lsp.documents import Snapshot
from server.lsp.positions import encoding_name
from server.lsp.protocol import Protocol

if TYPE_CHECKING:
    from server.lsp.checker import Checker
    from server.lsp.configuration import Configuration
    from server.lsp.connection import Connection
    from server.lsp.diagnostics import Diagnostics
    from server.lsp.workspace import WorkspaceCheck

Result = TypeVar("Result")


class Session(LanguageServer):
    """The server as one client sees it.

    Its parts are imported when first used: `initialize` is answered before pydantic and httpx
    are loaded.

    Attributes
    ----------
    client
        Known after `initialize`.
    initialization_options
        The user's own options, as the client sent them.
    """

    protocol: Protocol
    client: Client
    initialization_options: dict[str, Any]

    def __init__(self) -> None:
        super().__init__("wpc-lsp", __version__, protocol_cls=Protocol)
        self._background: set[asyncio.Task[Any]] = set()

    @cached_property
    def configuration(self) -> "Configuration":
        """The settings of every folder."""
        from server.lsp.configuration import Configuration

        return Configuration(self)

    @cached_property
    def connection(self) -> "Connection":
        """The endpoint."""
        from server.lsp.connection import Connection

        return Connection(self)

    @cached_property
    def checker(self) -> "Checker":
        """Checks documents."""
        from server.lsp.checker import Checker

        return Checker(self)

    @cached_property
    def diagnostics(self) -> "Diagnostics":
        """Shows what checks found."""
        from server.lsp.diagnostics import Diagnostics

        return Diagnostics(self)

    @cached_property
    def workspace_check(self) -> "WorkspaceCheck":
        """Checks files that are not open."""
        from server.lsp.workspace import WorkspaceCheck

        return WorkspaceCheck(self)

    def begin(self, params: types.InitializeParams) -> None:
        """Take note of who the client is, from `initialize`."""
        self.client = Client.of(params, encoding_name(self.workspace.position_encoding))
        options = params.initialization_options
        self.initialization_options = options if isinstance(options, dict) else {}

    @property
    def checks_workspace(self) -> bool:
        """Whether files may be checked that are not open; their settings decide."""
        return self.initialization_options.get("scope") == "workspace"

    @property
    def folders(self) -> list[str]:
        """URIs of the workspace's folders; of its root for a client that knows but one."""
        folders = [folder.uri for folder in self.workspace.folders.values()]
        root = self.workspace.root_uri
        return folders or ([root] if root else [])

    def snapshot(self, uri: str) -> Snapshot | None:
        """Copy an open document as it is now."""
        for document in self.workspace.text_documents.values():
            if document.uri == uri:
                return Snapshot.of(document)
        return None

    def snapshots(self) -> list[Snapshot]:
        """Copy all open documents as they are now."""
        return [Snapshot.of(document) for document in self.workspace.text_documents.values()]

    def review_all(self, *, but: str | None = None) -> None:
        """Check all documents but one again: something that the checks rest on has changed."""
        from server.lsp.checker import Trigger

        self.workspace_check.start()
        for snapshot in self.snapshots():
            if snapshot.uri == but:
                continue
            self.diagnostics.review(snapshot, self.checker.stop(snapshot) or Trigger.OPEN)

    def spawn(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        """Do work beside the handling of messages; it ends with the session at the latest."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.protocol.log_error("Work in the background failed", error)

    def tell(self, kind: types.MessageType, text: str) -> None:
        """Show a message to the user."""
        self.window_show_message(types.ShowMessageParams(kind, text))

    def log(self, kind: types.MessageType, text: str) -> None:
        """Write a line to the client's log of this server."""
        self.protocol.log(text, kind)

    def trace(self, text: str) -> None:
        """Tell what the server does, where the client wants to know (`$/setTrace`)."""
        if self.protocol.trace != types.TraceValue.Off:
            self.protocol.notify(types.LOG_TRACE, types.LogTraceParams(text))

    async def close(self) -> None:
        """Stop all work and close the connection to the endpoint."""
        await self.protocol.answer_all()
        for task in tuple(self._background):
            task.cancel()
        if "checker" in self.__dict__:
            self.checker.cancel_all()
        if "connection" in self.__dict__:
            await self.connection.close()
