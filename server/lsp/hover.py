"""`textDocument/hover`: a finding, its failing test, and what its fix changes."""

from lsprotocol import types

from server.lsp.markdown import finding_text
from server.lsp.session import Session


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Describe the finding at a position."""
    snapshot = session.snapshot(params.text_document.uri)
    outcome = session.checker.known(snapshot) if snapshot else None
    texts = session.configuration.texts(snapshot)
    for finding in outcome.findings if outcome else ():
        assert outcome is not None
        place = session.diagnostics.diagnostic(outcome, finding).range
        if place.start <= params.position <= place.end:
            kind = types.MarkupKind.Markdown if session.client.markdown else "plaintext"
            content = types.MarkupContent(types.MarkupKind(kind), finding_text(finding, texts))
            return types.Hover(content, place)
    return None
