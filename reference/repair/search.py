"""Which candidates to try, in which order, and when to stop."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from reference.edits import Program, apply_edits
from reference.edits.align import Alignment
from reference.edits.scopes import unbound_names
from reference.minimise import minimise
from reference.propose import Candidate
from reference.propose.mutations import propose_mutations
from reference.propose.peers import Graft, PeerIndex, propose_grafts
from reference.protocol import Problem
from reference.repair.trial import Trial

_PARTS = 384  # of the differences from peers that are tried
_ADDED = 2  # what an added statement costs beyond its tokens
_SMALL = 2  # cost of a fix from a peer that needs no rival
_MODERATE = 6  # cost of a fix that whole peers would hardly better
_AFTERWARDS = 128  # mutations tried after the first that passes, for a likelier one
_RIVALS = 512  # mutations tried before whole peers are
_PASSING_PARTS = 6
_PASSING_WHOLES = 5
_FOR_WHOLES = 0.4  # share of the time left that cutting down whole peers may take
_RESERVE_S = 0.1


@dataclass(frozen=True, slots=True)
class Search:
    """The search for fixes of one program.

    Parameters
    ----------
    peers
        The problem's accepted programs; None where there are none.
    suspicion
        By 1-based line.
    deadline
        A value of `time.monotonic()`.
    """

    program: Program
    problem: Problem
    trial: Trial
    peers: PeerIndex | None
    suspicion: Mapping[int, float]
    deadline: float

    def fixes(self, most: int) -> list[Candidate]:
        """Return up to `most` changed programs that pass every test, best first.

        Where accepted programs are known, the smallest change is the best; else the likeliest,
        as real fixes have it.
        """
        changes = propose_mutations(self.program, self.problem, self.suspicion)
        if self.peers is None:
            return self._mutations(changes, most)
        parts, wholes = propose_grafts(self.program, self.peers)
        found = self._parts(parts)
        if self._least_cost(found) > _SMALL:
            found += self._mutations(islice(changes, _RIVALS), most)
        if self._least_cost(found) > _MODERATE:
            found += self._cut_down(wholes)
        if not found:
            found += self._mutations(changes, most)
        return sorted(_different(found), key=self._cost)[:most]

    def _least_cost(self, found: Sequence[Candidate]) -> float:
        return min(map(self._cost, found), default=math.inf)

    def _mutations(self, changes: Iterator[Candidate], most: int) -> list[Candidate]:
        found: list[Candidate] = []
        tried = 0

        def counted() -> Iterator[Candidate]:
            nonlocal tried
            for candidate in changes:
                yield candidate
                tried += 1
                if found and tried > enough:
                    return

        enough = 0
        for candidate in self.trial.passing(counted(), self._until):
            if not found:
                enough = tried + _AFTERWARDS
            found.append(candidate)
            if len(found) >= most:
                break
        return [self._without_excess(candidate) for candidate in found]

    def _parts(self, parts: Sequence[Graft]) -> list[Candidate]:
        candidates = self._plausible(graft.candidate() for graft in parts)
        passing = self.trial.passing(islice(candidates, _PARTS), self._until)
        return list(islice(passing, _PASSING_PARTS))

    def _cut_down(self, wholes: Sequence[Graft]) -> list[Candidate]:
        """Take what is needed from peers that differ in much."""
        found: list[Candidate] = []
        now = time.monotonic()
        enough = now + _FOR_WHOLES * (self._until - now)
        for graft in wholes:
            if found and time.monotonic() > enough:
                break
            if self.trial.passes(graft.candidate().text, self._until):
                found.append(self._smallest(graft))
            if len(found) == _PASSING_WHOLES:
                break
        return found

    def _smallest(self, graft: Graft) -> Candidate:
        alignment = graft.alignment
        known = unbound_names(self.program)

        def cut(passes: Callable[[str, float], bool]) -> Candidate:
            hunks = minimise(
                graft.hunks,
                lambda some: (
                    _is_plausible(alignment.text(some), known)
                    and passes(alignment.text(some), self._until)
                ),
            )
            return Graft(alignment, tuple(hunks)).candidate()

        # Few tests tell quickly; all of them must agree, or are asked at each step.
        quick = cut(self.trial.passes_few)
        return quick if self.trial.passes(quick.text, self._until) else cut(self.trial.passes)

    def _plausible(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        """Leave out what is no program, what repeats, and what reads names that nothing binds."""
        seen = {self.program.text}
        known = unbound_names(self.program)
        for candidate in candidates:
            if candidate.text not in seen:
                seen.add(candidate.text)
                if _is_plausible(candidate.text, known):
                    yield candidate

    def _without_excess(self, candidate: Candidate) -> Candidate:
        if len(candidate.edits) < 2:
            return candidate
        edits = minimise(
            candidate.edits,
            lambda part: self.trial.passes(apply_edits(self.program.text, part), self._until),
        )
        text = apply_edits(self.program.text, edits)
        return Candidate(text, tuple(edits), candidate.source, candidate.score)

    def _cost(self, candidate: Candidate) -> int:
        """Return how many tokens a candidate changes; an added statement counts for more."""
        hunks = Alignment(self.program.text, candidate.text).hunks
        return sum(hunk.size + _ADDED * (hunk.kind == "insert") for hunk in hunks)

    @property
    def _until(self) -> float:
        return self.deadline - _RESERVE_S


def _is_plausible(text: str, known: set[str]) -> bool:
    """Whether a text is a program that reads no unbound names but the known ones."""
    try:
        return unbound_names(Program(text)) <= known
    except SyntaxError:
        return False


def _different(candidates: list[Candidate]) -> list[Candidate]:
    return list({candidate.text: candidate for candidate in reversed(candidates)}.values())[::-1]
