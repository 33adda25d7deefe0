"""An editor for tests: pytest-lsp's client with documents that it keeps and edits it applies."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from server.lsp.positions import LineIndex, encoding_name

from .profiles import PROFILES, capabilities

SERVER = (
    sys.executable,
    "-c",
    "import sys; sys.path[:] = [p for p in sys.path if p]; "
    "from server.lsp import serve_stdio; sys.exit(serve_stdio())",
)
TCP_SERVER = (
    sys.executable,
    "-c",
    "import sys; sys.path[:] = [p for p in sys.path if p]; "
    "from server.lsp import serve_tcp; sys.exit(serve_tcp('127.0.0.1', 0))",
)

STATUS = "wpc/status"

Value = TypeVar("Value")


class Editor(LanguageClient):
    """Opens, changes and saves documents, pulls diagnostics where it can, applies edits.

    Attributes
    ----------
    texts
        The open documents.
    encoding
        What the server and this editor agreed to count.
    choices
        Titles to choose, in turn, when the server asks.
    states
        Of the endpoint, as the server told.
    """

    def __init__(self, profile: str) -> None:
        super().__init__()
        self.profile = PROFILES[profile]
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.encoding = "utf-16"
        self.choices: list[str] = []
        self.asked: list[types.ShowMessageRequestParams] = []
        self.registered: list[types.Registration] = []
        self.counts: Counter[str] = Counter()
        self.states: list[str] = []
        self.result_ids: dict[str, str | None] = {}
        self._news = asyncio.Condition()
        self.protocol._converter.register_structure_hook(types.CodeActionResponse, self._actions)
        register_lsp_features(self, {**DEFAULT_CLIENT_FEATURES, **_FEATURES})

    def _actions(self, answer: Any, _: type) -> types.CodeActionResponse:
        """Tell actions from commands; lsprotocol takes an action with a command for one."""
        convert = self.protocol._converter.structure
        actions = [
            convert(a, types.Command if isinstance(a.get("command"), str) else types.CodeAction)
            for a in answer["result"] or []
        ]
        return types.CodeActionResponse(id=answer["id"], result=actions)

    async def until(self, what: Callable[[], Value | None]) -> Value:
        """Wait, as messages come, until `what` returns something true."""
        async with self._news:
            return await asyncio.wait_for(self._until(what), 60)

    async def _until(self, what: Callable[[], Value | None]) -> Value:
        while not (value := what()):
            await self._news.wait()
        return value

    def noticed(self, what: str) -> None:
        self.counts[what] += 1
        self._telling = asyncio.ensure_future(self._notify())

    async def _notify(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def begin(
        self,
        *folders: Path,
        options: Mapping[str, Any] | None = None,
        encodings: list[str] | None = None,
        locale: str | None = None,
    ) -> types.InitializeResult:
        able = capabilities(self.profile)
        if encodings:
            able.general = types.GeneralClientCapabilities(position_encodings=encodings)
        result = await self.initialize_session(
            types.InitializeParams(
                capabilities=able,
                workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in folders],
                initialization_options=dict(options or {}),
                locale=locale,
            )
        )
        self.encoding = encoding_name(result.capabilities.position_encoding)
        self.pulls = result.capabilities.diagnostic_provider is not None
        return result

    def open(self, uri: str, text: str, language: str = "python") -> str:
        self.texts[uri], self.versions[uri] = text, 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def open_file(self, path: Path, text: str) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return self.open(path.as_uri(), text)

    def change(self, uri: str, text: str) -> None:
        """Replace the whole text."""
        self.texts[uri] = text
        self._changed(uri, [types.TextDocumentContentChangeWholeDocument(text)])

    def edit(self, uri: str, edits: list[types.TextEdit]) -> None:
        """Apply edits, as the specification says: all at once, told from the last to the first."""
        index = LineIndex(self.texts[uri], self.encoding)
        text = self.texts[uri]
        changes: list[types.TextDocumentContentChangeEvent] = []
        for edit in sorted(edits, key=lambda e: index.offset(e.range.start), reverse=True):
            span = index.span(edit.range)
            text = text[: span.start] + edit.new_text + text[span.stop :]
            changes.append(types.TextDocumentContentChangePartial(edit.range, edit.new_text))
        self.texts[uri] = text
        self._changed(uri, changes)

    def _changed(self, uri: str, changes: list[types.TextDocumentContentChangeEvent]) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def save(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self.text_document_did_close(types.DidCloseTextDocumentParams(document))
        del self.texts[uri]

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        document = types.TextDocumentIdentifier(uri)
        return await self.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document, previous_result_id=previous)
        )

    async def items(self, uri: str) -> list[types.Diagnostic]:
        """Pull a document's diagnostics."""
        return list((await self.pull(uri)).items)

    async def diagnosed(self, uri: str) -> list[types.Diagnostic]:
        """Wait for the diagnostics of a document that has some."""
        if not self.pulls:
            await self.until(lambda: self.diagnostics.get(uri))
            return list(self.diagnostics[uri])
        return await self.items(uri)

    async def cleared(self, uri: str) -> None:
        """Wait until a document that had diagnostics has none."""
        if self.pulls:
            assert not await self.items(uri)
        else:
            await self.until(lambda: self.diagnostics.get(uri) == [])

    async def actions(
        self, uri: str, range_: types.Range, *only: str
    ) -> list[types.CodeAction | types.Command]:
        context = types.CodeActionContext([], list(only) or None)
        document = types.TextDocumentIdentifier(uri)
        return list(
            await self.text_document_code_action_async(
                types.CodeActionParams(document, range_, context)
            )
            or []
        )

    async def take(self, action: types.CodeAction | types.Command) -> None:
        """Do what choosing the action in the menu does."""
        if isinstance(action, types.CodeAction) and not action.edit and not action.command:
            action = await self.code_action_resolve_async(action)
        if isinstance(action, types.CodeAction):
            if action.edit:
                assert self.apply(action.edit)
            command = action.command
        else:
            command = action
        if command:
            await self.run_command(command.command, *(command.arguments or []))

    async def run_command(self, name: str, *arguments: Any) -> Any:
        return await self.workspace_execute_command_async(
            types.ExecuteCommandParams(name, arguments=list(arguments))
        )

    def apply(self, edit: types.WorkspaceEdit) -> bool:
        """Apply an edit of open documents, unless it is for another version."""
        for change in edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            if change.text_document.version != self.versions[uri]:
                return False
            self.edit(uri, list(change.edits))
        for uri, edits in (edit.changes or {}).items():
            self.edit(uri, list(edits))
        return True


