"""`wpc.describe`: what is known of a document, for clients that show it in their own way."""

from typing import Any

from reference.protocol import RepairReport
from server.findings import Finding
from server.lsp.commands import opened, seen
from server.lsp.outcomes import Outcome
from server.lsp.session import Session


async def describe(session: Session, uri: str) -> dict[str, Any]:
    """Return what the last check of a document came to.

    Returns
    -------
    dict
        `endpoint`: how it is doing. `checked`: whether there was a check. If so: `stale`, whether
        the document has changed since; `skipped`, why nothing was checked, or null; `problem`,
        its name, or null; `report`: null, or `verdict`, `reason`, `tests` (`passed` of `total`,
        and the `results` of each) and `failingTest`; `findings`. Positions are those of the
        session's encoding.
    """
    snapshot = opened(session, uri)
    outcome = seen(session, uri)
    endpoint = session.connection.state.value
    if outcome is None:
        return {"endpoint": endpoint, "checked": False}
    return {
        "endpoint": endpoint,
        "checked": True,
        "stale": outcome.snapshot.text != snapshot.text,
        "skipped": outcome.skipped,
        "problem": outcome.problem.name if outcome.problem else None,
        "report": _report(outcome.report) if outcome.report else None,
        "findings": [_finding(session, outcome, finding) for finding in outcome.findings],
    }


def _report(report: RepairReport) -> dict[str, Any]:
    failure = report.tests.first_failure
    return {
        "verdict": report.verdict.value,
        "reason": report.reason,
        "tests": report.tests.model_dump(mode="json", exclude={"first_failure"}),
        "failingTest": failure.model_dump(mode="json") if failure else None,
    }


def _finding(session: Session, outcome: Outcome, finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "range": session.diagnostics.diagnostic(outcome, finding).range,
        "fixes": [
            fix.model_dump(mode="json", exclude={"edits", "range", "rule"}) for fix in finding.fixes
        ],
    }
