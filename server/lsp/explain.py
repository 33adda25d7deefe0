"""`wpc.explain`: the page of a rule."""

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.lsp.commands import seen
from server.lsp.reading import show_text
from server.lsp.session import Session
from server.rules import UnknownRuleError, explanation


async def explain(session: Session, uri: str, rule: str | None = None) -> str:
    """Show what a rule means: that of a document's finding, unless one is named."""
    texts = session.configuration.texts(session.snapshot(uri))
    outcome = seen(session, uri)
    found = [finding.rule for finding in outcome.findings] if outcome else []
    rule = rule or next(iter(found), None)
    if rule is None:
        session.tell(types.MessageType.Info, f"WPC: {texts.nothing_to_explain}")
        return texts.nothing_to_explain
    try:
        page = explanation(str(rule)).page(texts.language)
    except UnknownRuleError as error:
        code = types.ErrorCodes.InvalidParams.value
        raise JsonRpcException(error.text(texts), code) from None
    brief = f"{page.title}: {page.summary} {page.advice}"
    return await show_text(session, page.path.name, page.markdown, brief)
