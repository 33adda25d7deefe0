"""Which rule a change within a statement falls under."""

import ast

from reference.rules.difference import Difference
from reference.rules.nodes import (
    called,
    divides,
    holds,
    is_literal,
    reads,
    same_letters,
    same_nodes,
)


def expression_rule(part: Difference) -> str:
    """Return the rule of a difference within a statement: that of the first check that knows it."""
    for check in (
        _comparison,
        _case,
        _logic,
        _initial,
        _offset,
        _call,
        _index,
        _arithmetic,
        _place,
        _value,
    ):
        rule = check(part)
        if rule:
            return rule
    return "WPC203"


def _comparison(part: Difference) -> str | None:
    if not (isinstance(part.old, ast.Compare) and isinstance(part.new, ast.Compare)):
        return None
    old, new = part.old, part.new
    sides, others = ([ast.dump(side) for side in (it.left, *it.comparators)] for it in (old, new))
    return "WPC101" if others in (sides, sides[::-1]) else "WPC103"


def _logic(part: Difference) -> str | None:
    old, new = part.old, part.new
    if isinstance(old, ast.BoolOp) and isinstance(new, ast.BoolOp):
        if [ast.dump(value) for value in old.values] == [ast.dump(value) for value in new.values]:
            return "WPC102"
        return "WPC103"
    negations = [
        node
        for node in (old, new)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    ]
    if isinstance(old, ast.BoolOp) or isinstance(new, ast.BoolOp) or negations:
        return "WPC103"
    if isinstance(part.parent, ast.If | ast.While) and part.old is getattr(
        part.parent, "test", None
    ):
        return "WPC103"
    return None


def _case(part: Difference) -> str | None:
    """Recognise a value that only some cases have: `x` is mended to `x if … else y`."""
    old, new = part.old, part.new
    if isinstance(new, ast.IfExp) and old is not None:
        branches = ast.dump(new.body), ast.dump(new.orelse)
        return "WPC104" if ast.dump(old) in branches else "WPC103"
    return "WPC103" if isinstance(old, ast.IfExp) else None


def _initial(part: Difference) -> str | None:
    """Recognise a value that a variable begins with; names of constants are upper case."""
    old, new, assignment = part.old, part.new, _assignment(part)
    if assignment is None or reads(new):
        return None
    constant = any(isinstance(name, ast.Name) and name.id.isupper() for name in assignment.targets)
    table = isinstance(old, ast.Constant) and isinstance(old.value, str) and old.value != ""
    begins = is_literal(old) or is_literal(new) or (isinstance(old, ast.Name) and old.id.isupper())
    return "WPC401" if begins and not (constant or table) else None


def _assignment(part: Difference) -> ast.Assign | None:
    """Return the assignment of the old value, as it is or as that of every element."""
    value = part.old
    for above in reversed(part.ancestors):
        if isinstance(above, ast.Assign):
            return above if above.value is value else None
        if value is None or not _repeats(above, value):
            return None
        value = above
    return None


def _repeats(container: ast.AST, value: ast.AST) -> bool:
    """Whether a list or dictionary holds nothing but a value, however often."""
    if isinstance(container, ast.BinOp):
        return isinstance(value, ast.List) and container.left is value
    if isinstance(container, ast.ListComp):
        return container.elt is value
    if not isinstance(container, ast.List | ast.Dict):
        return False
    values = container.values if isinstance(container, ast.Dict) else container.elts
    return {ast.dump(one) for one in values} == {ast.dump(value)}


def _offset(part: Difference) -> str | None:
    """Tell a step of one from other changes of a number."""
    old, new = part.old, part.new
    steps = _adds_small(old, new) or _adds_small(new, old) or _turns_step(old, new)
    near = (
        isinstance(old, ast.Constant)
        and isinstance(new, ast.Constant)
        and type(old.value) is type(new.value) is int
        and abs(old.value - new.value) == 1
    )
    if not (steps or near):
        return None
    if near and _index(part):
        return "WPC303"  # another element by its fixed place
    if any(isinstance(node, ast.Slice | ast.Subscript) for node in part.ancestors[-2:]):
        return "WPC301"
    counted = any(called(node) == "range" for node in part.ancestors[-3:])
    compares = [node for node in part.ancestors[-2:] if isinstance(node, ast.Compare)]
    equals = any(isinstance(op, ast.Eq | ast.NotEq) for node in compares for op in node.ops)
    if counted or (compares and not (near and equals)):
        return "WPC301"
    return None if near else "WPC203"


