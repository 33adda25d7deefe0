"""Diagnostics: what checks found, shown by pull or push as the client can."""

import asyncio

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.config import ConfigError
from server.endpoint import EndpointError
from server.errors import UserError
from server.findings import Finding, Severity
from server.lsp.checker import Trigger
from server.lsp.documents import Snapshot
from server.lsp.outcomes import Outcome
from server.lsp.positions import client_range
from server.lsp.session import Session
from server.problem import ProblemChoiceError
from server.rules import EXPLANATIONS

SOURCE = "wpc"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Hint,
}


class Diagnostics:
    """Keeps, for every document, the last outcome that the user may see.

    An outcome is shown only while the document still has the text that was checked. A check
    that fails leaves what was shown before.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown: dict[str, Outcome] = {}

    def shown(self, uri: str) -> Outcome | None:
        """Return the outcome that the user sees."""
        return self._shown.get(uri)

    def review(self, snapshot: Snapshot, trigger: Trigger) -> "asyncio.Task[Outcome | None]":
        """Check a document and show what comes of it, unless the document has changed by then.

        The task comes to `None` where there is nothing new to show.
        """
        check = self._session.checker.start(snapshot, trigger)
        return self._session.spawn(self._show_result(snapshot, check))

    async def _show_result(
        self, snapshot: Snapshot, check: "asyncio.Task[Outcome | None]"
    ) -> Outcome | None:
        await asyncio.wait({check})
        while check.cancelled():
            newer = self._session.checker.running(snapshot)  # by other settings, say
            if newer is None:
                return None
            check = newer
            await asyncio.wait({check})
        error = check.exception()
        if isinstance(error, ConfigError | ProblemChoiceError):
            self._session.configuration.tell_once(error)
        elif error and not isinstance(error, EndpointError):  # of that the user was told
            raise error
        outcome = None if error else check.result()
        if outcome:
            self.show(outcome)
        return outcome

    def show(self, outcome: Outcome) -> None:
        """Show an outcome, unless it is of another text than the document has now."""
        uri = outcome.snapshot.uri
        now = self._session.snapshot(uri)
        if now is None or now.text != outcome.snapshot.text:
            return
        before = self._shown.get(uri)
        if before is outcome:
            return
        self._shown[uri] = outcome
        if outcome.skipped:
            why = f"{uri} is not checked: {outcome.skipped}."
            self._session.log(types.MessageType.Info, why)
        elif outcome.report and outcome.report.reason:
            self._session.configuration.tell_once(UserError(outcome.report.reason))
        if self._session.client.pulls_diagnostics:
            self._session.workspace_diagnostic_refresh(None)
        elif outcome.findings or (before and before.findings):
            self._publish(uri, now.version, self.of(outcome))
        if self._session.client.refreshes_code_lenses:
            self._session.workspace_code_lens_refresh(None)

    def forget(self, uri: str) -> None:
        """Take back what is shown of a document that was closed."""
        outcome = self._shown.pop(uri, None)
        if outcome and outcome.findings and not self._session.client.pulls_diagnostics:
            self._publish(uri, None, [])

    def of(self, outcome: Outcome) -> list[types.Diagnostic]:
        """Return the diagnostics of an outcome."""
        return [self.diagnostic(outcome, finding) for finding in outcome.findings]

    def diagnostic(self, outcome: Outcome, finding: Finding) -> types.Diagnostic:
        """Return the diagnostic of a finding."""
        client = self._session.client
        text, uri = outcome.snapshot.text, outcome.snapshot.uri
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(uri, client_range(text, place.range, client.position_encoding)),
                place.message,
            )
            for place in finding.related
        ]
        known = EXPLANATIONS.get(finding.rule)  # a newer endpoint may have others
        page = known.page(self._session.configuration.locale(outcome.snapshot)) if known else None
        return types.Diagnostic(
            range=client_range(text, finding.range, client.position_encoding),
            message=finding.message,
            severity=_SEVERITIES[finding.severity],
            code=finding.rule,
            code_description=types.CodeDescription(page.uri) if page else None,
            source=SOURCE,
            related_information=related if client.related_information and related else None,
        )

    def _publish(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        self._session.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )


async def document_diagnostic(
    session: Session, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """`textDocument/diagnostic`: the outcome for this text, waiting for a check under way.

    Where there is none (a check failed, or is due only when the document is saved), the answer
    is what was last shown.
    """
    uri = params.text_document.uri
    snapshot = session.snapshot(uri)
    if snapshot is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    if check := session.checker.running(snapshot):
        await asyncio.wait({check})
        if check.cancelled() and session.snapshot(uri) != snapshot:
            raise _superseded()
    outcome = session.checker.known(snapshot) or session.diagnostics.shown(uri)
    if outcome is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    if outcome.id == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=outcome.id)
    return types.RelatedFullDocumentDiagnosticReport(
        items=session.diagnostics.of(outcome), result_id=outcome.id
    )


def _superseded() -> JsonRpcException:
    return JsonRpcException(
        "The document has changed.",
        types.LSPErrorCodes.ServerCancelled.value,
        types.DiagnosticServerCancellationData(retrigger_request=True),
    )
