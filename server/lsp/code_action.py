"""`textDocument/codeAction` and `codeAction/resolve`: fixes, and what else can be done."""

from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from reference.protocol import Fix, Source
from server.findings import Finding, trust
from server.lsp.documents import Snapshot
from server.lsp.edits import fix_edit, ignore_edit
from server.lsp.outcomes import Outcome
from server.lsp.registration import CHOOSE_PROBLEM, FIX_ALL
from server.lsp.session import Session
from server.texts import Texts

Action = types.CodeAction | types.Command


async def code_action(session: Session, params: types.CodeActionParams) -> list[Action]:
    """Offer fixes for the range, for the document, and the choice of the problem.

    The findings are the server's own, for exactly the text that is open: what a client sends
    along is not relied on.
    """
    snapshot = session.snapshot(params.text_document.uri)
    if snapshot is None:
        return []
    wanted = _Kinds(params.context.only)
    actions: list[types.CodeAction] = []
    outcome = session.checker.known(snapshot)
    if outcome:
        for number, finding in enumerate(outcome.findings):
            diagnostic = session.diagnostics.diagnostic(outcome, finding)
            if wanted.has(types.CodeActionKind.QuickFix) and _touch(params.range, diagnostic.range):
                actions += _quick_fixes(session, outcome, number, diagnostic)
            if wanted.has(FIX_ALL) and finding.verified:
                actions.append(_fix_all(session, outcome, number))
    if wanted.has(CHOOSE_PROBLEM) and _lacks_problem(session, snapshot, outcome):
        actions.append(_choose_problem(snapshot, session.configuration.texts(snapshot)))
    if session.client.code_action_literals:
        return list(actions)
    return [command for action in actions if (command := _as_command(session, action))]


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """Add the edit to an action that was offered without, if it still fits the document.

    Raises
    ------
    JsonRpcException
        `ContentModified` where the document has changed since.
    """
    if action.edit or action.command:
        return action
    snapshot, fix = find_fix(session, action.data)
    action.edit = fix_edit(session, snapshot, fix)
    return action


def find_fix(session: Session, data: Any) -> tuple[Snapshot, Fix]:
    """Return the fix that an action's data names, and the document as it is now.

    Raises
    ------
    JsonRpcException
        `ContentModified` where the document has changed since the fix was offered.
    """
    snapshot = None
    try:
        snapshot = session.snapshot(data["uri"])
        outcome = session.checker.known(snapshot) if snapshot else None
        if snapshot and outcome and outcome.id == data["outcome"]:
            return snapshot, outcome.findings[data["finding"]].fixes[data["fix"]]
    except (TypeError, KeyError, IndexError):
        pass
    raise JsonRpcException(
        session.configuration.texts(snapshot).document_changed,
        types.LSPErrorCodes.ContentModified.value,
    )


class _Kinds:
    """The kinds of actions that the client asks for; a kind includes its sub-kinds."""

    def __init__(self, only: Sequence[types.CodeActionKind | str] | None) -> None:
        self._only = only

    def has(self, kind: types.CodeActionKind | str) -> bool:
        asked = [str(getattr(k, "value", k)) for k in self._only or ("",)]
        name = str(getattr(kind, "value", kind))
        return any(k in ("", name) or name.startswith(f"{k}.") for k in asked)


def _quick_fixes(
    session: Session, outcome: Outcome, number: int, diagnostic: types.Diagnostic
) -> list[types.CodeAction]:
    finding = outcome.findings[number]
    texts = session.configuration.texts(outcome.snapshot)
    actions = []
    for rank, fix in enumerate(finding.fixes):
        action = types.CodeAction(
            title=f"{fix.message.rstrip('.')} ({trust(fix, texts)})",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=True if rank == 0 and fix.verified else None,
            tags=_tags(session, fix),
        )
        actions.append(_with_edit(session, action, outcome, number, rank))
    if ignore := _ignore(session, outcome.snapshot, finding, diagnostic):
        actions.append(ignore)
    return actions


def _fix_all(session: Session, outcome: Outcome, number: int) -> types.CodeAction:
    title = session.configuration.texts(outcome.snapshot).fix_program
    action = types.CodeAction(title=title, kind=FIX_ALL)
    action.tags = _tags(session, outcome.findings[number].fixes[0])
    return _with_edit(session, action, outcome, number, 0)


def _with_edit(
    session: Session, action: types.CodeAction, outcome: Outcome, finding: int, fix: int
) -> types.CodeAction:
    uri = outcome.snapshot.uri
    action.data = {"uri": uri, "outcome": outcome.id, "finding": finding, "fix": fix}
    if not session.client.resolves_edits:
        snapshot, found = find_fix(session, action.data)
        action.edit = fix_edit(session, snapshot, found)
    return action


def _ignore(
    session: Session, snapshot: Snapshot, finding: Finding, diagnostic: types.Diagnostic
) -> types.CodeAction | None:
    now = session.snapshot(snapshot.uri)
    edit = ignore_edit(session, now, finding) if now else None
    if edit is None:
        return None
    return types.CodeAction(
        title=session.configuration.texts(snapshot).ignore_here.format(rule=finding.rule),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=edit,
    )


def _choose_problem(snapshot: Snapshot, texts: Texts) -> types.CodeAction:
    title = texts.choose_problem
    command = types.Command(title, "wpc.chooseProblem", arguments=[snapshot.uri])
    return types.CodeAction(title=title, kind=CHOOSE_PROBLEM, command=command)


def _lacks_problem(session: Session, snapshot: Snapshot, outcome: Outcome | None) -> bool:
    if outcome is None and session.checker.running(snapshot):
        return False
    seen = outcome or session.diagnostics.shown(snapshot.uri)
    if seen is None:
        return snapshot.language_id == "python"
    return seen.problem is None and seen.skipped is None


def _as_command(session: Session, action: types.CodeAction) -> types.Command | None:
    """Return what a client gets that knows no code actions but commands."""
    if action.command or not session.client.applies_edits or not action.data:
        return action.command
    return types.Command(action.title, "wpc.applyFix", arguments=[action.data])


def _tags(session: Session, fix: Fix) -> list[types.CodeActionTag] | None:
    model_made = fix.source is Source.MODEL and session.client.tags_llm
    return [types.CodeActionTag.LlmGenerated] if model_made else None


def _touch(a: types.Range, b: types.Range) -> bool:
    return not (a.end < b.start or b.end < a.start)
