"""Find the accepted programs that are nearest to a program, among thousands."""

import ast
import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from reference.edits import Program, SourceText
from reference.edits.normalise import canonical
from reference.propose.peers.layout import tidied
from reference.propose.peers.shape import Shape
from reference.propose.peers.unwrap import unwrapped
from reference.protocol import Problem
from reference.recent import Recent

_CAPACITY = 256  # problems kept
_COMMON = 0.5  # a feature of more than half of all programs tells none from another


class PeerIndex:
    """An inverted index over the shapes of a problem's accepted programs.

    Programs that are the same up to names and layout are kept once. Nearness is the cosine of
    feature vectors weighted by inverse document frequency (Salton and Buckley 1988), so that a
    query reads only the programs that share a rare feature with it.

    Parameters
    ----------
    solutions
        Accepted programs; those that do not parse are left out.
    """

    def __init__(self, solutions: Sequence[str]) -> None:
        self.peers: list[Shape] = []
        self._postings: dict[str, list[tuple[int, float]]] = {}
        seen: set[str] = set()
        for code in solutions:
            try:
                text = SourceText(code).text
                form = canonical(text)
                if form in seen:
                    continue
                seen.add(form)
                for variant in unwrapped(text):
                    # Its text goes into others' programs: not in its author's layout.
                    self.peers.append(Shape(Program(tidied(variant))))
            except (SyntaxError, RecursionError):
                continue
        self._weigh([shape.features() for shape in self.peers])

    @cached_property
    def functions(self) -> dict[str, "PeerIndex"]:
        """Indexes of the functions of the peers' modules, by their names."""
        versions: dict[str, list[str]] = {}
        for peer in self.peers:
            for node in peer.program.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.decorator_list:
                    versions.setdefault(node.name, []).append(peer.program.source(node))
        return {name: PeerIndex(some) for name, some in versions.items()}

    @cached_property
    def shortest(self) -> Sequence[Shape]:
        """The peers, those of few tokens first."""
        return sorted(self.peers, key=lambda peer: sum(len(line.tokens) for line in peer.lines))

    def _weigh(self, features: Sequence[Counter[str]]) -> None:
        documents = Counter(feature for counts in features for feature in counts)
        total = len(features)
        self._rarity = {
            feature: math.log(1 + total / count) for feature, count in documents.items()
        }
        for number, counts in enumerate(features):
            vector = {name: count * self._rarity[name] for name, count in counts.items()}
            norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
            for name, value in vector.items():
                self._postings.setdefault(name, []).append((number, value / norm))

    def nearest(self, shape: Shape, count: int) -> list[Shape]:
        """Return up to `count` peers, the nearest first."""
        scores = [0.0] * len(self.peers)
        few = max(32, _COMMON * len(self.peers))
        for name, times in shape.features().items():
            postings = self._postings.get(name, ())
            if len(postings) <= few:
                for number, value in postings:
                    scores[number] += times * self._rarity[name] * value
        ranked = sorted(range(len(self.peers)), key=lambda number: -scores[number])
        return [self.peers[number] for number in ranked[:count]]


class PeerIndexes:
    """The indexes of the problems that were asked for last."""

    def __init__(self) -> None:
        self._known: Recent[PeerIndex] = Recent(_CAPACITY)

    def get(self, problem: Problem) -> PeerIndex | None:
        """Return the index of a problem's solutions; None where none of them parses."""
        index = self._known.get(problem.solutions)
        if index is None:
            index = PeerIndex(problem.solutions)
            self._known.put(problem.solutions, index)
        return index if index.peers else None
