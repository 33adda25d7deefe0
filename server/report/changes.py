"""What differs between two versions of a program, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest

from server.text import Text, printable


@dataclass(frozen=True)
class Side:
    """A line of one version.

    Parameters
    ----------
    number
        1-based.
    before, changed, after
        The line in three parts: `changed` is what distinguishes it from its counterpart.
    """

    number: int
    before: str
    changed: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """A line of both versions side by side; `None` where one has no counterpart."""

    left: Side | None
    right: Side | None
    same: bool


def side_by_side(before: Text, after: Text, context: int) -> Iterator[list[Row]]:
    """Yield groups of rows: the changes, with lines of context around them."""
    matcher = SequenceMatcher(None, before.lines, after.lines, autojunk=False)
    for group in matcher.get_grouped_opcodes(context):
        rows: list[Row] = []
        for tag, i, j, k, m in group:
            for left, right in zip_longest(range(i, j), range(k, m)):
                if tag == "equal":
                    line = printable(before.line(left))
                    rows.append(Row(Side(left + 1, line), Side(right + 1, line), same=True))
                else:
                    rows.append(_changed(before, left, after, right))
        yield rows


def _changed(before: Text, left: int | None, after: Text, right: int | None) -> Row:
    old = None if left is None else before.line(left)
    new = None if right is None else after.line(right)
    return Row(
        None if left is None or old is None else _side(left, old, new),
        None if right is None or new is None else _side(right, new, old),
        same=False,
    )


def _side(index: int, line: str, other: str | None) -> Side:
    start, end = changed_span(line, other) if other is not None else (0, len(line))
    parts = (line[:start], line[start:end], line[end:])
    return Side(index + 1, *map(printable, parts))


def changed_span(line: str, other: str) -> tuple[int, int]:
    """Return the part of a line between what it begins and ends with alike with another."""
    start = _common_prefix(line, other)
    return start, len(line) - _common_prefix(line[start:][::-1], other[start:][::-1])


def _common_prefix(a: str, b: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
