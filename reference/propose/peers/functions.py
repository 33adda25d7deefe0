"""Peers put together function by function, each the nearest to the user's."""

import ast
from collections.abc import Sequence
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


def propose_assemblies(program: Program, index: PeerIndex, nearest: int) -> list[Graft]:
    """Return programs whose every function is an accepted one, small changes first.

    The functions of one program may come from several peers. Only functions that need no others
    than the user's program has are taken.

    Parameters
    ----------
    nearest
        How many versions of each function are looked at, for the few of small changes.
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
    versions = [
        _versions(program.text[slice(*span)], index.functions[node.name], known, nearest)
        for span, node in zip(spans, functions, strict=True)
    ]
    if not versions or not all(versions):
        return []
    grafts = []
    for place in range(max(map(len, versions))):
        edits = [
            TextEdit(*span, some[min(place, len(some) - 1)])
            for span, some in zip(spans, versions, strict=True)
        ]
        alignment = Alignment(program.text, apply_edits(program.text, edits))
        if alignment.hunks:
            grafts.append(Graft(alignment, alignment.hunks))
    return sorted(grafts, key=attrgetter("cost"))


def _span(program: Program, function: ast.FunctionDef) -> tuple[int, int]:
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return program.line_start(first), program.span(function)[1]


def _versions(text: str, index: PeerIndex, known: set[str], nearest: int) -> Sequence[str]:
    """Return accepted versions of a function in its own names, those of small changes first."""
    try:
        mine = Shape(Program(text))
    except SyntaxError:
        return []
    ranked = index.nearest(mine, len(index.peers))
    found: dict[str, int] = {}
    for order, count in ((ranked, nearest), (index.shortest, _SHORTEST)):
        usable = (peer for peer in order if peer.needs <= known)
        for peer in islice(usable, count):
            version = translated(peer, mine)
            if version not in found:
                hunks = Alignment(text, version).hunks
                found[version] = sum(hunk.size for hunk in hunks)
    return sorted(found, key=found.__getitem__)[:_VERSIONS]
