"""Every handler of the server, in one place."""

from collections.abc import Callable, Coroutine
from importlib import import_module
from inspect import signature
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.lsp.session import Session

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.wpc"
CHOOSE_PROBLEM = f"{types.CodeActionKind.Source.value}.chooseProblem.wpc"

# Method, handler, options. The module of a handler is imported when it is first called, so that
# the answer to `initialize` doesn't wait for it.
FEATURES: tuple[tuple[str, str, Any], ...] = (
    (types.INITIALIZED, "lifecycle:initialized", None),
    (types.TEXT_DOCUMENT_DID_OPEN, "synchronization:did_open", None),
    (types.TEXT_DOCUMENT_DID_CHANGE, "synchronization:did_change", None),
    (types.TEXT_DOCUMENT_DID_SAVE, "synchronization:did_save", None),
    (types.TEXT_DOCUMENT_DID_CLOSE, "synchronization:did_close", None),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, "lifecycle:did_change_configuration", None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, "lifecycle:did_change_folders", None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, "lifecycle:did_change_watched_files", None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        "code_action:code_action",
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL, CHOOSE_PROBLEM],
            resolve_provider=True,
        ),
    ),
    (types.CODE_ACTION_RESOLVE, "code_action:resolve", None),
    (types.TEXT_DOCUMENT_HOVER, "hover:hover", None),
    (types.TEXT_DOCUMENT_CODE_LENS, "code_lens:code_lens", types.CodeLensOptions()),
)

# Registered only where the client asks for diagnostics, since it is thereby told to.
PULL: tuple[tuple[str, str, Any], ...] = (
    (
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        "diagnostics:document_diagnostic",
        types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=False, identifier="wpc"
        ),
    ),
)

WORKSPACE_PULL: tuple[tuple[str, str, Any], ...] = (
    (types.WORKSPACE_DIAGNOSTIC, "workspace:workspace_diagnostic", None),
)

COMMANDS = {
    "wpc.check": "commands:check",
    "wpc.applyFix": "commands:apply_fix",
    "wpc.listProblems": "commands:list_problems",
    "wpc.chooseProblem": "commands:choose_problem",
    "wpc.showFailingTest": "commands:show_failing_test",
    "wpc.showStatement": "commands:show_statement",
    "wpc.compareFix": "commands:compare_fix",
    "wpc.ignoreFinding": "commands:ignore_finding",
    "wpc.describe": "describe:describe",
    "wpc.explain": "explain:explain",
    "wpc.restartEndpoint": "operation:restart_endpoint",
    "wpc.showStatus": "operation:show_status",
    "wpc.showServerLog": "operation:show_server_log",
}


def create_server() -> Session:
    """Return a server for one client."""
    session = Session()

    @session.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.begin(params)
        if session.client.pulls_diagnostics:
            _register(session, PULL)
            if session.checks_workspace:
                _register(session, WORKSPACE_PULL)

    _register(session, FEATURES)
    for name, place in COMMANDS.items():
        session.command(name)(_command(session, place))
    return session


def _register(session: Session, features: tuple[tuple[str, str, Any], ...]) -> None:
    for method, place, options in features:
        session.feature(method, options)(_later(session, place))


def handler(place: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Import what a place such as `hover:hover` names."""
    module, name = place.split(":")
    function: Callable[..., Coroutine[Any, Any, Any]] = getattr(
        import_module(f"server.lsp.{module}"), name
    )
    return function


def _later(session: Session, place: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def handle(*arguments: Any) -> Any:
        return await handler(place)(session, *arguments)

    return handle


def _command(session: Session, place: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def handle(*arguments: Any) -> Any:
        function = handler(place)
        try:
            signature(function).bind(session, *arguments)
        except TypeError as error:
            message = f"Wrong arguments: {error}."
            raise JsonRpcException(message, types.ErrorCodes.InvalidParams.value) from None
        return await function(session, *arguments)

    return handle
