"""Put a piece of another program where a piece of like purpose was.

People's errors are often not slips but other ideas: another condition, another formula. Programs
for the same problem, or other lines of the same program, hold such ideas.
"""

import ast
import builtins
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reference.model.prompt import split_lines
from reference.training.restyle import uniform
from reference.training.text_edit import Program, TextEdit

_LONGEST_LINES = 8
_LONGEST_HUNK = 10
_DONORS = 4
_TRIES = 8
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


def transplant(code: str, donors: Sequence[str], rng: random.Random) -> tuple[str, str] | None:
    """Bring another program's way of doing a part of the task into a program.

    Returns the result and the program, both with uniform names, or None. One or two of the hunks
    are taken in which the program differs from the most similar of a few donors.
    """
    plain = uniform(code)
    others = [uniform(donor) for donor in rng.sample(donors, min(_DONORS, len(donors)))]
    lines = plain.split("\n")
    likest = max(
        (other for other in others if other != plain),
        key=lambda other: SequenceMatcher(None, lines, other.split("\n"), autojunk=False).ratio(),
        default=None,
    )
    if likest is None:
        return None
    hunks = [hunk for hunk in _difference(plain, likest) if hunk.size <= _LONGEST_HUNK]
    for _ in range(_TRIES * bool(hunks)):
        chosen = rng.sample(hunks, min(rng.choice((1, 1, 2, 3)), len(hunks)))
        wrong = _applied(plain, sorted(chosen, key=lambda hunk: hunk.start))
        if _names_are_known(wrong):
            return wrong, plain
    return None


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Replacement of the lines from `start` up to but not including `stop` (0-based)."""

    start: int
    stop: int
    lines: tuple[str, ...]

    @property
    def size(self) -> int:
        return max(self.stop - self.start, len(self.lines))


def _difference(wrong: str, fixed: str) -> list[_Hunk]:
    """Return the hunks that turn one program into another."""
    old, new = split_lines(wrong), split_lines(fixed)
    return [
        _Hunk(start, stop, tuple(new[new_start:new_stop]))
        for tag, start, stop, new_start, new_stop in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes()
        if tag != "equal"
    ]


def _applied(code: str, hunks: Sequence[_Hunk]) -> str:
    """Return the program with its lines replaced; hunks are in the order of the text."""
    lines = split_lines(code)
    for hunk in reversed(hunks):
        lines[hunk.start : hunk.stop] = hunk.lines
    return "\n".join(lines) + "\n"


def _names_are_known(code: str) -> bool:
    """Say whether a text is a program that gives every name it uses a value somewhere."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return False
    used, known = set[str](), set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else known).add(node.id)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            known.add(node.name)
        elif isinstance(node, ast.alias):
            known.add((node.asname or node.name).split(".")[0])
            if node.name == "*":
                return True
    return used <= known


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
