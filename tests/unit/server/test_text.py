import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.protocol import Edit, Position, Range
from server.text import Text, printable, utf16_length

# Everything that some function or other takes for the end of a line, and an astral character.
programs = st.text(alphabet="ab \t\n\r\f\v\x1c\x85\u2028\u2029é한😀", max_size=60)


@given(programs)
def test_lines_end_where_editors_end_them(source: str) -> None:
    text = Text(source)

    assert "".join(text.lines) == source
    plain = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [text.line(number) for number in range(len(plain))] == plain


@given(programs, st.data())
def test_offset_agrees_with_utf16(source: str, data: st.DataObject) -> None:
    text = Text(source)
    line = data.draw(st.integers(0, len(text.lines)))
    column = data.draw(st.integers(0, len(text.line(line))))
    position = Position(line=line, character=utf16_length(text.line(line)[:column]))

    assert text.column(position) == column
    assert text.offset(position) == sum(map(len, text.lines[:line])) + column


def test_position_beyond_a_line_or_the_text_is_its_end() -> None:
    text = Text("ab\ncd")

    assert text.offset(Position(line=0, character=99)) == 2
    assert text.offset(Position(line=7, character=0)) == 5


def test_edits_replace_what_they_name_and_nothing_else() -> None:
    edits = [
        Edit(range=_range(0, 3, 0, 4), new_text="y"),
        Edit(range=_range(1, 0, 2, 0), new_text=""),
        Edit(range=_range(2, 2, 2, 2), new_text="!"),
    ]

    assert Text("😀 x\r\ngone\r\nzz\r\n").apply(edits) == "😀 y\r\nzz!\r\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b[2J\x07", "␛[2J␇"),
        ("\x7f\x9b", "␡�"),
        ("\u202eabc", "�abc"),
        ("한국어 😀", "한국어 😀"),
    ],
)
def test_printable_disarms_controls(text: str, shown: str) -> None:
    assert printable(text) == shown


def _range(line: int, character: int, end_line: int, end_character: int) -> Range:
    return Range(
        start=Position(line=line, character=character),
        end=Position(line=end_line, character=end_character),
    )
