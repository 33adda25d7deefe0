"""A program in a file: read, and written back as it was but for the fix."""

import io
import os
import re
import shutil
import tempfile
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reference.protocol import Edit
from server.errors import UserError
from server.text import Text

MAX_BYTES = 200 * 1024  # an endpoint refuses more than 256 KiB, tests included


class SourceError(UserError):
    """A file that cannot be read or written; the text says why."""


class UnfitError(SourceError):
    """A file that is no program that could be checked, and is left out."""


@dataclass(frozen=True)
class Source:
    r"""A program as it stands in a file.

    Parameters
    ----------
    path
        `None` for standard input.
    content
        The file's bytes.
    encoding
        By its byte order mark or coding comment, else UTF-8.
    text
        Decoded, without the mark; line ends as they are.
    """

    path: Path | None
    content: bytes
    encoding: str
    text: str

    def edited(self, edits: Sequence[Edit]) -> str:
        """Return the text with edits applied, whose line ends become those of the file."""
        ends = re.findall(r"\r\n|\r|\n", self.text)
        end = max(set(ends), key=ends.count) if ends else "\n"
        return Text(self.text).apply(
            [
                edit.model_copy(update={"new_text": re.sub(r"\r\n|\r|\n", end, edit.new_text)})
                for edit in edits
            ]
        )


def decode(content: bytes, path: Path | None = None) -> Source:
    """Read a program from bytes.

    Raises
    ------
    UnfitError
        Where it is too long.
    SourceError
        Where its encoding is unknown or not what it says.
    """
    if len(content) > MAX_BYTES:
        raise UnfitError(lambda texts: texts.too_long.format(limit=MAX_BYTES // 1024))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return Source(path, content, encoding, content.decode(encoding))
    except (SyntaxError, UnicodeDecodeError):
        raise SourceError(lambda texts: texts.not_utf8) from None


def read(path: Path) -> Source:
    """Read a program from a file; raises as `decode` does, and where it cannot be read."""
    try:
        with path.open("rb") as file:
            return decode(file.read(MAX_BYTES + 1), path)
    except OSError as error:
        reason = error.strerror
        raise SourceError(lambda texts: texts.unreadable.format(reason=reason)) from None


def write(source: Source, text: str) -> None:
    """Replace the program in its file: all of it or nothing.

    Raises
    ------
    SourceError
        Where the file has changed since it was read, its encoding lacks a character of the new
        text, or it cannot be written.
    """
    assert source.path is not None
    try:
        content = text.encode(source.encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise SourceError(
            lambda texts: texts.not_fixed_no_character.format(
                encoding=source.encoding, character=character
            )
        ) from None
    target = source.path.resolve()
    temporary: str | None = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        if target.read_bytes() != source.content:
            raise SourceError(lambda texts: texts.not_fixed_changed)
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        reason = error.strerror
        raise SourceError(
            lambda texts: texts.not_fixed_cannot_write.format(reason=reason)
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
