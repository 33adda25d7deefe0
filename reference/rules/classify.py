"""Which rule an edit falls under, and the message for its author."""

import ast
from dataclasses import dataclass
from types import UnionType

from reference.edits import Program
from reference.protocol.rules import RULES
from reference.rules.difference import Difference, differences

_MANY = 4  # differences that make a rewrite
_LONGEST = 60  # characters of a quoted fragment


@dataclass(frozen=True, slots=True)
class Finding:
    """The error that an edit mends.

    Parameters
    ----------
    rule
        Its code.
    span
        Offsets of the wrong part in the old program; None where only a statement is missing.
    """

    rule: str
    span: tuple[int, int] | None
    old: str
    new: str
    changes: int

    def message(self, locale: str = "en") -> str:
        """Return one sentence, without a full stop, in English or Korean."""
        return RULES[self.rule].message(self.old, self.new, self.changes, locale)


def classify(before: Program, after: Program) -> Finding:
    """Name the error that turns `after` into `before`.

    Parameters
    ----------
    before, after
        The program as written and as mended; their trees differ.
    """
    found = differences(before.tree, after.tree)
    if not found:
        return Finding("WPC900", (0, 0), "", "", 0)
    if _moved(found):
        moved = next(part for part in found if part.old)
        return Finding("WPC601", _span(before, moved), _quote(before, moved.old), "", 1)
    first = found[0]
    rule = "WPC900" if len(found) >= _MANY else _rule(first)
    old = "" if _is_other_case(first.old, first.new) else _quote(before, first.old)
    return Finding(rule, _span(before, first), old, _quote(after, first.new), len(found))


def _moved(found: list[Difference]) -> bool:
    """Whether statements only changed their block."""
    old = sorted(ast.dump(part.old) for part in found if part.old)
    new = sorted(ast.dump(part.new) for part in found if part.new)
    statements = all(isinstance(part.old or part.new, ast.stmt) for part in found)
    return statements and len(found) > 1 and old == new


def _quote(program: Program, node: ast.AST | None) -> str:
    if not isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias):
        return ""
    text = program.source(node).split("\n")[0]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _span(program: Program, part: Difference) -> tuple[int, int] | None:
    node = part.old
    if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias):
        start, end = program.span(node)
        line_end = program.text.find("\n", start)
        return start, min(end, line_end if line_end >= 0 else len(program.text))
    if isinstance(part.new, ast.stmt):
        return None
    for above in reversed(part.ancestors):
        if isinstance(above, ast.expr | ast.stmt):
            start, end = program.span(above)
            line_end = program.text.find("\n", start)
            return start, min(end, line_end if line_end >= 0 else len(program.text))
    return 0, len(program.lines[0])


def _rule(part: Difference) -> str:
    old, new = part.old, part.new
    if isinstance(old, ast.stmt) or isinstance(new, ast.stmt):
        return _statement_rule(old, new)
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


def _statement_rule(old: ast.AST | None, new: ast.AST | None) -> str:
    one = old if new is None else new
    if isinstance(old, ast.AugAssign) and isinstance(new, ast.AugAssign):
        return "WPC201"
    if old is not None and new is not None:
        if _jumps(old) and _jumps(new):
            return "WPC105"
        if _is_other_case(old, new):
            return "WPC104"
        assigned = (ast.Assign, ast.AugAssign)
        if isinstance(old, assigned) and isinstance(new, assigned):
            return "WPC201"
        if isinstance(old, ast.If | ast.While) and isinstance(new, ast.If | ast.While):
            return "WPC104" if type(old) is type(new) else "WPC105"
        return "WPC801"
    if isinstance(one, ast.If):
        return "WPC104"
    if _jumps(one):
        return "WPC105"
    if isinstance(one, ast.Expr) and _called(one.value) == "print":
        return "WPC501"
    return "WPC801"


def _is_other_case(old: ast.AST | None, new: ast.AST | None) -> bool:
    """Whether what always ran is now what runs otherwise."""
    return (
        isinstance(new, ast.If)
        and old is not None
        and list(map(ast.dump, new.orelse)) == [ast.dump(old)]
    )


