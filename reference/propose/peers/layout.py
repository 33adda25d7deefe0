"""A program in the usual layout, its expressions as they were written."""

import ast
from itertools import zip_longest

from reference.edits.lines import Line, logical_lines

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def tidied(text: str) -> str:
    """Return a program with the usual blanks and indentation, and without comments.

    As `ast.unparse` prints it, but for lines where that adds or drops parentheses.

    Raises
    ------
    SyntaxError
        Where the text is no program.
    """
    tree = ast.parse(text)
    printed = ast.unparse(tree)
    rows = []
    for own, line in zip_longest(logical_lines(text), logical_lines(printed)):
        if own is None or line is None or own.depth != line.depth:
            return f"{printed}\n"
        same = own.words == line.words
        rows.append("    " * own.depth + (_text(printed, line) if same else _text(text, own)))
    tidy = "\n".join(rows) + "\n"
    return tidy if ast.dump(ast.parse(tidy)) == ast.dump(tree) else f"{printed}\n"


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
