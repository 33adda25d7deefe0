"""Python's tokens with offsets."""

import sys
import tokenize as python_tokenize
from collections.abc import Iterator
from enum import Enum
from itertools import accumulate
from typing import NamedTuple


class TokenKind(Enum):
    """What a token is; comments and blank lines have none."""

    WORD = "word"  # names and keywords
    NUMBER = "number"
    STRING = "string"  # an f-string is one token
    OPERATOR = "operator"
    NEWLINE = "newline"  # the end of a logical line
    INDENT = "indent"
    DEDENT = "dedent"


class Token(NamedTuple):
    """A token and its place: `text == source[start:end]`, but for line ends and indentation."""

    kind: TokenKind
    text: str
    start: int
    end: int


_KINDS = {
    python_tokenize.NAME: TokenKind.WORD,
    python_tokenize.NUMBER: TokenKind.NUMBER,
    python_tokenize.STRING: TokenKind.STRING,
    python_tokenize.OP: TokenKind.OPERATOR,
    python_tokenize.NEWLINE: TokenKind.NEWLINE,
    python_tokenize.INDENT: TokenKind.INDENT,
    python_tokenize.DEDENT: TokenKind.DEDENT,
}


def tokenize(source: str) -> list[Token]:
    r"""Return the significant tokens of a program with `\n` line ends.

    Raises
    ------
    SyntaxError
        Where the text has no tokens of Python.
    """
    # io.StringIO would also end lines at \r, and str.splitlines at a form feed.
    lines = [f"{line}\n" for line in source.split("\n")]
    lines[-1] = lines[-1][:-1]
    starts = [0, *accumulate(len(line) for line in lines)]
    feed = iter([*lines, ""])
    try:
        raw = list(python_tokenize.generate_tokens(lambda: next(feed, "")))
    except (python_tokenize.TokenError, IndentationError) as error:
        raise SyntaxError(str(error)) from error

    def offset(place: tuple[int, int]) -> int:
        return min(starts[min(place[0] - 1, len(starts) - 1)] + place[1], len(source))

    tokens = []
    for token in _whole_strings(raw):
        kind = _KINDS.get(token.type)
        if kind is not None:
            start, end = offset(token.start), offset(token.end)
            layout = kind in (TokenKind.NEWLINE, TokenKind.INDENT, TokenKind.DEDENT)
            tokens.append(Token(kind, "" if layout else source[start:end], start, end))
    return tokens


def _whole_strings(
    tokens: list[python_tokenize.TokenInfo],
) -> Iterator[python_tokenize.TokenInfo]:
    """Yield tokens with each f-string as one, as Python before 3.12 has it."""
    if sys.version_info < (3, 12):
        yield from tokens
        return
    opened: list[python_tokenize.TokenInfo] = []
    for token in tokens:
        if token.type == python_tokenize.FSTRING_START:
            opened.append(token)
        elif token.type == python_tokenize.FSTRING_END:
            first = opened.pop()
            if not opened:
                yield token._replace(type=python_tokenize.STRING, start=first.start)
        elif not opened:
            yield token
