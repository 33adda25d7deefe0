"""Which rule the change of a whole statement falls under."""

import ast

from reference.rules.nodes import called, jumps


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
        assigned = (ast.Assign, ast.AugAssign)
        if isinstance(old, assigned) and isinstance(new, assigned):
            return "WPC201"
        if isinstance(old, ast.If | ast.While) and isinstance(new, ast.If | ast.While):
            return "WPC104" if type(old) is type(new) else "WPC105"
        return "WPC801"
    if isinstance(one, ast.If):
        return "WPC104"
    if jumps(one):
        return "WPC105"
    if isinstance(one, ast.Expr) and called(one.value) == "print":
        return "WPC501"
    return "WPC801"


def adds_case(old: ast.AST | None, new: ast.AST | None) -> bool:
    """Whether what always ran is now what runs otherwise."""
    return (
        isinstance(new, ast.If)
        and old is not None
        and list(map(ast.dump, new.orelse)) == [ast.dump(old)]
    )
