"""Programs written as one function, laid out as a plain sequence of statements, too."""

import ast
from collections.abc import Iterator


def unwrapped(text: str) -> Iterator[str]:
    """Yield a program, and where it is one `main()` and its call, also without the function."""
    yield text
    tree = ast.parse(text)
    called = [node for node in tree.body if _is_call(node)]
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(called) != 1 or not mains:
        return
    name = _called_name(called[0])
    main = next((node for node in mains if node.name == name), None)
    if main is None or main.args.args or _leaves(main):
        return
    body = [node for node in tree.body if node is not main and node is not called[0]]
    tree.body = [*body, *main.body]
    yield ast.unparse(tree)


def _is_call(node: ast.stmt) -> bool:
    return _called_name(node) is not None


def _called_name(node: ast.stmt) -> str | None:
    """Return `main` for `main()` and for `if __name__ == "__main__": main()`."""
    if isinstance(node, ast.If) and len(node.body) == 1 and "__name__" in ast.dump(node.test):
        node = node.body[0]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Name) and not call.args and not call.keywords:
            return call.func.id
    return None


def _leaves(function: ast.FunctionDef) -> bool:
    """Whether a function returns early or changes names of the module."""
    return any(
        isinstance(node, ast.Return | ast.Global | ast.Nonlocal | ast.Yield)
        for node in ast.walk(function)
    )
