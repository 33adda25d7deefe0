"""One too many, one too few: expressions, indices, slices."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator

_TIGHT = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


@operator("offset", ast.Name, ast.Call, ast.Subscript, ast.BinOp, ast.Attribute)
def offset(site: Site) -> Iterator[Change]:
    """One added to, or taken from, a value that is compared, counted, indexed or printed."""
    node = site.node
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    parent = site.program.parents.get(node)
    role = _role(node, parent)
    if role is None:
        return
    text = site.program.source(node)
    grouped = isinstance(parent, ast.BinOp) and isinstance(parent.op, (*_TIGHT, ast.Sub))
    for step in ("+ 1", "- 1"):
        changed = f"{text} {step}"
        yield f"{role} {step}", site.program.replace(node, f"({changed})" if grouped else changed)


def _role(node: ast.expr, parent: ast.AST | None) -> str | None:
    """Where a value stands, if numbers usually stand there."""
    if isinstance(parent, ast.Compare):
        return "compared"
    if isinstance(parent, ast.Subscript) and parent.slice is node:
        return "index"
    if isinstance(parent, ast.Slice):
        return "slice"
    if isinstance(parent, ast.Assign | ast.AugAssign) and parent.value is node:
        return "assigned"
    if isinstance(parent, ast.Return):
        return "returned"
    if isinstance(parent, ast.BinOp) and isinstance(node, ast.Name | ast.Call):
        return "operand"
    if isinstance(parent, ast.Call) and node in parent.args and isinstance(parent.func, ast.Name):
        known = {"range": "counted", "print": "printed", "max": "chosen", "min": "chosen"}
        return known.get(parent.func.id, "argument")
    if isinstance(parent, ast.IfExp) and node is not parent.test:
        return "chosen"
    return None


@operator("offset", ast.BinOp)
def offset_changed(site: Site) -> Iterator[Change]:
    """`n` for `n - 1` and `n + 1`, `n - 1` for `n + 1`."""
    binary = site.node
    one = isinstance(binary.right, ast.Constant) and binary.right.value == 1
    if one and isinstance(binary.op, ast.Add | ast.Sub):
        yield "dropped", site.program.replace(binary, site.program.source(binary.left))


@operator("index", ast.Subscript)
def end_of_sequence(site: Site) -> Iterator[Change]:
    """The last element for the first, and the first for the last."""
    index = site.node.slice
    if isinstance(index, ast.Constant) and type(index.value) is int:
        for other in ("0", "-1", "1", "-2"):
            if other != str(index.value):
                yield "end", site.program.replace(index, other)
    elif isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
        yield "end", site.program.replace(index, "0")
    elif not isinstance(index, ast.Slice):
        yield "end", site.program.replace(index, "-1")


@operator("slice", ast.Subscript)
def slice_bounds(site: Site) -> Iterator[Change]:
    """Other bounds of a slice."""
    part = site.node.slice
    if not isinstance(part, ast.Slice):
        return
    program = site.program
    start = program.text.index("[", program.span(site.node.value)[1])
    end = program.span(site.node)[1]
    lower, upper, step = (
        program.source(bound) if bound else "" for bound in (part.lower, part.upper, part.step)
    )
    forms = {
        "no lower": ("", upper, step),
        "no upper": (lower, "", step),
        "no step": (lower, upper, ""),
        "from one": ("1", upper, step),
        "to last": (lower, "-1", step),
        "reversed": (lower, upper, "-1"),
        "one more": (lower, _plus(upper, 1), step) if upper else None,
        "one fewer": (lower, _plus(upper, -1), step) if upper else None,
        "later": (_plus(lower, 1), upper, step) if lower else None,
        "earlier": (_plus(lower, -1), upper, step) if lower else None,
    }
    for variant, form in forms.items():
        if form is not None and form != (lower, upper, step):
            text = ":".join(form[:2]) + (f":{form[2]}" if form[2] else "")
            yield variant, TextEdit(start, end, f"[{text}]")


@operator("slice", ast.Name)
def slice_added(site: Site) -> Iterator[Change]:
    """A part of a sequence where the whole stands."""
    name = site.node
    kinds = site.ingredients.variables(name)
    parent = site.program.parents.get(name)
    iterated = isinstance(parent, ast.For | ast.comprehension) and parent.iter is name
    passed = isinstance(parent, ast.Call) and name in parent.args
    if (
        kinds.get(name.id) in ("sequence", "text", "any")
        and isinstance(name.ctx, ast.Load)
        and (iterated or passed)
    ):
        for part in ("[1:]", "[:-1]", "[::-1]"):
            yield f"added {part}", site.program.replace(name, f"{name.id}{part}")


def _plus(bound: str, step: int) -> str:
    if bound.lstrip("-").isdigit():
        return str(int(bound) + step)
    for suffix in (" + 1", " - 1", "+1", "-1"):
        if bound.endswith(suffix) and ("-" in suffix) == (step > 0):
            return bound[: -len(suffix)]
    return f"{bound} {'+' if step > 0 else '-'} 1"
