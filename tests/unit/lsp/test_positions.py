"""Offsets and positions, against an independent reading of the specification."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from reference.protocol import Position as WirePosition
from reference.protocol import Range as WireRange
from server.lsp.positions import LineIndex, client_range

ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
UNIT_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}

texts = st.text(st.sampled_from("aé漢😀\n\r\x0b\x0c\x1c\x85\u2028 \t"), max_size=30)
encodings = st.sampled_from(sorted(ENCODINGS))


def expected(text: str, offset: int, encoding: str) -> Position:
    before = re.split(r"\r\n|\r|\n", text[:offset])
    units = len(before[-1].encode(ENCODINGS[encoding])) // UNIT_BYTES[encoding]
    return Position(len(before) - 1, units)


@given(texts, encodings, st.data())
def test_positions_are_what_the_specification_says(
    text: str, encoding: str, data: st.DataObject
) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[max(0, offset - 1) : offset + 1] == "\r\n":
        return  # no client points between the two
    index = LineIndex(text, encoding)
    position = index.position(offset)
    assert position == expected(text, offset, encoding)
    assert index.offset(position) == offset


@given(texts, encodings, st.integers(0, 40), st.integers(0, 200))
def test_any_position_means_some_place_in_its_line(
    text: str, encoding: str, line: int, character: int
) -> None:
    index = LineIndex(text, encoding)
    offset = index.offset(Position(line, character))
    lines = re.split(r"\r\n|\r|\n", text)
    if line >= len(lines):
        assert offset == len(text)
    else:
        assert index.position(offset).line == line
        assert index.position(offset).character <= character


@given(texts)
def test_lines_are_those_of_the_specification(text: str) -> None:
    lines = LineIndex(text).lines
    assert "".join(lines) == text
    assert [re.sub(r"[\r\n]", "", line) for line in lines] == re.split(r"\r\n|\r|\n", text)


def test_a_place_inside_a_character_is_the_place_before_it() -> None:
    assert LineIndex("a😀b").offset(Position(0, 2)) == 1
    assert LineIndex("aéb", "utf-8").offset(Position(0, 2)) == 1


def test_a_character_beyond_the_line_is_its_end() -> None:
    index = LineIndex("ab\r\ncd")
    assert index.offset(Position(0, 99)) == 2
    assert index.offset(Position(1, 99)) == 6


@given(texts, encodings, st.data())
def test_ranges_of_the_endpoint_are_converted_to_the_clients_units(
    text: str, encoding: str, data: st.DataObject
) -> None:
    ends = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    places = [expected(text, end, "utf-16") for end in ends]
    start, end = (WirePosition(line=p.line, character=p.character) for p in places)
    converted = client_range(text, WireRange(start=start, end=end), encoding)
    wanted = [expected(text, offset, encoding) for offset in ends]
    assert converted == Range(*wanted)