def _comparison(part: Difference) -> str | None:
    if not (isinstance(part.old, ast.Compare) and isinstance(part.new, ast.Compare)):
        return None
    old, new = part.old, part.new
    same = [ast.dump(node) for node in (old.left, *old.comparators)] == [
        ast.dump(node) for node in (new.left, *new.comparators)
    ]
    return "WPC101" if same else "WPC103"


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
    old, new, above = part.old, part.new, part.parent
    if not (isinstance(above, ast.Assign) and above.value is old) or _reads(new):
        return None
    constant = any(isinstance(name, ast.Name) and name.id.isupper() for name in above.targets)
    table = isinstance(old, ast.Constant) and isinstance(old.value, str) and old.value != ""
    begins = _is_literal(old) or (isinstance(old, ast.Name) and _is_literal(new))
    return "WPC401" if begins and not (constant or table) else None


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
    if any(isinstance(node, ast.Slice | ast.Subscript) for node in part.ancestors[-2:]):
        return "WPC301"
    counted = any(_called(node) == "range" for node in part.ancestors[-3:])
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
        if not isinstance(one, ast.Call) or other is None or _reads(one):
            continue
        if any(ast.dump(argument) == ast.dump(other) for argument in one.args):
            called = _called(one)
            if called in ("range", "reversed"):
                return "WPC302"
            if called in ("int", "float", "round", "abs", "max", "min", "sum", "sorted"):
                return "WPC701"
            return "WPC501" if called == "print" else None
    return None


def _index(part: Difference) -> str | None:
    whole = isinstance(part.parent, ast.Subscript) and part.parent.slice is part.old
    return "WPC303" if whole else None


def _arithmetic(part: Difference) -> str | None:
    old, new = part.old, part.new
    kinds = [type(node.op) for node in (old, new) if isinstance(node, ast.BinOp)]
    if not kinds or old is None or new is None:
        return None
    if _divides(old, ast.Div) and _divides(new, ast.FloorDiv):
        return "WPC202"
    if _same(old, new, ast.Name | ast.Constant | ast.operator):
        return "WPC204"
    if isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp):
        if ast.Mod in kinds:
            return "WPC204"
        if {ast.Div, ast.FloorDiv} == set(kinds):
            return "WPC202"
        if not _same(old, new, ast.Name | ast.Constant):
            return "WPC203"
        return "WPC204" if _same(old, new, ast.operator) else "WPC201"
    if ast.Mod in kinds:
        return "WPC204"
    if any(_called(node) == "range" for node in part.ancestors[-2:]):
        return "WPC302"
    return "WPC203"


def _divides(node: ast.AST, kind: type[ast.operator]) -> bool:
    """Whether a division of a kind is all that is calculated, but for making it an integer."""
    if isinstance(node, ast.Call) and _called(node) in ("int", "floor", "round") and node.args:
        node = node.args[0]
    return isinstance(node, ast.BinOp) and isinstance(node.op, kind)


def _same(old: ast.AST, new: ast.AST, kind: UnionType | type[ast.AST]) -> bool:
    """Whether two trees hold the same nodes of a kind, in whatever order."""
    first, second = (
        sorted(ast.dump(node) for node in ast.walk(tree) if isinstance(node, kind))
        for tree in (old, new)
    )
    return first == second


def _place(part: Difference) -> str | None:
    """Judge by where the difference lies."""
    near = (*part.ancestors[-3:], part.old, part.new)
    calls = [_called(node) for node in near if isinstance(node, ast.Call)]
    reads = _reads(part.old) or _reads(part.new)
    if reads or any(call in ("input", "map", "split") for call in calls):
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
    prints = "print" in calls and (text or layout or _called(part.old) == "print")
    return "WPC501" if prints else None


def _value(part: Difference) -> str | None:
    old, new = part.old, part.new
    if isinstance(old, ast.Name) and isinstance(new, ast.Name):
        called = isinstance(part.parent, ast.Call) and part.parent.func is old
        return "WPC701" if called else "WPC403"
    if isinstance(old, ast.Call) or (isinstance(new, ast.Call) and _holds(new, old)):
        return "WPC701"
    if _is_literal(old):
        compared = isinstance(part.parent, ast.Compare)
        return "WPC501" if _same_letters(old, new) and not compared else "WPC402"
    if isinstance(old, ast.Name) or isinstance(new, ast.Name):
        return "WPC403"
    if isinstance(old, ast.Attribute) and isinstance(new, ast.Attribute):
        return "WPC701"
    return None


def _same_letters(old: ast.AST | None, new: ast.AST | None) -> bool:
    """Whether two texts differ only in their form: case, spaces, punctuation."""
    texts = [
        "".join(filter(str.isalnum, node.value)).casefold()
        for node in (old, new)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return len(texts) == 2 and texts[0] == texts[1]


def _holds(node: ast.AST, part: ast.AST | None) -> bool:
    wanted = part and ast.dump(part)
    return any(ast.dump(inner) == wanted for inner in ast.walk(node))


def _called(node: ast.AST | None) -> str:
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.func.id
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
    return ""


def _reads(node: ast.AST | None) -> bool:
    return node is not None and any(
        _called(inner) in ("input", "readline", "readlines") for inner in ast.walk(node)
    )


def _jumps(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Expr):
        return _called(node.value) in ("exit", "quit")
    return isinstance(node, ast.Break | ast.Continue | ast.Return)


def _is_literal(node: ast.AST | None) -> bool:
    """Whether a node is a constant, with or without a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        node = node.operand
    return isinstance(node, ast.Constant)