def _publish(editor: Editor, params: types.PublishDiagnosticsParams) -> None:
    editor.diagnostics[params.uri] = list(params.diagnostics)
    editor.noticed(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)


def _apply(
    editor: Editor, params: types.ApplyWorkspaceEditParams
) -> types.ApplyWorkspaceEditResult:
    return types.ApplyWorkspaceEditResult(applied=editor.apply(params.edit))


def _choose(
    editor: Editor, params: types.ShowMessageRequestParams
) -> types.MessageActionItem | None:
    editor.asked.append(params)
    title = editor.choices.pop(0) if editor.choices else None
    return types.MessageActionItem(title) if title else None


def _show_message(editor: Editor, params: types.ShowMessageParams) -> None:
    editor.messages.append(params)
    editor.noticed(types.WINDOW_SHOW_MESSAGE)


def _log_message(editor: Editor, params: types.LogMessageParams) -> None:
    editor.log_messages.append(params)
    editor.noticed(types.WINDOW_LOG_MESSAGE)


def _show_document(editor: Editor, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
    editor.shown_documents.append(params)
    return types.ShowDocumentResult(success=True)


def _register(editor: Editor, params: types.RegistrationParams) -> None:
    editor.registered += params.registrations
    editor.noticed(types.CLIENT_REGISTER_CAPABILITY)


def _refresh(editor: Editor, params: None) -> None:
    editor.noticed(types.WORKSPACE_DIAGNOSTIC_REFRESH)


def _refresh_lenses(editor: Editor, params: None) -> None:
    editor.noticed(types.WORKSPACE_CODE_LENS_REFRESH)


def _status(editor: Editor, params: Any) -> None:
    editor.states.append(params.endpoint)
    editor.noticed(STATUS)


def _progress(editor: Editor, params: types.ProgressParams) -> None:
    editor.progress_reports.setdefault(params.token, []).append(params)
    editor.noticed(types.PROGRESS)


_FEATURES: dict[str, Callable[..., Any]] = {
    types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _publish,
    types.WORKSPACE_APPLY_EDIT: _apply,
    types.WINDOW_SHOW_MESSAGE_REQUEST: _choose,
    types.WINDOW_SHOW_MESSAGE: _show_message,
    types.WINDOW_LOG_MESSAGE: _log_message,
    types.WINDOW_SHOW_DOCUMENT: _show_document,
    types.CLIENT_REGISTER_CAPABILITY: _register,
    types.WORKSPACE_DIAGNOSTIC_REFRESH: _refresh,
    types.WORKSPACE_CODE_LENS_REFRESH: _refresh_lenses,
    types.PROGRESS: _progress,
    STATUS: _status,
}

Opener = Callable[..., Awaitable[Editor]]
