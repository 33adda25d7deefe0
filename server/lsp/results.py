"""`workspace/executeCommand` for clients that show in their own way how a program does."""

from typing import Any

from server.lsp.session import Session


async def test_results(session: Session, uri: str) -> dict[str, Any] | None:
    """Return how a document's program does on its tests, as far as is known.

    Returns
    -------
    dict or None
        `passed` and `total` count the problem's tests; `stale` says that the program has changed
        since; `failing`, that there is a failing test to show; `results` holds the `name` and the
        `verdict` of every test that was run. `None` where the program was not checked.
    """
    snapshot = session.snapshot(uri)
    outcome = snapshot and (session.checker.known(snapshot) or session.diagnostics.shown(uri))
    if snapshot is None or not outcome or outcome.problem is None or outcome.report is None:
        return None
    tests = outcome.report.tests
    return {
        "passed": tests.passed,
        "total": tests.total,
        "stale": outcome.snapshot.text != snapshot.text,
        "failing": tests.first_failure is not None,
        "results": [{"name": r.test, "verdict": r.verdict.value} for r in tests.results],
    }
