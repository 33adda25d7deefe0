"""Places in a program's text, and edits of it."""

import re
from collections.abc import Sequence

from reference.protocol import Edit, Position

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Text:
    r"""A text by lines, which end at `\n`, `\r\n` or `\r` and nowhere else.

    Python's own `splitlines` also splits at form feeds and other characters that no editor takes
    for the end of a line.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = _LINE.findall(source)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def line(self, number: int) -> str:
        """Return a 0-based line without its end; empty beyond the text."""
        return self.lines[number].rstrip("\r\n") if number < len(self.lines) else ""

    def column(self, position: Position) -> int:
        """Return the 0-based offset of a position in its line, in code points."""
        units = 0
        line = self.line(position.line)
        for column, character in enumerate(line):
            if units >= position.character:
                return column
            units += 2 if character > "\uffff" else 1
        return len(line)

    def offset(self, position: Position) -> int:
        """Return the 0-based offset of a position in the text, in code points."""
        if position.line >= len(self.lines):
            return len(self.source)
        return self._starts[position.line] + self.column(position)

    def apply(self, edits: Sequence[Edit]) -> str:
        """Return the text with edits applied, which must not overlap."""
        parts: list[str] = []
        end = 0
        for edit in edits:
            parts += self.source[end : self.offset(edit.range.start)], edit.new_text
            end = self.offset(edit.range.end)
        return "".join([*parts, self.source[end:]])


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, the unit of `Position.character`."""
    return len(text) + sum(character > "\uffff" for character in text)


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def printable(text: str) -> str:
    r"""Return a text that cannot steer a terminal: controls but `\n` and `\t` become pictures."""
    return _CONTROL.sub(_picture, text)


def printable_line(text: str) -> str:
    """Return a text that can neither steer a terminal nor end the line."""
    return printable(text).replace("\n", "\u240a")


def _picture(control: re.Match[str]) -> str:
    code = ord(control[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
