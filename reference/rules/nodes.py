"""What nodes of a syntax tree are, as far as the rules ask."""

import ast
from types import UnionType


def called(node: ast.AST | None) -> str:
    """Return the name of the function or method that a node calls; empty for other nodes."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.func.id
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
    return ""


def reads(node: ast.AST | None) -> bool:
    """Whether a node reads input."""
    return node is not None and any(
        called(inner) in ("input", "readline", "readlines") for inner in ast.walk(node)
    )


def jumps(node: ast.AST | None) -> bool:
    """Whether a statement leaves a loop, a function or the program."""
    if isinstance(node, ast.Expr):
        return called(node.value) in ("exit", "quit")
    return isinstance(node, ast.Break | ast.Continue | ast.Return)


def is_literal(node: ast.AST | None) -> bool:
    """Whether a node is a constant, with or without a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        node = node.operand
    return isinstance(node, ast.Constant)


def holds(node: ast.AST, part: ast.AST | None) -> bool:
    """Whether a tree holds another one."""
    wanted = part and ast.dump(part)
    return any(ast.dump(inner) == wanted for inner in ast.walk(node))


def same_nodes(old: ast.AST, new: ast.AST, kind: UnionType | type[ast.AST]) -> bool:
    """Whether two trees hold the same nodes of a kind, in whatever order."""
    first, second = (
        sorted(ast.dump(node) for node in ast.walk(tree) if isinstance(node, kind))
        for tree in (old, new)
    )
    return first == second


def same_letters(old: ast.AST | None, new: ast.AST | None) -> bool:
    """Whether two texts differ only in their form: case, spaces, punctuation."""
    texts = [
        "".join(filter(str.isalnum, node.value)).casefold()
        for node in (old, new)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return len(texts) == 2 and texts[0] == texts[1]


def divides(node: ast.AST, kind: type[ast.operator]) -> bool:
    """Whether a division of a kind is all that is calculated, but for making it an integer."""
    if isinstance(node, ast.Call) and called(node) in ("int", "floor", "round") and node.args:
        node = node.args[0]
    return isinstance(node, ast.BinOp) and isinstance(node.op, kind)
