"""`workspace/executeCommand`: what a user can ask for about a document.

Every command takes the document's URI first. What is to be read is shown with
`window/showDocument` where the client can, else in a message, and is returned as well, for
clients that have a better place for it.
"""

import asyncio
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from reference.protocol import Problem, ProblemSummary
from server.endpoint import EndpointError
from server.findings import Finding, failing_test
from server.lsp.checker import Trigger
from server.lsp.code_action import find_fix
from server.lsp.documents import Snapshot
from server.lsp.edits import fix_edit, ignore_edit, problem_edit
from server.lsp.markdown import failure_text, statement_text
from server.lsp.outcomes import Outcome
from server.lsp.reading import show_text
from server.lsp.session import Session
from server.texts import Texts, texts_in

_PAGE = 6
_NAME = re.compile(r"\S+")


async def check(session: Session, uri: str) -> str:
    """Check a document now, whatever is known of it; return what came of it, in a line."""
    snapshot = opened(session, uri)
    session.checker.forget_text(snapshot)
    try:
        outcome = await session.diagnostics.review(snapshot, Trigger.COMMAND)
    except asyncio.CancelledError:
        session.checker.cancel(uri)
        raise
    summary = _summary(outcome, session.configuration.texts(snapshot))
    if outcome and not outcome.findings:
        session.tell(types.MessageType.Info, f"WPC: {summary}")
    return summary


async def list_problems(session: Session, uri: str | None = None) -> list[dict[str, Any]]:
    """Return the endpoint's problems, the likeliest for a document first."""
    problems = await _problems(session)
    locale = session.configuration.locale()
    return [
        {"id": problem.id, "title": _title(problem, locale), "tests": problem.tests}
        for problem in _likeliest_first(problems, str(uri or ""))
    ]


async def choose_problem(session: Session, uri: str, problem: str | None = None) -> str | None:
    """Write into a document which problem it solves, asking the user unless the client has.

    Returns the id of the problem, or `None` where none was chosen.
    """
    opened(session, uri)
    if problem is not None and not (isinstance(problem, str) and _NAME.fullmatch(problem)):
        raise _invalid("A problem is an id of the bank, or a path without spaces.")
    problem = problem or await _ask_for_problem(session, uri)
    if problem is None:
        return None
    snapshot = opened(session, uri)
    edit = problem_edit(session, snapshot, problem)
    label = session.configuration.texts(snapshot).solves.format(problem=problem)
    if await _apply(session, edit, label):
        now = session.snapshot(uri)
        if now and now.text != snapshot.text:
            session.diagnostics.review(now, Trigger.COMMAND)
        else:  # the client is yet to tell of the edit
            session.checker.expect_change(uri)
    return problem


async def apply_fix(session: Session, data: Any) -> bool:
    """Apply a fix for a client that knows no code actions but commands."""
    snapshot, fix = find_fix(session, data)
    return await _apply(session, fix_edit(session, snapshot, fix), fix.message)


async def show_failing_test(session: Session, uri: str) -> str:
    """Show the first test that a document's program fails."""
    outcome = seen(session, uri)
    failure = outcome.report.tests.first_failure if outcome and outcome.report else None
    texts = session.configuration.texts(session.snapshot(uri))
    if outcome is None or failure is None:
        return _nothing(session, _summary(outcome, texts))
    text = failure_text(failure, texts)
    return await show_text(session, "failing-test.md", text, failing_test(failure, texts))


async def show_statement(session: Session, uri: str) -> str:
    """Show the statement of the problem that a document solves."""
    outcome = seen(session, uri)
    if outcome is None or outcome.problem is None:
        return _nothing(session, session.configuration.texts(opened(session, uri)).no_problem_known)
    problem = await _problem(session, outcome)
    text = statement_text(problem, session.configuration.locale(opened(session, uri)))
    return await show_text(session, f"{outcome.problem.name}.md", text, text)


async def compare_fix(session: Session, uri: str) -> str:
    """Show what the best fix of a document changes."""
    outcome = seen(session, uri)
    fix = next((f.fixes[0] for f in outcome.findings if f.fixes), None) if outcome else None
    if fix is None:
        texts = session.configuration.texts(opened(session, uri))
        return _nothing(session, texts.nothing_to_compare)
    return await show_text(session, "fix.diff", fix.diff, fix.diff)


