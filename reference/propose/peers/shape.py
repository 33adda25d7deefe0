"""What a program looks like when its names are left out."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import cached_property

from reference.edits.lines import Line, logical_lines
from reference.edits.program import Program
from reference.edits.scopes import NameKind, bindings, unbound_names
from reference.edits.tokens import Token, TokenKind

HOLE = "_"  # stands for a name that the program binds


class Shape:
    """A program's logical lines with its own names blanked out.

    Attributes
    ----------
    lines
        The logical lines.
    blanked
        For each line, the texts of its tokens, `_` for each name that the program binds.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.bindings = [one for one in bindings(program) if one.kind is not NameKind.FIXED]
        self.at = {start: one for one in self.bindings for start, _ in one.places}
        self.lines: Sequence[Line] = logical_lines(program.text)
        self.blanked = [
            tuple(
                self._blank(token, word)
                for token, word in zip(line.tokens, line.words, strict=True)
            )
            for line in self.lines
        ]

    def _blank(self, token: Token, word: str) -> str:
        if token.kind is TokenKind.WORD and token.start in self.at:
            return HOLE
        return word

    @cached_property
    def needs(self) -> Set[str]:
        """The names that the program reads and nothing binds."""
        return unbound_names(self.program)

    def features(self) -> Counter[str]:
        """Return whole lines and runs of three tokens, with how often each occurs."""
        found: Counter[str] = Counter()
        for words in self.blanked:
            found[" ".join(words)] += 2
            found.update(" ".join(run) for run in _runs(words, 3))
        return found


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    padded = ("^", *words, "$")
    for start in range(len(padded) - length + 1):
        yield padded[start : start + length]
