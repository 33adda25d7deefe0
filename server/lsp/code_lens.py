"""`textDocument/codeLens`: how the program does on its tests, above the first line."""

import re

from lsprotocol import types

from server.lsp.checker import Outcome
from server.lsp.session import Session

_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))
_READS_INPUT = re.compile(r"\binput\s*\(|\bstdin\b")


async def code_lens(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Offer to run the tests again, or to choose the problem of a program that reads input."""
    snapshot = session.snapshot(params.text_document.uri)
    outcome = snapshot and (
        session.checker.known(snapshot) or session.diagnostics.shown(snapshot.uri)
    )
    if snapshot is None or not outcome or outcome.skipped:
        return []
    uri = snapshot.uri
    if outcome.problem is None:
        if not _READS_INPUT.search(snapshot.text):
            return []
        return [_lens("Choose the problem…", "wpc.chooseProblem", uri)]
    lenses = [
        _lens(_standing(outcome, stale=outcome.snapshot.text != snapshot.text), "wpc.check", uri)
    ]
    if outcome.report and outcome.report.tests.first_failure:
        lenses.append(_lens("Show the failing test", "wpc.showFailingTest", uri))
    lenses.append(_lens("Show the statement", "wpc.showStatement", uri))
    return lenses


def _standing(outcome: Outcome, *, stale: bool) -> str:
    assert outcome.report is not None
    tests = outcome.report.tests
    if not tests.total:
        return "No tests · run again"
    when = "passed before the last change" if stale else "pass"
    return f"{tests.passed}/{tests.total} tests {when} · run again"


def _lens(title: str, command: str, uri: str) -> types.CodeLens:
    return types.CodeLens(_TOP, types.Command(title, command, arguments=[uri]))