def _adds_small(old: ast.AST | None, new: ast.AST | None) -> bool:
    return (
        isinstance(new, ast.BinOp)
        and isinstance(new.op, ast.Add | ast.Sub)
        and old is not None
        and ast.dump(new.left) == ast.dump(old)
        and isinstance(new.right, ast.Constant)
        and new.right.value == 1
    )


def _turns_step(old: ast.AST | None, new: ast.AST | None) -> bool:
    return (
        isinstance(old, ast.BinOp)
        and isinstance(new, ast.BinOp)
        and {type(old.op), type(new.op)} == {ast.Add, ast.Sub}
        and ast.dump(old.left) == ast.dump(new.left)
        and ast.dump(old.right) == ast.dump(new.right)
        and isinstance(old.right, ast.Constant)
        and old.right.value == 1
    )


def _call(part: Difference) -> str | None:
    """Recognise a call around a value that is missing or one too many."""
    old, new = part.old, part.new
    for one, other in ((old, new), (new, old)):
        if not isinstance(one, ast.Call) or other is None:
            continue
        if reads(one) and called(one) != "print":
            continue
        if any(ast.dump(argument) == ast.dump(other) for argument in one.args):
            function = called(one)
            if function in ("range", "reversed"):
                return "WPC302"
            if function in ("int", "float", "round", "abs", "max", "min", "sum", "sorted"):
                return "WPC701"
            return "WPC501" if function == "print" else None
    return None


def _index(part: Difference) -> str | None:
    whole = isinstance(part.parent, ast.Subscript) and part.parent.slice is part.old
    return "WPC303" if whole else None


def _arithmetic(part: Difference) -> str | None:
    old, new = part.old, part.new
    kinds = [type(node.op) for node in (old, new) if isinstance(node, ast.BinOp)]
    if not kinds or old is None or new is None:
        return None
    if divides(old, ast.Div) and divides(new, ast.FloorDiv):
        return "WPC202"
    if same_nodes(old, new, ast.Name | ast.Constant | ast.operator):
        return "WPC204"
    if isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp):
        if ast.Mod in kinds:
            return "WPC204"
        if {ast.Div, ast.FloorDiv} == set(kinds):
            return "WPC202"
        if not same_nodes(old, new, ast.Name | ast.Constant):
            return "WPC203"
        return "WPC204" if same_nodes(old, new, ast.operator) else "WPC201"
    if ast.Mod in kinds:
        return "WPC204"
    if any(called(node) == "range" for node in part.ancestors[-2:]):
        return "WPC302"
    return "WPC203"


def _place(part: Difference) -> str | None:
    """Judge by where the difference lies."""
    near = (*part.ancestors[-3:], part.old, part.new)
    calls = [called(node) for node in near if isinstance(node, ast.Call)]
    reading = reads(part.old) or reads(part.new)
    if reading or any(call in ("input", "map", "split") for call in calls):
        return "WPC502"
    if "range" in calls:
        return "WPC302"
    if any(isinstance(node, ast.Subscript | ast.Slice) for node in (part.old, part.new)) or any(
        isinstance(node, ast.Slice) for node in part.ancestors[-2:]
    ):
        return "WPC303"
    text = isinstance(part.new, ast.Constant) and isinstance(part.new.value, str)
    layout = any(
        isinstance(node, ast.Starred | ast.keyword | ast.JoinedStr) for node in (part.old, part.new)
    )
    joins = called(part.new) in ("join", "format", "zfill", "ljust", "rjust", "center")
    prints = "print" in calls and (text or layout or joins or called(part.old) == "print")
    return "WPC501" if prints else None


def _value(part: Difference) -> str | None:
    old, new = part.old, part.new
    if isinstance(old, ast.Name) and isinstance(new, ast.Name):
        called = isinstance(part.parent, ast.Call) and part.parent.func is old
        return "WPC701" if called else "WPC403"
    if isinstance(old, ast.Call) or (isinstance(new, ast.Call) and holds(new, old)):
        return "WPC701"
    if is_literal(old):
        compared = isinstance(part.parent, ast.Compare)
        return "WPC501" if same_letters(old, new) and not compared else "WPC402"
    if isinstance(old, ast.Name) or isinstance(new, ast.Name):
        return "WPC403"
    if isinstance(old, ast.Attribute) and isinstance(new, ast.Attribute):
        return "WPC701"
    return None
