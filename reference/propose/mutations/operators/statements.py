"""Statements: one too many, one missing, in the wrong place or at the wrong depth."""

import ast
from collections.abc import Iterator

from reference.edits import Program, TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator

_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Break, ast.Continue, ast.Return)
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)
_IN_PLACE = frozenset(
    ("append", "extend", "insert", "remove", "sort", "reverse", "add", "discard", "update")
)


@operator("statement", ast.stmt)
def statement(site: Site) -> Iterator[Change]:
    """A statement deleted, moved past its neighbour, or moved in or out of a block."""
    node, program = site.node, site.program
    if not _stands_alone(program, node):
        return
    block = _block(program, node)
    place = block.index(node)
    start, end = _lines(program, node)
    if isinstance(node, _SIMPLE) or (isinstance(node, ast.If) and not node.orelse):
        kind = type(node).__name__.lower()
        if len(block) > 1:
            yield f"deleted {kind}", TextEdit(start, end, "")
        else:
            yield f"deleted {kind}", program.replace(node, "pass")
    after = block[place + 1] if place + 1 < len(block) else None
    if after is not None and _stands_alone(program, after):
        below = _lines(program, after)
        if isinstance(node, _SIMPLE) or isinstance(after, _SIMPLE):
            moved = _closed(program.text[below[0] : below[1]]) + program.text[start:end].rstrip(
                "\n"
            )
            tail = "\n" if program.text[below[1] - 1 : below[1]] == "\n" else ""
            yield "exchanged", TextEdit(start, below[1], moved + tail)
        if isinstance(node, ast.For | ast.While | ast.If) and isinstance(after, _SIMPLE):
            yield "moved in", _indented(program, after, _indent(program, node.body[0]))
    if isinstance(node, ast.For | ast.While | ast.If):
        last = (node.orelse or node.body)[-1]
        inner = node.orelse or node.body
        if len(inner) > 1 and _stands_alone(program, last):
            yield "moved out", _indented(program, last, _indent(program, node))


@operator("statement", ast.Return, ast.Assign)
def in_place(site: Site) -> Iterator[Change]:
    """`x.sort()` for `x = x.sort()`, and with `return x` for `return x.sort()`: it gives None."""
    node, program = site.node, site.program
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return
    changed = call.func.value
    if call.func.attr not in _IN_PLACE or not isinstance(changed, _PLACES):
        return
    (first, last), (start, end) = program.span(node), program.span(call)
    parenthesised = end != last or program.span(changed)[0] != start
    if parenthesised or not _stands_alone(program, node):
        return
    alone = TextEdit(first, start, "")
    name = program.source(changed)
    if isinstance(node, ast.Return):
        returned = f"\n{_indent(program, node)}return {name}"
        yield "returned in place", (alone, TextEdit(end, end, returned))
    elif [program.source(target) for target in node.targets] == [name]:
        yield "assigned in place", alone


@operator("jump", ast.Break, ast.Continue, ast.Return)
def other_jump(site: Site) -> Iterator[Change]:
    """`break` for `continue`."""
    node = site.node
    if isinstance(node, ast.Break):
        yield "break→continue", site.program.replace(node, "continue")
    elif isinstance(node, ast.Continue):
        yield "continue→break", site.program.replace(node, "break")


@operator("jump", ast.Assign, ast.AugAssign, ast.Expr)
def jump_added(site: Site) -> Iterator[Change]:
    """`break`, `continue`, `return` or `exit()` forgotten at the end of a branch."""
    node, program = site.node, site.program
    block = _block(program, node)
    parent = program.parents.get(node)
    if block[-1] is not node or not isinstance(parent, ast.If | ast.For | ast.While):
        return
    if not _stands_alone(program, node):
        return
    indent = _indent(program, node)
    end = program.span(node)[1]
    words = ["break", "continue"] if _in_loop(program, node) else []
    printed = isinstance(node, ast.Expr)
    words += ["return"] if _in_function(program, node) else ["exit()"] if printed else []
    for word in words:
        yield f"{word} added", TextEdit(end, end, f"\n{indent}{word}")


@operator("branch", ast.If)
def branch(site: Site) -> Iterator[Change]:
    """`elif` for `if`, `if` for `elif`, `while` for `if`, branches exchanged, `else` dropped."""
    node, program = site.node, site.program
    start = program.span(node)[0]
    keyword = "elif" if program.text.startswith("elif", start) else "if"
    if keyword == "elif":
        yield "elif→if", TextEdit(start, start + 4, "if")
        return
    block = _block(program, node)
    place = block.index(node)
    before = block[place - 1] if place else None
    if isinstance(before, ast.If) and not _final_else(before):
        yield "if→elif", TextEdit(start, start + 2, "elif")
    if not node.orelse:
        yield "if→while", TextEdit(start, start + 2, "while")
    elif not isinstance(node.orelse[0], ast.If):
        body = _run(program, node.body)
        other = _run(program, node.orelse)
        if body and other and body[1] <= other[0]:
            first, second = program.text[slice(*body)], program.text[slice(*other)]
            yield "exchanged", (TextEdit(*body, second), TextEdit(*other, first))
            head = program.text.rfind("\n", 0, program.text.rfind("else", body[1], other[0]))
            yield "no else", TextEdit(head, other[1], "")


