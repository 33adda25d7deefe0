"""The base protocol of LSP: messages as headers and a body, in a stream of bytes."""

import re
from collections.abc import Iterator

MAX_MESSAGE_BYTES = 64 * 2**20
MAX_HEADER_BYTES = 16 * 2**10

# Not tied to the line's beginning: after a Content-Length that was too small, the next headers
# follow the rest of the body without a line end.
_CONTENT_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*$", re.I | re.M)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


class FramingError(Exception):
    """The stream is beyond repair: where the next message begins can't be known."""


class MessageDecoder:
    """Cuts a stream of bytes into the bodies of messages, however the bytes arrive.

    Headers may be in any case and order, as the HTTP grammar has it. A header block without a
    usable Content-Length is passed over.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body_length: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take more of the stream and yield the bodies that are complete.

        Raises
        ------
        FramingError
            For a message of more than `MAX_MESSAGE_BYTES`, or no headers in the first
            `MAX_HEADER_BYTES`.
        """
        self._buffer += data
        while True:
            if self._body_length is None:
                end = _END_OF_HEADERS.search(self._buffer)
                if not end:
                    if len(self._buffer) > MAX_HEADER_BYTES:
                        raise FramingError(f"no header of a message in {len(self._buffer)} bytes")
                    return
                headers = self._buffer[: end.start()].replace(b"\r", b"")
                del self._buffer[: end.end()]
                lengths = _CONTENT_LENGTH.findall(headers)
                if not lengths:
                    continue
                self._body_length = int(lengths[-1])
                if self._body_length > MAX_MESSAGE_BYTES:
                    raise FramingError(f"a message of {self._body_length:,} bytes")
            if len(self._buffer) < self._body_length:
                return
            body = bytes(self._buffer[: self._body_length])
            del self._buffer[: self._body_length]
            self._body_length = None
            yield body
