"""Candidates from peers: their hunks one by one, and whole peers to be cut down."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations, pairwise
from operator import attrgetter

from reference.edits import Program, apply_edits
from reference.edits.align import Alignment, Hunk
from reference.propose.candidate import Candidate
from reference.propose.peers.index import PeerIndex
from reference.propose.peers.match import translated
from reference.propose.peers.shape import Shape
from reference.protocol import Source

_PEERS = 14
_PAIRED = 10  # hunks of a peer that are all tried in pairs; of more, only neighbours are


@dataclass(frozen=True, slots=True)
class Graft:
    """Some hunks of the difference from a peer, and the candidate that they make."""

    alignment: Alignment
    hunks: tuple[Hunk, ...]

    @property
    def cost(self) -> int:
        """Number of tokens that change and of lines taken away or added.

        A line counts no more than a token: where it does, cutting down begins with leaving out
        large pieces, and ends sooner, with what only these would have made needless.
        """
        changed = {hunk.line for hunk in self.hunks if hunk.kind == "tokens"}
        for hunk in self.hunks:
            if hunk.kind == "depth":
                changed.update(range(hunk.first, hunk.last))
        whole = sum(hunk.kind in ("insert", "delete") for hunk in self.hunks)
        return sum(hunk.size for hunk in self.hunks) + 2 * len(changed) + whole

    def without(self, hunks: Collection[Hunk]) -> "Graft":
        """Return the graft without some of its hunks."""
        return Graft(self.alignment, tuple(hunk for hunk in self.hunks if hunk not in hunks))

    def common(self, other: "Graft") -> "Graft":
        """Return the graft of the hunks that are in another of the same alignment, too."""
        return Graft(self.alignment, tuple(hunk for hunk in self.hunks if hunk in other.hunks))

    def candidate(self) -> Candidate:
        """Return the changed program."""
        edits = self.alignment.edits(self.hunks)
        text = apply_edits(self.alignment.source, edits)
        return Candidate(text, edits, Source.PEERS, -float(self.cost))


def propose_grafts(program: Program, index: PeerIndex) -> tuple[list[Graft], list[Graft]]:
    """Return what to take over from the nearest accepted programs.

    Returns
    -------
    parts, wholes : list of Graft
        Single hunks and pairs of them, small ones first; and all that each peer differs
        in, the nearest first.
    """
    shape = Shape(program)
    alignments = []
    for peer in index.nearest(shape, _PEERS):
        try:
            alignments.append(Alignment(program.text, translated(peer, shape)))
        except (SyntaxError, ValueError):
            continue
    wholes = [Graft(one, one.hunks) for one in alignments if one.hunks]
    parts = []
    for alignment in alignments:
        hunks = alignment.hunks
        parts += [Graft(alignment, (hunk,)) for hunk in hunks]
        pairs = combinations(hunks, 2) if len(hunks) <= _PAIRED else pairwise(hunks)
        parts += [Graft(alignment, pair) for pair in pairs]
    return sorted(parts, key=attrgetter("cost")), sorted(wholes, key=attrgetter("cost"))
