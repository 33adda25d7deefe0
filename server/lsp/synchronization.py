"""`textDocument/didOpen`, `didChange`, `didSave` and `didClose`: when documents are checked."""

from lsprotocol import types

from server.lsp.checker import Trigger
from server.lsp.session import Session


async def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """Check a document that was opened."""
    if snapshot := session.snapshot(params.text_document.uri):
        session.diagnostics.review(snapshot, Trigger.OPEN)


async def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """Check a document that was saved."""
    if snapshot := session.snapshot(params.text_document.uri):
        session.diagnostics.review(snapshot, Trigger.SAVE)


async def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """End the check of the older text; show what is known of this one, or check it."""
    snapshot = session.snapshot(params.text_document.uri)
    if snapshot is None or session.checker.running(snapshot):
        return
    session.checker.cancel(snapshot.uri)
    if known := session.checker.known(snapshot):
        session.diagnostics.show(known)
    else:
        session.diagnostics.review(snapshot, session.checker.trigger_of_change(snapshot.uri))


async def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """End the check of a document that was closed, and take back what is shown of it."""
    session.checker.cancel(params.text_document.uri)
    session.diagnostics.forget(params.text_document.uri)
    if session.checks_workspace:
        session.workspace_check.start()  # from now on, what counts is the file
