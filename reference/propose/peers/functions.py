"""Peers put together function by function, each the nearest to the user's."""

import ast
from collections.abc import Iterator, Sequence, Set
from itertools import islice
from operator import attrgetter

from reference.edits import Program, TextEdit, apply_edits
from reference.edits.align import Alignment
from reference.edits.scopes import unbound_names
from reference.propose.peers.index import PeerIndex
from reference.propose.peers.match import translated
from reference.propose.peers.propose import Graft
from reference.propose.peers.shape import Shape

_SHORTEST = 4  # versions looked at besides, for a function that is hardly there
_VERSIONS = 8


def propose_assemblies(
    program: Program, index: PeerIndex, counts: Sequence[int]
) -> Iterator[list[Graft]]:
    """Yield programs whose every function is an accepted one, small changes first.

    The functions of one program may come from several peers. Only functions that need no others
    than the user's program has are taken.

    Parameters
    ----------
    counts
        How many versions of each function are looked at, for the few of small changes: first,
        and each further time, when those looked at before are looked at again.
    """
    functions = [
        node
        for node in program.tree.body
        if isinstance(node, ast.FunctionDef) and node.name in index.functions
    ]
    known = unbound_names(program) | {
        node.name for node in program.tree.body if isinstance(node, ast.FunctionDef)
    }
    spans = [_span(program, node) for node in functions]
    try:
        versions = [
            _Versions(program.text[slice(*span)], index.functions[node.name], known)
            for span, node in zip(spans, functions, strict=True)
        ]
    except SyntaxError:
        return
    for count in counts:
        chosen = [some.smallest(count) for some in versions]
        yield _assembled(program, spans, chosen) if all(chosen) else []


def _assembled(
    program: Program, spans: Sequence[tuple[int, int]], versions: Sequence[Sequence[str]]
) -> list[Graft]:
    """Return programs with the first version of every function, the second, and so on."""
    grafts = []
    for place in range(max(map(len, versions), default=0)):
        edits = [
            TextEdit(*span, some[min(place, len(some) - 1)])
            for span, some in zip(spans, versions, strict=True)
        ]
        alignment = Alignment(program.text, apply_edits(program.text, edits))
        if alignment.hunks:
            grafts.append(Graft(alignment, alignment.hunks))
    return sorted(grafts, key=attrgetter("cost"))


def _span(program: Program, function: ast.FunctionDef) -> tuple[int, int]:
    """Return where a function starts, with its decorators, and where it ends."""
    return program.statement_start(function), program.span(function)[1]


class _Versions:
    """Accepted versions of one function of the user's, in its names.

    Parameters
    ----------
    known
        The names that a version may need.
    """

    def __init__(self, text: str, index: PeerIndex, known: Set[str]) -> None:
        self._text = text
        self._mine = Shape(Program(text))
        ranked = index.nearest(self._mine, len(index.peers))
        self._ranked = [peer for peer in ranked if peer.needs <= known]
        usable = (peer for peer in index.shortest if peer.needs <= known)
        self._shortest = list(islice(usable, _SHORTEST))
        self._translated: dict[Shape, str] = {}
        self._sizes: dict[str, int] = {}

    def smallest(self, count: int) -> Sequence[str]:
        """Return those of small changes, of the nearest and a few short ones."""
        peers = [*self._ranked[:count], *self._shortest]
        found = dict.fromkeys(map(self._version, peers))
        return sorted(found, key=self._size)[:_VERSIONS]

    def _version(self, peer: Shape) -> str:
        if peer not in self._translated:
            self._translated[peer] = translated(peer, self._mine)
        return self._translated[peer]

    def _size(self, version: str) -> int:
        if version not in self._sizes:
            hunks = Alignment(self._text, version).hunks
            self._sizes[version] = sum(hunk.size for hunk in hunks)
        return self._sizes[version]
