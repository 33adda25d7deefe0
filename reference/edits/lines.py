"""The logical lines of a program."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reference.edits.tokens import Token, TokenKind, tokenize

OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_SUITES = frozenset(
    ("if", "elif", "else", "for", "while", "def", "class", "with", "try", "except", "finally")
)


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: its depth of indentation and its tokens."""

    depth: int
    tokens: tuple[Token, ...]
    words: tuple[str, ...]  # the texts of the tokens; strings by value, whatever their quotes

    @property
    def start(self) -> int:
        """Offset of the first token."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Offset behind the last token."""
        return self.tokens[-1].end


@lru_cache(maxsize=512)
def logical_lines(source: str) -> Sequence[Line]:
    """Return a program's logical lines.

    A statement behind a semicolon, or behind the colon of its block, is a line of its own.

    Raises
    ------
    SyntaxError
        Where the text has no tokens of Python.
    """
    lines: list[Line] = []
    current: list[Token] = []
    depth = nesting = lambdas = 0
    inner = 0  # 1 behind the colon of a suite on the same line

    def close() -> None:
        if current:
            words = tuple(_word(token) for token in current)
            lines.append(Line(depth + inner, tuple(current), words))
            current.clear()

    for token in tokenize(source):
        if token.kind is TokenKind.INDENT:
            depth += 1
        elif token.kind is TokenKind.DEDENT:
            depth -= 1
        elif token.kind is TokenKind.NEWLINE:
            close()
            inner = lambdas = 0
        elif token.text == ";" and not nesting:
            close()
        else:
            nesting += (token.text in OPENING) - (token.text in _CLOSING)
            lambdas += token.text == "lambda" and not nesting
            current.append(token)
            if token.text == ":" and not nesting:
                if lambdas:
                    lambdas -= 1
                elif current[0].text in _SUITES and not inner:
                    close()
                    inner = 1
    close()
    return lines


@lru_cache(maxsize=4096)
def _literal(text: str) -> str:
    try:
        return repr(ast.literal_eval(text))
    except (SyntaxError, ValueError):  # an f-string
        return text


def _word(token: Token) -> str:
    return _literal(token.text) if token.kind is TokenKind.STRING else token.text
