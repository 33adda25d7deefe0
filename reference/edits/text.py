"""The user's text: line ends, positions on the wire, and edits."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from itertools import pairwise
from typing import NamedTuple

from reference.protocol import Edit, Position, Range

# Strings whole, words, operators of more than one character, and single characters.
_PIECES = re.compile(
    r"""[A-Za-z]{0,2}(?:"[^"\n]*"|'[^'\n]*')|\w+|\*\*=?|//=?|<<=?|>>=?|[-+*/%&|^=<>!]=|.""",
    re.DOTALL,
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_BOM = "\ufeff"


class TextEdit(NamedTuple):
    r"""Replaces `text[start:end]`; offsets count code points of a program with `\n` line ends."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return `text` with `edits` applied at once.

    Raises
    ------
    ValueError
        Where two edits overlap.
    """
    ordered = sorted(edits, key=_place)
    for before, after in pairwise(ordered):
        if after.start < before.end:
            raise ValueError(f"edits overlap: {before} and {after}")
    pieces = []
    place = 0
    for edit in ordered:
        pieces += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*pieces, text[place:]])


def trimmed(text: str, edit: TextEdit) -> TextEdit:
    """Return an edit without the words and marks that it replaces by themselves.

    The cut falls between tokens, so that `(n)` to `(n + 1)` becomes an insertion, and `count` to
    `counter` stays as it is.
    """
    old = _PIECES.findall(text[edit.start : edit.end])
    new = _PIECES.findall(edit.text)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return TextEdit(
        edit.start + sum(map(len, old[:head])),
        edit.end - sum(map(len, old[len(old) - tail :])),
        "".join(new[head : len(new) - tail]),
    )


class SourceText:
    r"""A program as the client sent it, and the text that the engine works on.

    Parameters
    ----------
    sent
        The text as the editor has it: any line ends, perhaps a byte order mark.

    Attributes
    ----------
    text
        The same with `\n` line ends and without the mark. Lines and offsets within lines are
        those of `sent`, so that positions carry over.
    """

    def __init__(self, sent: str) -> None:
        self.sent = sent
        self._mark = 1 if sent.startswith(_BOM) else 0
        body = sent[self._mark :]
        self._line_end = _prevailing_line_end(body)
        self.text = body.replace("\r\n", "\n").replace("\r", "\n")
        self._starts = [0, *(i + 1 for i, char in enumerate(self.text) if char == "\n")]

    def position(self, offset: int) -> Position:
        """Return the wire position of an offset into `text`."""
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        mark = self._mark if line == 0 else 0
        return Position(line=line, character=mark + len(before.encode("utf-16-le")) // 2)

    def range(self, start: int, end: int) -> Range:
        """Return the wire range of `text[start:end]`."""
        return Range(start=self.position(start), end=self.position(end))

    def line_range(self, line: int) -> Range:
        """Return the range of what stands on a 0-based line, without its indentation."""
        start = self._starts[min(line, len(self._starts) - 1)]
        content = self.text[start:].split("\n", 1)[0]
        indent = len(content) - len(content.lstrip())
        return self.range(start + indent, start + len(content.rstrip()))

    def edits(self, edits: Sequence[TextEdit]) -> tuple[Edit, ...]:
        """Return edits of `text` as edits of `sent`, in the order of the text."""
        return tuple(
            Edit(
                range=self.range(edit.start, edit.end),
                new_text=edit.text.replace("\n", self._line_end),
            )
            for edit in sorted(edits, key=_place)
        )

    def apply(self, edits: Sequence[Edit]) -> str:
        """Return `sent` with edits of `sent` applied, as an editor applies them."""
        lines = _LINE.findall(self.sent)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line))

        def offset(position: Position) -> int:
            line = lines[position.line] if position.line < len(lines) else ""
            units = line.encode("utf-16-le")[: 2 * position.character]
            return starts[min(position.line, len(lines))] + len(units.decode("utf-16-le"))

        return apply_edits(
            self.sent,
            [
                TextEdit(offset(edit.range.start), offset(edit.range.end), edit.new_text)
                for edit in edits
            ],
        )

    def diff(self, text: str) -> str:
        """Return the unified diff from `self.text` to `text`, without file names."""
        lines = unified_diff(_lines(self.text), _lines(text), n=2)
        return "".join(line for line in lines if not line.startswith(("---", "+++")))


def _place(edit: TextEdit) -> tuple[int, int]:
    return edit.start, edit.end  # insertions at one place keep their order


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in (lines if lines[-1] else lines[:-1])]


def _prevailing_line_end(text: str) -> str:
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    mac = text.count("\r") - windows
    return max((unix, "\n"), (windows, "\r\n"), (mac, "\r"), key=lambda pair: pair[0])[1]
