"""Put a piece of another program where a piece of like purpose was.

People's errors are often not slips but other ideas: another condition, another formula. Programs
for the same problem, or other lines of the same program, hold such ideas.
"""

import ast
import builtins
import random
import re
from collections import defaultdict
from collections.abc import Iterator

from reference.training.text_edit import Program, TextEdit

_LONGEST_LINES = 8
_OUTPUT = ("print", "append", "add")


def grafts(program: Program, donor: str, rng: random.Random) -> list[TextEdit]:
    """Return edits that put a piece of `donor` into a program, its variables' names made to fit.

    Their family is "graft". A donor that is no program gives none.
    """
    try:
        tree = ast.parse(donor)
    except (SyntaxError, ValueError, RecursionError):
        return []
    pieces: defaultdict[str, list[ast.AST]] = defaultdict(list)
    for role, piece in _pieces(tree):
        pieces[role].append(piece)
    edits = []
    for role, piece in _pieces(program.tree):
        if pieces[role]:
            text = _fitted(rng.choice(pieces[role]), program, rng)
            edit = _replacement(program, piece, text)
            if edit is not None:
                edits.append(edit)
    return edits


def _pieces(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield parts of a program with what they are for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            yield "condition", node.test
        if isinstance(node, ast.For | ast.comprehension):
            yield "series", node.iter
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value is not None:
            if not _reads_input(node):
                yield "value", node.value
                yield "statement", node
        elif isinstance(node, ast.Call) and len(node.args) == 1:
            function = node.func
            name = getattr(function, "id", None) or getattr(function, "attr", "")
            if name in _OUTPUT:
                yield "output", node.args[0]
        elif isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple):
            yield "index", node.slice
        if (
            isinstance(node, ast.If | ast.For | ast.While)
            and (node.end_lineno or node.lineno) - node.lineno < _LONGEST_LINES
            and not _reads_input(node)
        ):
            yield type(node).__name__, node


def _reads_input(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id in ("input", "open", "sys")
        for part in ast.walk(node)
    )


def _fitted(piece: ast.AST, program: Program, rng: random.Random) -> str:
    """Return a piece's text, with variables that `program` lacks replaced by some that it has."""
    text = ast.unparse(piece)
    names = {node.id for node in ast.walk(piece) if isinstance(node, ast.Name)}
    for name in sorted(names):
        if name not in program.variables and not hasattr(builtins, name) and program.variables:
            text = re.sub(rf"\b{name}\b", rng.choice(program.variables), text)
    return text


def _replacement(program: Program, piece: ast.AST, text: str) -> TextEdit | None:
    if isinstance(piece, ast.expr):
        return program.replace("graft", piece, text)
    assert isinstance(piece, ast.stmt)
    start, end = program.whole_lines(piece)
    indentation = program.code[start : program.start(piece)]
    if indentation.strip() or "\n" in program.code[program.end(piece) : end].rstrip("\n"):
        return None
    lines = [f"{indentation}{line}\n" for line in text.split("\n")]
    return TextEdit("graft", start, end, "".join(lines))
