"""Candidates from peers: their hunks one by one, and whole peers to be cut down."""

from dataclasses import dataclass
from itertools import pairwise

from reference.edits import Program
from reference.edits.align import Alignment, Hunk
from reference.propose.candidate import Candidate
from reference.propose.peers.index import PeerIndex
from reference.propose.peers.match import translated
from reference.propose.peers.shape import Shape
from reference.protocol import Source

_PEERS = 12
_WHOLE = 6  # peers whose whole difference is tried


@dataclass(frozen=True, slots=True)
class Graft:
    """Some hunks of the difference from a peer, and the candidate that they make."""

    alignment: Alignment
    hunks: tuple[Hunk, ...]
    whole: bool = False  # all that the peer differs in, or a selection made from that

    @property
    def size(self) -> int:
        """Number of tokens that change."""
        return sum(hunk.size for hunk in self.hunks)

    def candidate(self) -> Candidate:
        """Return the changed program."""
        return Candidate(
            self.alignment.text(self.hunks),
            self.alignment.edits(self.hunks),
            Source.PEERS,
            -float(self.size),
        )


def propose_grafts(program: Program, index: PeerIndex) -> list[Graft]:
    """Return single hunks and neighbouring pairs, small ones first, then whole differences."""
    shape = Shape(program)
    alignments = []
    for peer in index.nearest(shape, _PEERS):
        try:
            alignments.append(Alignment(program.text, translated(peer, shape)))
        except (SyntaxError, ValueError):
            continue
    alignments.sort(key=lambda one: sum(hunk.size for hunk in one.hunks))
    parts = []
    for alignment in alignments:
        hunks = alignment.hunks
        parts += [Graft(alignment, (hunk,)) for hunk in hunks]
        parts += [Graft(alignment, pair) for pair in pairwise(hunks)]
    whole = [Graft(one, one.hunks, whole=True) for one in alignments[:_WHOLE] if one.hunks]
    return [*sorted(parts, key=lambda graft: graft.size), *whole]
