"""The protocol of pygls 2.1.1, with its faults mended.

Mended here: a request that can't be read, comes too early, too late or twice is answered, and a
client's unreadable answer ends the wait for it; `$/cancelRequest` reaches the coroutine behind a
command; `shutdown` with requests in flight; documents (see `server.lsp.documents`); handlers of
notifications are forgotten when done; neither messages nor errors carry the user's code into a
log or a message box. There are no thread handlers: they share pygls's workers with the reader.
"""

import asyncio
import json
import logging
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.language_server import _prepare_command_arguments

from server.lsp.documents import DocumentWorkspace

MessageId = str | int

LOGGED_LINES = 1_000

# pygls writes whole messages, and with them the user's code, to its log.
_pygls_logger = logging.getLogger("pygls")
_pygls_logger.addHandler(logging.NullHandler())
_pygls_logger.propagate = False


class Protocol(LanguageServerProtocol):
    """Takes messages of any quality and answers every request once.

    Attributes
    ----------
    exit_code
        Set when the client says `exit`: 0 after `shutdown`, else 1.
    logged
        The latest lines of the log.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.exit_code: asyncio.Future[int] | None = None
        self.logged: deque[str] = deque(maxlen=LOGGED_LINES)
        self._initialize_received = False

    def log(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Write a line to the client's log of this server.

        Not to standard error: a client that doesn't read it would stop the server.
        """
        self.logged.append(f"{datetime.now():%H:%M:%S} {kind.name.lower()}: {text}")
        self.notify(types.WINDOW_LOG_MESSAGE, types.LogMessageParams(kind, text))

    def log_error(self, what: str, error: BaseException) -> None:
        """Log where an error comes from; its text may hold the user's code and is left out."""
        trace = "".join(traceback.format_tb(error.__traceback__))
        self.log(f"{what}: {type(error).__name__}\n{trace}", types.MessageType.Error)

    def receive(self, body: bytes) -> None:
        """Handle the body of one message."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, types.ErrorCodes.ParseError, "The message is not JSON.")
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self._refuse(None, types.ErrorCodes.InvalidRequest, "Not a JSON-RPC 2.0 message.")
        elif "method" in message:
            self._receive_call(message)
        elif "id" in message:
            self._receive_answer(message)

    async def answer_all(self) -> None:
        """Cancel the requests that are in work and wait until each is answered."""
        futures: list[Any] = list(self._request_futures.values())
        work: set[asyncio.Future[Any]] = {f for f in futures if isinstance(f, asyncio.Future)}
        for future in work:
            future.cancel()
        if work:
            await asyncio.wait(work)

    def _receive_call(self, message: dict[str, Any]) -> None:
        method, msg_id = message["method"], message.get("id")
        is_request = "id" in message
        if not isinstance(method, str) or (is_request and not _is_id(msg_id)):
            self._refuse(
                msg_id if _is_id(msg_id) else None,
                types.ErrorCodes.InvalidRequest,
                "`method` must be a string and `id` a string or an integer.",
            )
            return
        if refusal := self._out_of_turn(method, msg_id):
            if is_request:
                self._refuse(msg_id, *refusal)
            return
        if method == types.INITIALIZE:
            self._initialize_received = True
        try:
            call = self.structure_message(message)
        except JsonRpcException:
            if is_request:
                code = types.ErrorCodes.InvalidParams
                self._refuse(msg_id, code, f"The parameters of {method} can't be read.")
            else:
                self.log(f"The parameters of {method} can't be read; it is ignored.")
            return
        try:
            self.handle_message(call)
        except Exception as error:  # whatever a client says, the next message is read
            self.log_error(f"{method} failed", error)

    def _out_of_turn(
        self, method: str, msg_id: Any
    ) -> tuple[types.ErrorCodes | types.LSPErrorCodes, str] | None:
        """Return why this method can't be called now, if so."""
        if method == types.EXIT:
            return None
        if self._shutdown:
            return types.ErrorCodes.InvalidRequest, "The server is shut down."
        if not self._initialize_received and method != types.INITIALIZE:
            return types.ErrorCodes.ServerNotInitialized, "Send `initialize` first."
        if self._initialize_received and method == types.INITIALIZE:
            return types.ErrorCodes.InvalidRequest, "The server is initialized already."
        if msg_id is not None and msg_id in self._request_futures:
            return types.ErrorCodes.InvalidRequest, "A request with this id is still in work."
        if method not in self.fm.builtin_features and method not in self.fm.features:
            if method == types.CANCEL_REQUEST:
                return None
            return types.ErrorCodes.MethodNotFound, f"This server doesn't know {method}."
        return None

    def _receive_answer(self, message: dict[str, Any]) -> None:
        msg_id = message["id"]
        if not _is_id(msg_id) or msg_id not in self._request_futures:
            return
        try:
            answer = self.structure_message(message)
        except JsonRpcException as error:
            self._handle_response(msg_id, error=error.to_response_error())
            return
        self.handle_message(answer)

    def _handle_cancel_notification(self, msg_id: MessageId) -> None:
        """Cancel a request that is in work."""
        if _is_id(msg_id):
            super()._handle_cancel_notification(msg_id)

    def _execute_handler(
        self,
        msg_id: MessageId,
        handler: Callable[..., Any],
        callback: Callable[["Future[Any]"], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Run a handler and forget it when it is done; pygls keeps those of notifications."""

        def done(future: "Future[Any]") -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _handle_response(
        self,
        msg_id: MessageId,
        result: Any | None = None,
        error: types.ResponseError | None = None,
    ) -> None:
        """Pass a client's answer to who waits for it, unless they gave up waiting."""
        waiting = self._request_futures.get(msg_id)
        if waiting is None or waiting.done():
            self._request_futures.pop(msg_id, None)
            return
        super()._handle_response(msg_id, result, error)

    def _refuse(
        self,
        msg_id: MessageId | None,
        code: types.ErrorCodes | types.LSPErrorCodes,
        message: str,
    ) -> None:
        # As a dictionary, since lsprotocol leaves out an `id` that is null.
        error = {"code": code.value, "message": message}
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": error})

    def _send_handler_result(self, future: "Future[Any]", *, msg_id: MessageId) -> None:
        """Answer a request with what its handler returned or raised."""
        if future.cancelled():
            self._refuse(msg_id, types.LSPErrorCodes.RequestCancelled, "Cancelled.")
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._send_response(msg_id, error=error.to_response_error())
        else:
            self.log_error("A request failed", error)
            message = "WPC met an error of its own; its log says where."
            self._refuse(msg_id, types.ErrorCodes.InternalError, message)

    def _check_handler_result(self, future: "Future[Any]") -> None:
        """Log what went wrong in the handler of a notification."""
        if not future.cancelled() and (error := future.exception()):
            self.log_error("A notification failed", error)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Any:
        """Answer with the capabilities, over a workspace of LSP documents."""
        steps = super().lsp_initialize(params)
        step = next(steps)  # the workspace exists; the server's own handler comes next
        plain = self.workspace
        self._workspace = DocumentWorkspace(
            plain.root_uri,
            types.TextDocumentSyncKind.Incremental,
            list(plain.folders.values()),
            plain.position_encoding,
        )
        yield step
        try:
            next(steps)
        except StopIteration as result:
            return result.value
        raise AssertionError("pygls takes one step in initialize")

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Any:
        """Cancel what is in work, after the server's own handler."""
        if handler := self.fm.features.get(types.SHUTDOWN):
            yield handler, args, None
        for msg_id, future in list(self._request_futures.items()):
            if msg_id != self.msg_id:
                future.cancel()
        self._shutdown = True

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> None:  # type: ignore[override]
        """End the session; whoever serves the stream closes it."""
        if self.exit_code and not self.exit_code.done():
            self.exit_code.set_result(0 if self._shutdown else 1)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Any:
        """Change the server's copy, unless the document was never opened."""
        if unquote(params.text_document.uri) not in self.workspace.text_documents:
            self.log("A change of a document that is not open is ignored.")
            return
        yield from super().lsp_text_document__did_change(params)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command as the request's own task, so that cancelling reaches it."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise _invalid_params(f"There is no command {params.command}.")
        try:
            args, kwargs = _prepare_command_arguments(handler, params, self._converter)
        except Exception:
            raise _invalid_params(f"Wrong arguments for {params.command}.") from None
        return await handler(*args, **kwargs)


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _invalid_params(message: str) -> JsonRpcException:
    return JsonRpcException(message, types.ErrorCodes.InvalidParams.value)
