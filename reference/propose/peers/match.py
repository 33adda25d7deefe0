"""Which of a peer's names stands for which of the user's: by what is done with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import Match, SequenceMatcher
from functools import lru_cache

from reference.edits.pairing import pair_lines
from reference.edits.scopes import Binding, NameKind, rename
from reference.edits.tokens import TokenKind
from reference.propose.peers.docstrings import documented
from reference.propose.peers.shape import HOLE, Shape

_ROUNDS = 2
_SAME_NAME = 0.05
_LEAST = 0.02  # likeness under which two names have nothing in common


def translated(peer: Shape, mine: Shape) -> str:
    """Return the peer's program with its names replaced, and the user's docstrings in it.

    Names are compared by their uses: the tokens around each, with names blanked, and the shape
    of the line with the place in it. Then programs are aligned line by line, and names that
    stand in the same places of paired lines count as alike; that is repeated.
    """
    known = _interface(peer, mine)
    by_use = _by_use(peer, mine)
    names = _assign(by_use, known)
    for _ in range(_ROUNDS):
        by_place = _by_place(peer, mine, names)
        names = _assign(
            {pair: by_use.get(pair, 0) + by_place[pair] for pair in by_use | by_place}, known
        )
    return documented(renamed(peer, mine, names), mine.program)


Pair = tuple[Binding, Binding]


def _by_use(peer: Shape, mine: Shape) -> dict[Pair, float]:
    theirs, ours = _uses(peer), _uses(mine)
    totals = {own: own_uses.total() for own, own_uses in ours.items()}
    likeness: dict[Pair, float] = {}
    for its, its_uses in theirs.items():
        total = its_uses.total()
        for own, own_uses in ours.items():
            if _compatible(its, own):
                shared = sum(
                    min(times, own_uses[use]) for use, times in its_uses.items() if use in own_uses
                )
                either = total + totals[own] - shared
                likeness[its, own] = (shared / either if either else 0.0) + _SAME_NAME * (
                    its.name == own.name
                )
    return likeness


def _compatible(its: Binding, own: Binding) -> bool:
    return (its.kind is NameKind.FUNCTION) == (own.kind is NameKind.FUNCTION)


def _interface(peer: Shape, mine: Shape) -> dict[Binding, Binding]:
    """Pair functions of the same name: callers may know them by it."""
    functions = {one.name: one for one in mine.bindings if one.kind is NameKind.FUNCTION}
    return {
        its: functions[its.name]
        for its in peer.bindings
        if its.kind is NameKind.FUNCTION and its.name in functions
    }


@lru_cache(maxsize=64)
def _uses(shape: Shape) -> dict[Binding, Counter[tuple[str, ...]]]:
    uses: dict[Binding, Counter[tuple[str, ...]]] = {one: Counter() for one in shape.bindings}
    for line, blanked in zip(shape.lines, shape.blanked, strict=True):
        padded = ("^", "^", *blanked, "$", "$")
        holes = 0
        for place, token in enumerate(line.tokens):
            binding = shape.at.get(token.start) if token.kind is TokenKind.WORD else None
            if binding is None:
                continue
            around = padded[place : place + 5]
            uses[binding][around] += 1
            uses[binding][around[1:4]] += 1
            in_line = (str(holes), *blanked)
            uses[binding][in_line] += 1
            holes += 1
    return uses


def _by_place(peer: Shape, mine: Shape, names: Mapping[Binding, Binding]) -> Counter[Pair]:
    together: Counter[Pair] = Counter()
    theirs = [_words(peer, number, names) for number in range(len(peer.lines))]
    lines_theirs = [
        replace(line, words=words) for line, words in zip(peer.lines, theirs, strict=True)
    ]
    for own, its in pair_lines(mine.lines, lines_theirs):
        if own is None or its is None:
            continue
        for block in _blocks(mine.blanked[own], peer.blanked[its]):
            for step in range(block.size):
                if mine.blanked[own][block.a + step] == HOLE:
                    one = mine.at[mine.lines[own].tokens[block.a + step].start]
                    other = peer.at[peer.lines[its].tokens[block.b + step].start]
                    if _compatible(other, one):
                        together[other, one] += 1
    return together


@lru_cache(maxsize=1 << 14)  # accepted programs of one problem have many lines in common
def _blocks(a: Sequence[str], b: Sequence[str]) -> Sequence[Match]:
    return SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()


def _words(shape: Shape, number: int, names: Mapping[Binding, Binding]) -> tuple[str, ...]:
    line = shape.lines[number]
    words = []
    for token, word in zip(line.tokens, line.words, strict=True):
        binding = shape.at.get(token.start)
        words.append(names[binding].name if binding and binding in names else word)
    return tuple(words)


def _assign(
    likeness: Mapping[Pair, float], known: Mapping[Binding, Binding]
) -> dict[Binding, Binding]:
    """Pair names one to one, the known ones and then the most alike first."""
    names = dict(known)
    taken = set(known.values())
    ranked = sorted(
        likeness.items(),
        key=lambda entry: (-entry[1], entry[0][0].places[0], entry[0][1].places[0]),
    )
    for (its, own), value in ranked:
        if value >= _LEAST and its not in names and own not in taken:
            names[its] = own
            taken.add(own)
    return names


def renamed(peer: Shape, mine: Shape, names: Mapping[Binding, Binding]) -> str:
    """Return the peer's program with some names replaced by the user's.

    A name without a counterpart keeps its own, unless that is one of the user's.
    """
    wanted = {its: own.name for its, own in names.items()}
    used = {own.name for own in mine.bindings} | set(wanted.values())
    for its in peer.bindings:
        if its not in wanted:
            name = its.name
            while name in used:
                name += "_"
            wanted[its] = name
            used.add(name)
    return rename(peer.program, wanted)
