"""Arithmetic: operators, operands, division and rounding."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator

SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_OTHERS = {
    "+": ("-", "*", "|"),
    "-": ("+", "*"),
    "*": ("+", "**", "//", "-"),
    "/": ("//", "%", "*"),
    "//": ("/", "%", "*"),
    "%": ("//", "/", "*"),
    "**": ("*",),
    "&": ("|", "^"),
    "|": ("&", "^"),
    "^": ("**", "|", "&"),
    "<<": (">>", "*"),
    ">>": ("<<", "//"),
}


@operator("arithmetic", ast.BinOp)
def symbol(site: Site) -> Iterator[Change]:
    """`+` for `-`, `//` for `/`."""
    binary = site.node
    text = SYMBOLS.get(type(binary.op))
    if text is None:
        return
    at = site.program.find(text, binary.left, binary.right)
    if at is not None:
        for other in _OTHERS[text]:
            yield f"{text}→{other}", TextEdit(at, at + len(text), other)


@operator("operands", ast.BinOp)
def operands(site: Site) -> Iterator[Change]:
    """One operand too many, or the two in the wrong order."""
    program, binary = site.program, site.node
    left, right = program.source(binary.left), program.source(binary.right)
    yield "left only", program.replace(binary, left)
    yield "right only", program.replace(binary, right)
    if isinstance(binary.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow):
        simple = (ast.Name, ast.Constant, ast.Call, ast.Subscript)
        if isinstance(binary.left, simple) and isinstance(binary.right, simple):
            yield (
                "exchanged",
                (program.replace(binary.left, right), program.replace(binary.right, left)),
            )


@operator("division", ast.BinOp)
def rounding(site: Site) -> Iterator[Change]:
    """Division that rounds up, down, or to the nearest."""
    program, binary = site.program, site.node
    if not isinstance(binary.op, ast.Div | ast.FloorDiv):
        return
    left, right = program.source(binary.left), program.source(binary.right)
    yield "up", program.replace(binary, f"-(-({left}) // ({right}))")
    if isinstance(binary.op, ast.FloorDiv):
        yield "to even", program.replace(binary, f"round({left} / {right})")
        yield "dividend plus one", program.replace(binary.left, f"({left} + 1)")


@operator("grouping", ast.BinOp)
def grouping(site: Site) -> Iterator[Change]:
    """`(a + b) * c` for `a + b * c`, and the other way round."""
    program, binary = site.program, site.node
    tight = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
    loose = (ast.Add, ast.Sub)
    if isinstance(binary.op, loose) and isinstance(binary.right, ast.BinOp):
        inner = binary.right
        if isinstance(inner.op, tight):
            start = program.span(binary.left)[0]
            end = program.span(inner.left)[1]
            yield "grouped", (TextEdit(start, start, "("), TextEdit(end, end, ")"))
    if isinstance(binary.op, loose) and isinstance(binary.left, ast.BinOp):
        inner = binary.left
        if isinstance(inner.op, tight):
            start = program.span(inner.right)[0]
            end = program.span(binary.right)[1]
            yield "grouped", (TextEdit(start, start, "("), TextEdit(end, end, ")"))
    if isinstance(binary.op, tight) and isinstance(binary.left, ast.BinOp):
        inner = binary.left
        if isinstance(inner.op, tight) and program.source(binary).startswith(program.source(inner)):
            start, end = program.span(inner.right)[0], program.span(binary.right)[1]
            yield "grouped later", (TextEdit(start, start, "("), TextEdit(end, end, ")"))
    if isinstance(binary.op, tight):
        for side in (binary.left, binary.right):
            if isinstance(side, ast.BinOp) and isinstance(side.op, loose):
                start, end = program.span(side)
                text = program.text
                before, after = start - 1, end
                if text[before : before + 1] == "(" and text[after : after + 1] == ")":
                    yield (
                        "ungrouped",
                        (TextEdit(before, start, ""), TextEdit(after, after + 1, "")),
                    )


@operator("sign", ast.UnaryOp)
def sign(site: Site) -> Iterator[Change]:
    """A minus or a `not` too many."""
    if isinstance(site.node.op, ast.USub | ast.Not):
        yield "dropped", site.program.replace(site.node, site.program.source(site.node.operand))


@operator("modulus", ast.Assign, ast.AugAssign, ast.Return)
def modulus(site: Site) -> Iterator[Change]:
    """A remainder that was forgotten, where the program knows a modulus."""
    value = site.node.value
    if not isinstance(value, ast.BinOp | ast.Call) or _is_modulo(value):
        return
    for modulo in _moduli(site):
        if isinstance(site.node, ast.AugAssign):
            end = site.program.span(site.node)[1]
            target = site.program.source(site.node.target)
            indent = " " * site.node.col_offset
            yield "statement", TextEdit(end, end, f"\n{indent}{target} %= {modulo}")
        else:
            text = site.program.source(value)
            yield "wrapped", site.program.replace(value, f"({text}) % {modulo}")


@operator("modulus", ast.Call)
def modulus_printed(site: Site) -> Iterator[Change]:
    """The same where the result is printed."""
    call = site.node
    if isinstance(call.func, ast.Name) and call.func.id == "print" and len(call.args) == 1:
        value = call.args[0]
        if not isinstance(value, ast.Starred) and not _is_modulo(value):
            text = site.program.source(value)
            if not isinstance(value, ast.Name | ast.Call | ast.Subscript):
                text = f"({text})"
            for modulo in _moduli(site):
                yield "printed", site.program.replace(value, f"{text} % {modulo}")


def _moduli(site: Site) -> list[str]:
    """Return what the program may compute remainders by."""
    names = [
        name for name in site.ingredients.variables(site.node) if name.lower().startswith("mod")
    ]
    large = [str(number) for number in site.ingredients.numbers if number > 10**8]
    return [*names, *large][:3]


@operator("scale", ast.Name, ast.Call, ast.Subscript, ast.BinOp)
def scale(site: Site) -> Iterator[Change]:
    """Twice a result, or half of it."""
    node = site.node
    parent = site.program.parents.get(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    if isinstance(parent, ast.Call):
        function = parent.func
        if not isinstance(function, ast.Name) or function.id not in ("print", "range"):
            return
        if function is node:
            return
    elif not isinstance(parent, ast.Assign | ast.AugAssign | ast.Return):
        return
    text = site.program.source(node)
    group = f"({text})" if isinstance(node, ast.BinOp) else text
    yield "half", site.program.replace(node, f"{group} // 2")
    yield "twice", site.program.replace(node, f"{group} * 2")


def _is_modulo(value: ast.expr) -> bool:
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod)


@operator("assignment", ast.AugAssign)
def augmented(site: Site) -> Iterator[Change]:
    """`-=` for `+=`, or a plain `=`."""
    assign = site.node
    text = SYMBOLS.get(type(assign.op))
    at = None if text is None else site.program.find(f"{text}=", assign.target, assign.value)
    if text is None or at is None:
        return
    for other in (*_OTHERS[text], ""):
        yield f"{text}=→{other}=", TextEdit(at, at + len(text) + 1, f"{other}=")


@operator("assignment", ast.Assign)
def plain(site: Site) -> Iterator[Change]:
    """`+=` for `=`."""
    assign = site.node
    if len(assign.targets) == 1 and isinstance(assign.targets[0], ast.Name | ast.Subscript):
        at = site.program.find("=", assign.targets[0], assign.value)
        if at is not None:
            for other in ("+", "-", "*"):
                yield f"=→{other}=", TextEdit(at, at + 1, f"{other}=")
