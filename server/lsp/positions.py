r"""Places in a text: offsets in code points, and LSP positions in the units a client counts in.

A line ends at `\n`, `\r\n` or `\r`, and nowhere else (LSP 3.17, "Text Documents");
`str.splitlines` would also split at a form feed.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lsprotocol.types import Position, PositionEncodingKind, Range

if TYPE_CHECKING:
    from reference.protocol import Range as WireRange

_LINE_END = re.compile(r"\r\n|\r|\n")


def _utf8_units(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_UNITS: dict[str, Callable[[str], int]] = {
    PositionEncodingKind.Utf8.value: _utf8_units,
    PositionEncodingKind.Utf16.value: _utf16_units,
    PositionEncodingKind.Utf32.value: len,
}


def encoding_name(encoding: PositionEncodingKind | str | None) -> str:
    """Return the name of an encoding, which pygls holds as a string or as an enumeration."""
    return PositionEncodingKind(encoding or PositionEncodingKind.Utf16).value


class LineIndex:
    """The lines of one text, to convert offsets to positions and back.

    Parameters
    ----------
    text
        The text that offsets and positions refer to.
    encoding
        What `Position.character` counts: code units of UTF-8, UTF-16 or UTF-32.
    """

    def __init__(self, text: str, encoding: str = PositionEncodingKind.Utf16.value) -> None:
        self._text = text
        self._units = _UNITS[encoding]
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends; where the text ends with a line end, the last is empty."""
        bounds = [*self._starts, len(self._text)]
        return [self._text[start:end] for start, end in pairwise(bounds)]

    def line_span(self, number: int) -> slice:
        """Return the stretch of the text that a 0-based line covers, without its end."""
        return slice(self._starts[number], self._ends[number])

    def offset(self, position: Position) -> int:
        """Return the offset of `position`, in code points.

        A character beyond the line's end means the line's end, a line beyond the text's last
        means the text's end, and a place inside a character means the place before it.
        """
        if position.line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[position.line], self._ends[position.line]
        line = self._text[start:end]
        if line.isascii():
            return min(start + position.character, end)
        units = 0
        for index, character in enumerate(line):
            units += self._units(character)
            if units > position.character:
                return start + index
        return end

    def position(self, offset: int) -> Position:
        """Return the position of `offset`, which counts code points."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self._text[self._starts[line] : offset]))

    def span(self, range_: Range) -> slice:
        """Return the stretch of the text that `range_` covers."""
        return slice(self.offset(range_.start), self.offset(range_.end))

    def range(self, span: slice) -> Range:
        """Return the range of a stretch of the text."""
        return Range(self.position(span.start), self.position(span.stop))


def client_range(text: str, range_: "WireRange", encoding: str) -> Range:
    """Convert a range of the endpoint's protocol, which counts UTF-16, to the client's units."""
    in_utf16 = Range(
        Position(range_.start.line, range_.start.character),
        Position(range_.end.line, range_.end.character),
    )
    if encoding == PositionEncodingKind.Utf16.value:
        return in_utf16
    return LineIndex(text, encoding).range(LineIndex(text).span(in_utf16))
