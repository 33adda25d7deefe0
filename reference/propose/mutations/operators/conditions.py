"""Comparisons, `and`, `or`, `not`, and conditions that say too much or too little."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator

SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_ORDER = ("<", "<=", ">", ">=", "==", "!=")
_OPPOSITE = {"in": "not in", "not in": "in", "is": "is not", "is not": "is"}


@operator("relation", ast.Compare)
def relation(site: Site) -> Iterator[Change]:
    """`<` for `<=`, `==` for `!=`, `in` for `not in`."""
    compare = site.node
    operands = [compare.left, *compare.comparators]
    for place, op in enumerate(compare.ops):
        symbol = SYMBOLS[type(op)]
        at = site.program.find(symbol, operands[place], operands[place + 1])
        if at is None:
            continue
        others = [_OPPOSITE[symbol]] if symbol in _OPPOSITE else _ORDER
        for other in others:
            if other != symbol:
                yield f"{symbol}→{other}", TextEdit(at, at + len(symbol), other)


@operator("operands", ast.Compare)
def exchanged(site: Site) -> Iterator[Change]:
    """`b < a` for `a < b`."""
    compare = site.node
    if len(compare.ops) == 1 and isinstance(compare.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        right = compare.comparators[0]
        yield (
            "exchanged",
            (
                site.program.replace(compare.left, site.program.source(right)),
                site.program.replace(right, site.program.source(compare.left)),
            ),
        )


@operator("logic", ast.BoolOp)
def connective(site: Site) -> Iterator[Change]:
    """`and` for `or`."""
    bool_op = site.node
    word, other = ("and", "or") if isinstance(bool_op.op, ast.And) else ("or", "and")
    for left, right in zip(bool_op.values, bool_op.values[1:], strict=False):
        at = site.program.find(word, left, right)
        if at is not None:
            yield f"{word}→{other}", TextEdit(at, at + len(word), other)


@operator("condition", ast.BoolOp)
def dropped(site: Site) -> Iterator[Change]:
    """One condition fewer."""
    values = site.node.values
    for place, value in enumerate(values):
        if len(values) == 2:
            yield "dropped", site.program.replace(site.node, site.program.source(values[1 - place]))
        elif place:
            yield (
                "dropped",
                TextEdit(site.program.span(values[place - 1])[1], site.program.span(value)[1], ""),
            )
        else:
            yield (
                "dropped",
                TextEdit(site.program.span(value)[0], site.program.span(values[1])[0], ""),
            )


@operator("condition", ast.If, ast.While, ast.IfExp)
def negated(site: Site) -> Iterator[Change]:
    """`not` added or taken away."""
    test = site.node.test
    text = site.program.source(test)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield "affirmed", site.program.replace(test, site.program.source(test.operand))
    elif isinstance(test, ast.Name | ast.Call | ast.Attribute | ast.Subscript):
        yield "negated", site.program.replace(test, f"not {text}")
    elif not isinstance(test, ast.Compare):
        yield "negated", site.program.replace(test, f"not ({text})")


@operator("condition", ast.If, ast.While)
def extended(site: Site) -> Iterator[Change]:
    """One more condition, from elsewhere in the program or about a variable in sight."""
    test = site.node.test
    text = site.program.source(test)
    mixed = isinstance(test, ast.BoolOp | ast.IfExp | ast.Lambda)
    for condition in site.ingredients.conditions:
        if condition in text:
            continue
        for word in ("and", "or"):
            kept = f"({text})" if mixed and f" {word} " not in text else text
            yield f"{word} known", site.program.replace(test, f"{kept} {word} {condition}")
    used = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    kinds = site.ingredients.variables(site.node)
    for name in sorted(used & kinds.keys()):
        if kinds[name] in ("number", "any"):
            for value in ("0", "1"):
                for word, symbol in (("or", "=="), ("and", "!="), ("and", ">")):
                    kept = f"({text})" if mixed and f" {word} " not in text else text
                    extra = f"{kept} {word} {name} {symbol} {value}"
                    yield f"{word} {symbol}", site.program.replace(test, extra)


@operator("condition", ast.If, ast.While, ast.IfExp)
def guarded(site: Site) -> Iterator[Change]:
    """`i > 0 and` or `i < len(a) and` before a condition that looks at `a[i]`, or `a and`."""
    test = site.node.test
    text = site.program.source(test)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        text = f"({text})"
    for variant, guard in _guards(site, test):
        if not site.program.source(test).startswith(guard):
            yield f"guarded {variant}", site.program.replace(test, f"{guard} and {text}")


def _guards(site: Site, test: ast.expr) -> Iterator[tuple[str, str]]:
    """Yield conditions under which the elements that a test looks at exist."""
    seen: set[str] = set()
    for node in ast.walk(test):
        if not isinstance(node, ast.Subscript):
            continue
        sequence, index = site.program.source(node.value), node.slice
        found: list[tuple[str, str]] = []
        if isinstance(index, ast.Constant) and type(index.value) is int and index.value >= 0:
            found.append(("length", f"len({sequence}) > {index.value}"))
        if isinstance(index, ast.Constant | ast.UnaryOp):
            found.append(("not empty", sequence))
        elif not isinstance(index, ast.Slice):
            place = site.program.source(index)
            found.append(("within", f"{place} < len({sequence})"))
            if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Sub):
                found.append(("from zero", f"{place} >= 0"))
            elif isinstance(index, ast.Name):
                found += [("from zero", f"{place} >= 0"), ("from one", f"{place} > 0")]
            found.append(("known", f"{place} in {sequence}"))
        for variant, guard in found:
            if guard not in seen:
                seen.add(guard)
                yield variant, guard