@operator("branch", ast.If)
def otherwise(site: Site) -> Iterator[Change]:
    """`else: break` or `else: continue` forgotten in a loop."""
    node, program = site.node, site.program
    if _final_else(node) or not _in_loop(program, node) or not _stands_alone(program, node.body[0]):
        return
    if program.text.startswith("elif", program.span(node)[0]):
        return
    outer, inner = _indent(program, node), _indent(program, node.body[0])
    end = program.span(node)[1]
    for word in ("break", "continue"):
        yield f"else {word}", TextEdit(end, end, f"\n{outer}else:\n{inner}{word}")


@operator("branch", ast.While)
def repeated(site: Site) -> Iterator[Change]:
    """`if` for `while`."""
    start = site.program.span(site.node)[0]
    if not site.node.orelse:
        yield "while→if", TextEdit(start, start + 5, "if")


@operator("initial", ast.For, ast.While)
def reset(site: Site) -> Iterator[Change]:
    """An assignment before a loop that belongs into it, and one in it that belongs before it."""
    node, program = site.node, site.program
    block = _block(program, node)
    place = block.index(node)
    if not _stands_alone(program, node.body[0]):
        return
    inner = _indent(program, node.body[0])
    body = program.line_start(node.body[0].lineno)
    for before in block[max(0, place - 3) : place]:
        if isinstance(before, ast.Assign) and _stands_alone(program, before):
            start, end = _lines(program, before)
            line = f"{inner}{program.source(before)}\n"
            yield "moved in", (TextEdit(start, end, ""), TextEdit(body, body, line))
            yield "repeated", TextEdit(body, body, line)
    first = node.body[0]
    if isinstance(first, ast.Assign) and len(node.body) > 1:
        start, end = _lines(program, first)
        head = program.line_start(node.lineno)
        line = f"{_indent(program, node)}{program.source(first)}\n"
        yield "moved out", (TextEdit(head, head, line), TextEdit(start, end, ""))


@operator("targets", ast.Tuple)
def targets(site: Site) -> Iterator[Change]:
    """Names of an unpacking in another order."""
    if isinstance(site.node.ctx, ast.Store):
        program = site.program
        for left, right in zip(site.node.elts, site.node.elts[1:], strict=False):
            yield (
                "exchanged",
                (
                    program.replace(left, program.source(right)),
                    program.replace(right, program.source(left)),
                ),
            )


def _block(program: Program, node: ast.stmt) -> list[ast.stmt]:
    parent = program.parents[node]
    for field in ("body", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if isinstance(block, list) and node in block:
            return block
    return [node]


def _stands_alone(program: Program, node: ast.stmt) -> bool:
    """Whether no other code stands on the statement's lines."""
    start, end = program.span(node)
    assert node.end_lineno is not None
    before = program.text[program.line_start(node.lineno) : start]
    rest = program.lines[node.end_lineno - 1]
    after = program.text[end : program.line_start(node.end_lineno) + len(rest)].strip()
    return not before.strip() and (not after or after.startswith("#"))


def _lines(program: Program, node: ast.stmt) -> tuple[int, int]:
    """Return the offsets of a statement's whole lines, the last line end included."""
    assert node.end_lineno is not None
    end = program.line_start(node.end_lineno) + len(program.lines[node.end_lineno - 1]) + 1
    return program.line_start(node.lineno), min(end, len(program.text))


def _run(program: Program, block: list[ast.stmt]) -> tuple[int, int] | None:
    """Return the offsets of a block's lines, without the last line end."""
    if not all(_stands_alone(program, node) for node in block):
        return None
    assert block[-1].end_lineno is not None
    last = block[-1].end_lineno
    end = program.line_start(last) + len(program.lines[last - 1])
    return program.line_start(block[0].lineno), end


def _indent(program: Program, node: ast.stmt) -> str:
    return program.text[program.line_start(node.lineno) : program.span(node)[0]]


def _indented(program: Program, node: ast.stmt, indent: str) -> TextEdit:
    start, end = _lines(program, node)
    old = len(_indent(program, node))
    lines = program.text[start:end].split("\n")
    changed = [f"{indent}{line[old:]}" if line.strip() else line for line in lines]
    return TextEdit(start, end, "\n".join(changed))


def _closed(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _final_else(node: ast.If) -> bool:
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
    return bool(node.orelse)


def _in_loop(program: Program, node: ast.AST) -> bool:
    place = program.parents.get(node)
    while place is not None and not isinstance(place, ast.FunctionDef):
        if isinstance(place, ast.For | ast.While):
            return True
        place = program.parents.get(place)
    return False


def _in_function(program: Program, node: ast.AST) -> bool:
    place = program.parents.get(node)
    while place is not None:
        if isinstance(place, ast.FunctionDef):
            return True
        place = program.parents.get(place)
    return False
