"""Workspace edits, made for the version of the document that is open now."""

import re
from collections.abc import Sequence

from lsprotocol import types

from reference.protocol import Fix
from server.directives import HEAD_LINES, ignored_rules
from server.findings import Finding
from server.lsp.documents import Snapshot
from server.lsp.positions import LineIndex, client_range
from server.lsp.session import Session

_DIRECTIVE = re.compile(r"[ \t]*#\s*wpc:\s*problem\s*=.*")
_BEFORE_CODE = re.compile(r"#!|[ \t]*#.*coding[:=]")


def workspace_edit(
    session: Session, snapshot: Snapshot, edits: Sequence[types.TextEdit]
) -> types.WorkspaceEdit:
    """Return edits of one document, with its version where the client can check it."""
    if not session.client.versioned_edits:
        return types.WorkspaceEdit(changes={snapshot.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(snapshot.uri, snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, edits)])


def fix_edit(session: Session, snapshot: Snapshot, fix: Fix) -> types.WorkspaceEdit:
    """Return the edit of a fix that was found for this text."""
    encoding = session.client.position_encoding
    edits = [
        types.TextEdit(client_range(snapshot.text, edit.range, encoding), edit.new_text)
        for edit in fix.edits
    ]
    return workspace_edit(session, snapshot, edits)


def problem_edit(session: Session, snapshot: Snapshot, problem: str) -> types.WorkspaceEdit:
    """Return the edit that names the problem in a comment, in place of one that is there."""
    index = LineIndex(snapshot.text, session.client.position_encoding)
    comment = f"# wpc: problem={problem}"
    at = 0
    for number, line in enumerate(index.lines[:HEAD_LINES]):
        content = line.rstrip("\r\n")
        if _DIRECTIVE.fullmatch(content):
            span = index.line_span(number)
            return workspace_edit(session, snapshot, [types.TextEdit(index.range(span), comment)])
        if number == at and _BEFORE_CODE.match(content) and content != line:
            at += 1
    end = "\r\n" if "\r\n" in snapshot.text else "\n"
    place = types.Position(at, 0)
    edit = types.TextEdit(types.Range(place, place), comment + end)
    return workspace_edit(session, snapshot, [edit])


def ignore_edit(
    session: Session, snapshot: Snapshot, finding: Finding
) -> types.WorkspaceEdit | None:
    """Return the edit that ignores a finding: a comment behind its line, or else above it.

    `None` where neither place can hold a comment, as inside a string of many lines.
    """
    index = LineIndex(snapshot.text, session.client.position_encoding)
    number = finding.range.start.line
    span = index.line_span(number)
    line = snapshot.text[span]
    indent = line[: len(line) - len(line.lstrip())]
    end = "\r\n" if "\r\n" in snapshot.text else "\n"
    comment = f"# wpc: ignore[{finding.rule}]"
    for offset, text, shift in (
        (span.start + len(line.rstrip()), f"  {comment}", 0),
        (span.start, f"{indent}{comment}{end}", 1),
    ):
        changed = snapshot.text[:offset] + text + snapshot.text[offset:]
        if finding.rule in ignored_rules(changed).get(number + shift, ()):
            place = index.position(offset)
            edit = types.TextEdit(types.Range(place, place), text)
            return workspace_edit(session, snapshot, [edit])
    return None
