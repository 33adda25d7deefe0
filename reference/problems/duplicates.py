"""Recognise programs that are the same up to names, comments and formatting."""

import ast
import hashlib


def canonical(code: str) -> str:
    """Return a text that programs differing only in names, comments and formatting share.

    Every name that the program binds becomes `v0`, `v1` and so on; names it does not bind
    (built-ins, modules, attributes) stay.

    Raises
    ------
    SyntaxError
        If `code` is not Python.
    """
    tree = ast.parse(code)
    names = {name: f"v{index}" for index, name in enumerate(_bound_names(tree))}
    return ast.unparse(_Renamer(names).visit(tree))


def file_name(form: str) -> str:
    """Return the file name under which a solution with this canonical form is kept."""
    return f"added_{hashlib.sha256(form.encode()).hexdigest()[:12]}.py"


def _bound_names(tree: ast.AST) -> list[str]:
    """List the names the program binds, in the order of the syntax tree, without repetition."""
    bound: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.setdefault(node.name)
        elif isinstance(node, ast.arg):
            bound.setdefault(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.setdefault(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.setdefault(node.name)
    return list(bound)


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("name", "arg", "id"):
            name = getattr(node, field, None)
            if isinstance(name, str) and not isinstance(node, ast.alias | ast.keyword):
                setattr(node, field, self._names.get(name, name))
        return super().generic_visit(node)
