"""The smallest parts in which two syntax trees differ."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the old tree and what stands there in the new one.

    Parameters
    ----------
    old, new
        One of them is None where a statement or expression was added or removed.
    ancestors
        Of `old` (or of the place where `new` was added), outermost first, in the old tree.
    """

    old: ast.AST | None
    new: ast.AST | None
    ancestors: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST:
        """The node that the difference is a direct part of."""
        return self.ancestors[-1]


def differences(old: ast.AST, new: ast.AST) -> list[Difference]:
    """Return the smallest differing parts of two trees, in the order of the old one."""
    return list(_nodes(old, new, ()))


def _nodes(old: ast.AST, new: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[Difference]:
    if ast.dump(old) == ast.dump(new):
        return
    inside = (*above, old)
    if type(old) is not type(new) or not _descends(old, new):
        yield Difference(old, new, above)
        return
    for field in old._fields:
        a, b = getattr(old, field, None), getattr(new, field, None)
        if isinstance(a, list) and isinstance(b, list):
            yield from _lists(a, b, inside)
        elif isinstance(a, ast.AST) and isinstance(b, ast.AST):
            yield from _nodes(a, b, inside)
        elif isinstance(a, ast.AST) or isinstance(b, ast.AST):
            yield Difference(
                a if isinstance(a, ast.AST) else None,
                b if isinstance(b, ast.AST) else None,
                inside,
            )


def _descends(old: ast.AST, new: ast.AST) -> bool:
    """Whether the difference lies in the children, and not in the node itself."""
    if _is_operand(old, new) or _is_operand(new, old):
        return False  # one lies around the other
    if isinstance(old, ast.Compare) and isinstance(new, ast.Compare) and _is_turned(old, new):
        return False
    for field in old._fields:
        a, b = getattr(old, field, None), getattr(new, field, None)
        if isinstance(a, ast.operator | ast.boolop | ast.unaryop) and type(a) is not type(b):
            return False
        if isinstance(a, list) and isinstance(b, list):
            if any(isinstance(op, ast.cmpop) for op in a) and [type(op) for op in a] != [
                type(op) for op in b
            ]:
                return False
            statements = any(isinstance(item, ast.stmt) for item in (*a, *b))
            if len(a) != len(b) and not statements:
                return False
        elif not isinstance(a, ast.AST) and not isinstance(b, ast.AST) and a != b:
            return False
    return True


def _is_operand(node: ast.AST, of: ast.AST) -> bool:
    """Whether a node is a term of a sum or the like, or an argument of a call."""
    if isinstance(of, ast.BinOp):
        return ast.dump(node) in (ast.dump(of.left), ast.dump(of.right))
    return isinstance(of, ast.Call) and ast.dump(node) in map(ast.dump, of.args)


def _is_turned(old: ast.Compare, new: ast.Compare) -> bool:
    """Whether two comparisons have the same sides, the other way round."""
    sides, others = ([ast.dump(side) for side in (it.left, *it.comparators)] for it in (old, new))
    return len(set(sides)) > 1 and sides == others[::-1]


def _lists(
    old: list[ast.AST], new: list[ast.AST], above: tuple[ast.AST, ...]
) -> Iterator[Difference]:
    if not any(isinstance(node, ast.stmt) for node in (*old, *new)):
        for a, b in zip(old, new, strict=True):
            yield from _nodes(a, b, above)
        return
    keys_old, keys_new = ([ast.dump(node) for node in nodes] for nodes in (old, new))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, keys_old, keys_new, False).get_opcodes():
        if tag == "equal":
            continue
        if i2 - i1 == j2 - j1:
            for a, b in zip(old[i1:i2], new[j1:j2], strict=True):
                yield from _nodes(a, b, above)
        else:
            common = 0
            while (
                common < min(i2 - i1, j2 - j1)
                and type(old[i1 + common]) is type(new[j1 + common])
                and (i1 != i2 and j1 != j2)
            ):
                common += 1
            for a, b in zip(old[i1 : i1 + common], new[j1 : j1 + common], strict=True):
                yield from _nodes(a, b, above)
            for node in old[i1 + common : i2]:
                yield Difference(node, None, above)
            for node in new[j1 + common : j2]:
                yield Difference(None, node, above)
