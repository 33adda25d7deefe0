"""Bodies of messages, however the bytes arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.lsp.framing import MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, FramingError, MessageDecoder


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


@given(st.lists(st.binary(max_size=20)), st.integers(1, 40))
def test_bodies_come_out_whole_whatever_the_pieces(bodies: list[bytes], size: int) -> None:
    stream = b"".join(framed(body) for body in bodies)
    decoder = MessageDecoder()
    received: list[bytes] = []
    for begin in range(0, len(stream), size):
        received += decoder.feed(stream[begin : begin + size])
    assert received == bodies


def test_a_message_after_a_length_that_was_too_small_is_read() -> None:
    stream = b"Content-Length: 2\r\n\r\n{} and more" + framed(b"{1}")
    assert list(MessageDecoder().feed(stream)) == [b"{}", b"{1}"]


@pytest.mark.parametrize(
    "stream",
    [b"Content-Length: %d\r\n\r\n" % (MAX_MESSAGE_BYTES + 1), b"x" * (MAX_HEADER_BYTES + 1)],
)
def test_a_stream_that_cannot_be_cut_is_refused(stream: bytes) -> None:
    with pytest.raises(FramingError):
        list(MessageDecoder().feed(stream))