async def ignore_finding(session: Session, uri: str) -> bool:
    """Write a comment into a document that ignores its finding."""
    snapshot = opened(session, uri)
    outcome = session.checker.known(snapshot)
    finding: Finding | None = outcome.findings[0] if outcome and outcome.findings else None
    edit = ignore_edit(session, snapshot, finding) if finding else None
    texts = session.configuration.texts(snapshot)
    if finding is None or edit is None:
        _nothing(session, texts.nothing_to_ignore)
        return False
    session.checker.expect_change(uri)
    return await _apply(session, edit, texts.ignore.format(rule=finding.rule))


def opened(session: Session, uri: Any) -> Snapshot:
    """Return the document that a command is about, or refuse the command."""
    snapshot = session.snapshot(uri)
    if snapshot is None:
        raise _invalid("The command takes the URI of an open document.")
    return snapshot


def _invalid(message: str) -> JsonRpcException:
    return JsonRpcException(message, types.ErrorCodes.InvalidParams.value)


def seen(session: Session, uri: str) -> Outcome | None:
    """Return what is known of a document, or what was shown of it before its last change."""
    return session.checker.known(opened(session, uri)) or session.diagnostics.shown(uri)


def _nothing(session: Session, text: str) -> str:
    session.tell(types.MessageType.Info, f"WPC: {text}")
    return text


def _summary(outcome: Outcome | None, texts: Texts) -> str:
    if outcome is None:
        return texts.not_checked
    if outcome.skipped:
        return texts.not_checked_because.format(reason=outcome.skipped)
    if outcome.problem is None or outcome.report is None:
        return texts.no_problem_known
    name, tests, reason = outcome.problem.name, outcome.report.tests, outcome.report.reason
    if reason:
        return texts.problem_not_judged.format(problem=name, reason=reason)
    return texts.problem_tests_pass.of(tests.total, problem=name, passed=tests.passed)


async def _apply(session: Session, edit: types.WorkspaceEdit, label: str) -> bool:
    if not session.client.applies_edits:
        _nothing(session, session.configuration.texts().cannot_apply_edits)
        return False
    params = types.ApplyWorkspaceEditParams(edit, label=f"WPC: {label}")
    return (await session.workspace_apply_edit_async(params)).applied


async def _problems(session: Session) -> Sequence[ProblemSummary]:
    try:
        return await session.connection.problems(again=True)
    except EndpointError:  # of which the user was told
        return ()


async def _problem(session: Session, outcome: Outcome) -> Problem:
    assert outcome.problem is not None
    reference = outcome.problem.reference
    if reference.inline:
        return reference.inline
    try:
        return await session.connection.problem(reference.id or "")
    except EndpointError as error:
        message = error.text(session.configuration.texts())
        raise JsonRpcException(message, types.LSPErrorCodes.RequestFailed.value) from None


async def _ask_for_problem(session: Session, uri: str) -> str | None:
    """Let the user choose, a page of problems at a time."""
    problems = _likeliest_first(await _problems(session), uri)
    locale = session.configuration.locale(session.snapshot(uri))
    texts = texts_in(locale)
    labels = {f"{_title(p, locale)} ({p.id})": p.id for p in problems}
    titles = list(labels)
    for begin in range(0, len(titles), _PAGE):
        page = titles[begin : begin + _PAGE]
        last = begin + _PAGE >= len(titles)
        chosen = await session.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Info,
                texts.which_problem,
                [types.MessageActionItem(it) for it in (page if last else [*page, texts.more])],
            )
        )
        if chosen is None or chosen.title != texts.more:
            return labels.get(chosen.title) if chosen else None
    return None


def _title(problem: ProblemSummary, locale: str) -> str:
    return Problem(id=problem.id, titles=problem.titles).title(locale)


def _likeliest_first(problems: Sequence[ProblemSummary], uri: str) -> list[ProblemSummary]:
    stem = PurePosixPath(uri).stem.lower()

    def likeness(problem: ProblemSummary) -> float:
        return SequenceMatcher(None, stem, problem.id).ratio()

    return sorted(problems, key=lambda problem: (-round(likeness(problem), 1), problem.id))
