"""A program in the usual layout, its expressions as they were written."""

import ast
from itertools import zip_longest

from reference.edits.lines import Line, logical_lines
from reference.edits.tokens import TokenKind

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def tidied(text: str) -> str:
    """Return a program with the usual blanks and indentation, and without what explains it.

    That is comments, and statements that are texts, as docstrings are. The program is as
    `ast.unparse` prints it, but for lines where that adds or drops parentheses.

    Raises
    ------
    SyntaxError
        Where the text is no program.
    """
    tree = ast.parse(text)
    _drop_texts(tree)
    printed = ast.unparse(tree)
    rows = []
    lines = (line for line in logical_lines(text) if not _is_text(line))
    for own, line in zip_longest(lines, logical_lines(printed)):
        if own is None or line is None or own.depth != line.depth:
            return f"{printed}\n"
        same = own.words == line.words
        rows.append("    " * own.depth + (_text(printed, line) if same else _text(text, own)))
    tidy = "\n".join(rows) + "\n"
    return tidy if ast.dump(ast.parse(tidy)) == ast.dump(tree) else f"{printed}\n"


def _drop_texts(tree: ast.Module) -> None:
    """Drop statements that are texts, where others stand beside them."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            others = [one for one in body if not is_text(one)]
            body[:] = others or body


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a text, such as a docstring, and does nothing."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_text(line: Line) -> bool:
    return [token.kind for token in line.tokens] == [TokenKind.STRING]


def _text(text: str, line: Line) -> str:
    """Return a line's text; where it goes on behind a line end within brackets, in one line."""
    pieces = []
    for before, token in zip((None, *line.tokens), line.tokens, strict=False):
        gap = text[before.end : token.start] if before else ""
        if before and (before.text in _OPENING or token.text in _CLOSING):
            gap = ""
        elif "\n" in gap:
            gap = " "
        pieces += [gap, token.text]
    return "".join(pieces)
