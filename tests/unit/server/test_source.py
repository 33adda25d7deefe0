from pathlib import Path

import pytest

from server.check.source import MAX_BYTES, SourceError, decode, read, write

from .reports import fix, range_at


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfx = 1\r\ny = 2\r\n",
        b"# coding: cp949\nx = '\xc7\xd1'\n",
        "x = '한😀'\r".encode(),
        b"x = 1",
    ],
)
def test_file_is_written_back_as_it_was(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(content)
    file.chmod(0o754)
    source = read(file)

    write(source, source.text)

    assert file.read_bytes() == content
    assert file.stat().st_mode & 0o777 == 0o754
    assert list(tmp_path.iterdir()) == [file]


def test_edits_take_the_line_ends_of_the_file() -> None:
    source = decode(b"a\r\nb\r\n")
    change = fix((range_at(1, 0, 1), "c\nd"))

    assert source.edited(change.edits) == "a\r\nc\r\nd\r\n"


def test_changed_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    source = read(file)
    file.write_text("x = 3\n")

    with pytest.raises(SourceError, match="has changed meanwhile"):
        write(source, "x = 2\n")

    assert file.read_text() == "x = 3\n"
    assert list(tmp_path.iterdir()) == [file]


def test_character_that_the_encoding_lacks(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"# coding: latin-1\n")

    with pytest.raises(SourceError, match="save the file as UTF-8"):
        write(read(file), "x = '한'\n")


def test_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("x = 1\n")
    link.symlink_to(file)

    write(read(link), "x = 2\n")

    assert link.is_symlink()
    assert file.read_text() == "x = 2\n"


@pytest.mark.parametrize("content", [b"x = '\xff'\n", b"# coding: klingon\n"])
def test_unreadable_encoding(content: bytes) -> None:
    with pytest.raises(SourceError, match="save it as UTF-8"):
        decode(content)


def test_too_long() -> None:
    with pytest.raises(SourceError, match="longer than"):
        decode(b"#" * (MAX_BYTES + 1))
