"""Constants: numbers, texts, truth values."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator


@operator("number", ast.Constant)
def number(site: Site) -> Iterator[Change]:
    """Another integer: one more, one less, of another size, or one from the program."""
    value = site.node.value
    if type(value) is not int:
        return
    near = {
        "+1": value + 1,
        "-1": value - 1,
        "0": 0,
        "1": 1,
        "2": 2,
        "+2": value + 2,
        "x10": value * 10,
        "by 10": value // 10,
        "x2": value * 2,
        "negative": -value,
        "-1 itself": -1,
    }
    seen = {value}
    for variant, other in near.items():
        if other not in seen:
            seen.add(other)
            yield variant, _replaced(site, other)
    for other in site.ingredients.numbers:
        if other not in seen:
            seen.add(other)
            yield "known", site.program.replace(site.node, str(other))
    if 10 <= value <= 64:
        for power in ("40", "61"):
            yield "bits", site.program.replace(site.node, power)
    if value >= 99 or value == 0:
        for text in ("float('inf')", "10**9", "10**18"):
            yield "huge", site.program.replace(site.node, text)
    for name, kind in site.ingredients.variables(site.node).items():
        if kind in ("number", "any"):
            yield f"variable {kind}", site.program.replace(site.node, name)


def _replaced(site: Site, value: int) -> TextEdit:
    """Put another integer in; where that is 0, leave `n` instead of `n - 0`."""
    program = site.program
    parent = program.parents.get(site.node)
    match parent:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=site.node) if value == 0:
            # Not the left side's source, which lacks its parentheses.
            sign = "+" if isinstance(parent.op, ast.Add) else "-"
            at = program.find(sign, left, site.node)
            if at is not None:
                kept = program.text[:at].rstrip(" ")  # not a line's end: a comment may be before it
                return TextEdit(len(kept), program.span(parent)[1], "")
    return program.replace(site.node, str(value) if value >= 0 else f"({value})")


@operator("number", ast.Constant)
def fraction(site: Site) -> Iterator[Change]:
    """Another floating-point number."""
    value = site.node.value
    if type(value) is float:
        for variant, factor in (
            ("x10", 10.0),
            ("by 10", 0.1),
            ("x2", 2.0),
            ("by 2", 0.5),
            ("by 100", 0.01),
        ):
            yield variant, site.program.replace(site.node, repr(value * factor))


@operator("truth", ast.Constant)
def truth(site: Site) -> Iterator[Change]:
    """`True` for `False`."""
    if isinstance(site.node.value, bool):
        yield "inverted", site.program.replace(site.node, str(not site.node.value))


@operator("text", ast.Constant)
def text(site: Site) -> Iterator[Change]:
    """Another text: other case, a space or mark more or less, or one that the problem names."""
    value = site.node.value
    parent = site.program.parents.get(site.node)
    if not isinstance(value, str) or isinstance(parent, ast.Expr | ast.JoinedStr):
        return
    source = site.program.source(site.node)
    if source[:1] not in "'\"" or source[:3] in ("'''", '"""') or "\\" in source:
        return
    quote = source[0]
    seen = {value}
    for word in site.ingredients.words:
        if word not in seen and quote not in word and "\\" not in word:
            seen.add(word)
            alike = word.lower() == value.lower().strip(" .!?")
            yield (
                "same word" if alike else "expected",
                site.program.replace(site.node, f"{quote}{word}{quote}"),
            )
    variants = {
        "upper": value.upper(),
        "lower": value.lower(),
        "capital": value.capitalize(),
        "strip": value.strip(),
        "chop": value[:-1],
        "space": value + " ",
        "only space": " ",
        "empty": "",
        "full stop": value + ".",
        "exclamation": value + "!",
    }
    for variant, other in variants.items():
        if other not in seen:
            seen.add(other)
            yield variant, site.program.replace(site.node, f"{quote}{other}{quote}")
