"""`textDocument/codeLens`: how the program does on its tests, above the first line."""

import re

from lsprotocol import types

from server.lsp.outcomes import Outcome
from server.lsp.session import Session
from server.texts import Texts

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
    texts = session.configuration.texts(snapshot)
    if outcome.problem is None:
        if not _READS_INPUT.search(snapshot.text):
            return []
        return [_lens(texts.choose_problem, "wpc.chooseProblem", uri)]
    stale = outcome.snapshot.text != snapshot.text
    lenses = [_lens(_standing(outcome, texts, stale=stale), "wpc.check", uri)]
    if outcome.report and outcome.report.tests.first_failure:
        lenses.append(_lens(texts.show_failing_test, "wpc.showFailingTest", uri))
    lenses.append(_lens(texts.show_statement, "wpc.showStatement", uri))
    return lenses


def _standing(outcome: Outcome, texts: Texts, *, stale: bool) -> str:
    assert outcome.report is not None
    tests = outcome.report.tests
    if not tests.total:
        return texts.lens_no_tests
    template = texts.lens_tests_before if stale else texts.lens_tests
    return template.format(passed=tests.passed, total=tests.total)


def _lens(title: str, command: str, uri: str) -> types.CodeLens:
    return types.CodeLens(_TOP, types.Command(title, command, arguments=[uri]))
