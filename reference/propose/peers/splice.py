"""What an accepted program does with the input, put where the user's program answers."""

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter

from reference.edits import Program
from reference.edits.align import Alignment
from reference.edits.lines import Line
from reference.edits.scopes import Binding
from reference.edits.tokens import TokenKind
from reference.propose.peers.index import PeerIndex
from reference.propose.peers.match import renamed
from reference.propose.peers.propose import Graft
from reference.propose.peers.shape import HOLE, Shape

_PEERS = 16
_READS = frozenset(("input", "stdin", "open"))
_ANSWERS = frozenset(("print", "write"))
_SPELLINGS = (
    (re.compile(r"sys \. stdin \. readline|stdin \. readline"), "input"),
    (re.compile(r"split \( ['\"] ['\"] \)"), "split ( )"),
    (re.compile(r"\[ (\w+) \( _ \) for _ in (.+) \]$"), r"list ( map ( \1 , \2 ) )"),
)


def propose_splices(program: Program, index: PeerIndex) -> list[Graft]:
    """Return peers that read the input as the program does, joined to its part that reads.

    Such a peer's other names are new ones, so that nothing of the program that stands before
    its first answer must go: what is needless of the two comes out when the graft is cut down.

    Returns
    -------
    list of Graft
        Small ones first.
    """
    mine = Shape(program)
    place = _Place.of(mine)
    if place is None:
        return []
    grafts = []
    for peer in index.nearest(mine, _PEERS):
        target = place.joined(peer)
        if target is not None:
            alignment = Alignment(program.text, target)
            if alignment.hunks:
                grafts.append(Graft(alignment, alignment.hunks))
    return sorted(grafts, key=attrgetter("cost"))


class _Place:
    """Where a program has read its input, and answers.

    Parameters
    ----------
    reads
        Indices of the lines that read, all of one block.
    answer
        Index of the first line of the block's statement that prints.
    end
        Index of the first line behind the block.
    """

    def __init__(self, shape: Shape, reads: Sequence[int], answer: int, end: int) -> None:
        self._shape = shape
        self._reads = reads
        self._answer = answer
        self._end = end
        self._depth = shape.lines[reads[0]].depth

    @classmethod
    def of(cls, shape: Shape) -> "_Place | None":
        """Return the place in a program; None where it reads in a loop, or in several blocks."""
        lines = shape.lines
        reads = _reads(shape)
        depths = {lines[number].depth for number in reads}
        if len(depths) != 1:
            return None
        depth = depths.pop()
        opener = next((line for line in reversed(lines[: reads[0]]) if line.depth < depth), None)
        if opener is not None and opener.words[0] not in ("def", "if"):
            return None
        last = reads[-1]
        end = next(
            (number for number in range(last, len(lines)) if lines[number].depth < depth),
            len(lines),
        )
        answers = (number for number in range(last + 1, end) if _ANSWERS & {*lines[number].words})
        answer = next(answers, end)
        while last < answer < end and lines[answer].depth > depth:
            answer -= 1
        while answer < end and lines[answer].words[0] in ("else", "elif"):
            answer -= 1
            while lines[answer].depth > depth:
                answer -= 1
        return cls(shape, reads, answer, end) if answer > last else None

    def joined(self, peer: Shape) -> str | None:
        """Return the program with a peer's statements from the first answer on."""
        theirs = _reads(peer)
        if len(theirs) != len(self._reads) or any(peer.lines[number].depth for number in theirs):
            return None
        names: dict[Binding, Binding] = {}
        for own, its in zip(self._reads, theirs, strict=True):
            if _form(self._shape, own) != _form(peer, its):
                return None
            pairs = zip(_targets(peer, its), _targets(self._shape, own), strict=False)
            for one, other in pairs:
                if names.setdefault(one, other) is not other:
                    return None
        speaking = Shape(Program(renamed(peer, self._shape, names)))
        rows = list(_rows(self._shape.lines[: self._answer], self._shape.program.text, 0))
        body = [line for number, line in enumerate(speaking.lines) if number not in theirs]
        rows += _rows(body, speaking.program.text, self._depth)
        rows += _rows(self._shape.lines[self._end :], self._shape.program.text, 0)
        return "\n".join(rows) + "\n"


def _reads(shape: Shape) -> list[int]:
    return [number for number, line in enumerate(shape.lines) if _READS & {*line.words}]


def _rows(lines: Sequence[Line], text: str, deeper: int) -> Iterator[str]:
    for line in lines:
        yield "    " * (line.depth + deeper) + text[line.start : line.end]


def _form(shape: Shape, number: int) -> str:
    """Return how a line reads, whatever its names and its spelling."""
    left, equals, right = " ".join(shape.blanked[number]).partition(" = ")
    for pattern, text in _SPELLINGS:
        right = pattern.sub(text, right)
    return f"{left}{equals}{right}"


def _targets(shape: Shape, number: int) -> list[Binding]:
    """Return the names that a line assigns."""
    found = []
    for token, word in zip(shape.lines[number].tokens, shape.blanked[number], strict=True):
        if token.text == "=":
            break
        if word == HOLE and token.kind is TokenKind.WORD:
            found.append(shape.at[token.start])
    return found
