import pytest

from reference.edits import SourceText, TextEdit, apply_edits, trimmed
from reference.protocol import Position


def test_edits_apply_at_once_and_keep_the_order_of_insertions_at_one_place() -> None:
    edits = [TextEdit(6, 7, "z"), TextEdit(4, 4, "a"), TextEdit(4, 4, "b")]
    assert apply_edits("x = 1 + y", edits) == "x = ab1 z y"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [TextEdit(0, 3, ""), TextEdit(2, 4, "")])


@pytest.mark.parametrize(
    ("sent", "edited", "expected"),
    [
        ("a\r\nb = 1\r\n", TextEdit(6, 7, "2\nc"), "a\r\nb = 2\r\nc\r\n"),
        ("a\rb = 1\r", TextEdit(6, 7, "2"), "a\rb = 2\r"),
        ("\ufeffa = 1\n", TextEdit(4, 5, "2"), "\ufeffa = 2\n"),
        ("s = '🎂é'; n = 1", TextEdit(14, 15, "2"), "s = '🎂é'; n = 2"),
        ("# \x0c form feed \u2028 here\nn = 1\n", TextEdit(25, 26, "2"), None),
    ],
    ids=["crlf", "cr", "mark", "astral", "not-line-ends"],
)
def test_edits_reach_the_text_as_sent(sent: str, edited: TextEdit, expected: str | None) -> None:
    source = SourceText(sent)
    wire = source.edits([edited])
    changed = source.apply(wire)
    assert changed == (expected or sent.replace("n = 1", "n = 2"))
    assert SourceText(changed).text == apply_edits(source.text, [edited])


def test_positions_count_utf_16_units() -> None:
    source = SourceText("s = '🎂'; n\n")
    assert source.position(source.text.index("n\n")) == Position(line=0, character=10)


def test_a_diff_shows_only_lines_that_change_and_their_neighbours() -> None:
    source = SourceText("a\nb\nc\nd\ne\nf\n")
    assert source.diff("a\nb\nc\nd\ne\ng\n") == "@@ -4,3 +4,3 @@\n d\n e\n-f\n+g\n"


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("range(n)", TextEdit(5, 8, "(n + 1)"), TextEdit(7, 7, " + 1")),
        ("a <= b", TextEdit(0, 6, "a < b"), TextEdit(2, 4, "<")),
        ("count", TextEdit(0, 5, "counter"), TextEdit(0, 5, "counter")),
        ("'Yes'", TextEdit(0, 5, "'YES'"), TextEdit(0, 5, "'YES'")),
    ],
)
def test_an_edit_is_trimmed_between_tokens(text: str, edit: TextEdit, expected: TextEdit) -> None:
    assert trimmed(text, edit) == expected
