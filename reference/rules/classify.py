"""Which rule an edit falls under, and the message for its author."""

import ast
from dataclasses import dataclass

from reference.edits import Program
from reference.protocol.rules import RULES
from reference.rules.difference import Difference, differences
from reference.rules.expressions import expression_rule
from reference.rules.statements import adds_case, statement_rule

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
    old = "" if adds_case(first.old, first.new) else _quote(before, first.old)
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
    if isinstance(part.old, ast.stmt) or isinstance(part.new, ast.stmt):
        return statement_rule(part.old, part.new)
    return expression_rule(part)
