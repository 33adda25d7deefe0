"""Which rule the change of a whole statement falls under."""

import ast
from collections.abc import Sequence

from reference.rules.nodes import called, jumps

_MANY = 5  # statements in the place of one that make a rewrite


def statement_rule(old: ast.AST | None, new: ast.AST | None) -> str:
    """Return the rule of a statement that was replaced, added (no `old`) or removed (no `new`)."""
    one = old if new is None else new
    if isinstance(old, ast.AugAssign) and isinstance(new, ast.AugAssign):
        return "WPC201"
    if old is not None and new is not None:
        if jumps(old) and jumps(new):
            return "WPC105"
        if adds_case(old, new):
            return "WPC104"
        if isinstance(old, ast.If) and _are_alike(old.body, [new]):
            return "WPC103"  # without its condition
        assigned = (ast.Assign, ast.AugAssign)
        if isinstance(old, assigned) and isinstance(new, assigned):
            return "WPC201"
        if isinstance(old, ast.If | ast.While) and isinstance(new, ast.If | ast.While):
            return "WPC104" if type(old) is type(new) else "WPC105"
        return "WPC900" if _statements(new) >= _MANY else "WPC801"
    if isinstance(one, ast.If):
        return "WPC104"
    if jumps(one):
        return "WPC105"
    if isinstance(one, ast.Expr) and called(one.value) == "print":
        return "WPC501"
    return "WPC801"


def adds_case(old: ast.AST | None, new: ast.AST | None) -> bool:
    """Whether what always ran now runs in one of two cases."""
    if not isinstance(new, ast.If) or old is None:
        return False
    return _are_alike(new.body, [old]) or _are_alike(new.orelse, [old])


def _are_alike(first: Sequence[ast.AST], second: Sequence[ast.AST]) -> bool:
    return list(map(ast.dump, first)) == list(map(ast.dump, second))


def _statements(node: ast.AST) -> int:
    return sum(isinstance(inner, ast.stmt) for inner in ast.walk(node))
