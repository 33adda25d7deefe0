"""The user's docstrings, which stay where they are, whatever a peer does below them."""

import ast

from reference.edits import Program, TextEdit, apply_edits
from reference.propose.peers.layout import is_text

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def documented(text: str, mine: Program) -> str:
    """Return a peer's program, as `tidied` lays it out, with the docstrings of the user's.

    Modules have one another's, and so have classes and functions of the same name.
    """
    own = {
        _name(node): mine.source(node.body[0])
        for node in ast.walk(mine.tree)
        if isinstance(node, _Documented) and node.body and is_text(node.body[0])
    }
    if not own:
        return text
    peer = Program(text)
    edits = []
    for node in ast.walk(peer.tree):
        if isinstance(node, _Documented) and node.body and _name(node) in own:
            first = node.body[0]
            start = peer.statement_start(first)
            indent = " " * first.col_offset
            edits.append(TextEdit(start, start, f"{indent}{own[_name(node)]}\n"))
    return apply_edits(text, edits)


def _name(node: _Documented) -> str:
    return "" if isinstance(node, ast.Module) else node.name
