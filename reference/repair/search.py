"""Which candidates to try, in which order, and when to stop."""

import contextlib
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from difflib import SequenceMatcher
from itertools import accumulate, chain, combinations, count, islice, takewhile
from operator import attrgetter

from reference.edits import Program, apply_edits
from reference.edits.align import Alignment
from reference.edits.scopes import is_plausible, unbound_names
from reference.minimise import minimise
from reference.propose import Candidate
from reference.propose.model import FURTHER_PROPOSALS, PROPOSALS
from reference.propose.mutations import propose_mutations
from reference.propose.peers import (
    Graft,
    PeerIndex,
    propose_assemblies,
    propose_grafts,
    propose_mixes,
    propose_splices,
    propose_transplants,
)
from reference.protocol import Entry, Problem, Source
from reference.repair.trial import Trial

_LINE = 6  # what a line that is taken away or added costs beyond the tokens that change
_DEAD = 8  # what a line that is never reached any more costs
_TINY = 14  # cost of a mutation that is likelier right than what the model writes: two tokens
_SMALL = 16  # cost of a fix that needs no rival: a few tokens on one line
_MODERATE = 28  # cost of a fix that whole peers would hardly better
_LARGE = 36  # cost of a fix of functions that farther peers may better
_PARTS = 384  # of the differences from peers that are tried
_TRANSPLANTS = 768
_RIVALS = 512  # mutations tried before whole peers are cut down
_AFTERWARDS = 128  # mutations tried after the first that passes, for a likelier one
_PASSING_PARTS = 6
_WHOLES = 8
_SPLICES = 3
_ASSEMBLIES = 3
_NEAR = 8  # versions of a function among which the smallest changes are looked for
_FAR = 32  # and where these are not small
_FURTHER = 6
_LIKELY = 96  # mutations tried beside functions of peers
_PAIRED = 14  # hunks of which all pairs are left out, too
_REDONE = 3  # times that a peer is cut down again after a test has shown too much is gone
_NEARLY = 96  # changes that nearly suffice, of which some are combined with others
_BASES = 12
_OTHERS = 160
_PAIRS = 1536
_FOR_PARTS = 0.2  # share of the time left that each stage may take
_FOR_RIVALS = 0.25
_FOR_PAIRS = 0.3
_FOR_MODEL = 0.5
_FOR_MORE = 0.65  # of the model's
_FOR_REFUTING = 0.25
_RESERVE = 0.12  # share of the time for a last look at the best


class Search:
    """The search for fixes of one program.

    Parameters
    ----------
    peers
        The problem's accepted programs; None where there are none.
    suspicion
        By 1-based line; waited for where mutations or lines of peers are to be put in order.
    deadline
        A value of `time.monotonic()`.
    ask
        Asks the language model for so many candidates, until a time; None where there is no model.
    """

    def __init__(
        self,
        program: Program,
        problem: Problem,
        trial: Trial,
        peers: PeerIndex | None,
        suspicion: Future[dict[int, float]],
        deadline: float,
        ask: Callable[[float, int], Iterator[Candidate]] | None = None,
    ) -> None:
        self._program = program
        self._problem = problem
        self._trial = trial
        self._peers = peers
        self._suspicion = suspicion
        self._deadline = deadline
        self._ask = ask
        self._until = deadline - _RESERVE * (deadline - time.monotonic())
        self._known = unbound_names(program)
        self._costs: dict[str, int] = {}  # by the text of a candidate
        self._found: list[Candidate] = []  # all pass the tests, as far as they are known
        self._tried: list[Candidate] = []
        self._sound: set[str] = set()  # and these the further ones that were looked for, too

    def fixes(self, most: int) -> list[Candidate]:
        """Return up to `most` changed programs that pass every test, best first.

        The smallest change is the best, of what accepted programs suggest or the model writes;
        where neither helps, the likeliest mutation, as real fixes have it.
        """
        changes = self._mutations()
        if self._peers is None:
            self._change_alone(changes, most)
            return self._confirmed(self._found, most)
        if self._problem.entry is Entry.FUNCTION:
            self._assemble(changes)
            if self._found:
                return self._confirmed(sorted(_different(self._found), key=self._cost), most)
        parts, grafts = propose_grafts(self._program, self._peers)
        self._try((graft.candidate() for graft in parts), _PARTS, _FOR_PARTS)
        wholes: list[Graft] = []
        if not self._is_done(_SMALL):
            # Where each run takes long, there may be no time for these later.
            wholes = self._passing(grafts, _WHOLES) if self._trial.slow else []
            self._mutate(islice(changes, _RIVALS), most, self._share(_FOR_RIVALS))
        if not self._is_done(_SMALL):
            wholes = wholes or self._passing(grafts, _WHOLES)
            alignments = [graft.alignment for graft in grafts]
            lines = propose_transplants(self._program, alignments, self._suspicion.result())
            self._try(lines, _TRANSPLANTS, _FOR_RIVALS)
        if not self._is_done(_MODERATE):
            self._try(self._pairs(), _PAIRS, _FOR_PAIRS)
        if not self._is_done(_MODERATE):
            wholes = self._passing(propose_splices(self._program, self._peers), _SPLICES) + wholes
            self._cut_down(wholes)
            self._exchange()
        if not self._found:
            self._mutate(changes, most, self._until)
        if not self._found:
            self._ask_model()
        if not self._found:
            self._ask_model_further()
        self._least_cost()
        self._found += [whole.candidate() for whole in wholes]
        return self._confirmed(sorted(_different(self._found), key=self._cost), most)

    def _mutations(self) -> Iterator[Candidate]:
        yield from propose_mutations(self._program, self._problem, self._suspicion.result())

    def _change_alone(self, changes: Iterator[Candidate], most: int) -> None:
        """Look for fixes where no accepted program is known."""
        self._ask_model()
        if not self._found:
            self._ask_model_further()
        if not self._found:
            self._mutate(changes, most, self._until)
        elif self._cost(self._found[0]) > _TINY:
            self._prefer_small(changes)

    def _assemble(self, changes: Iterator[Candidate]) -> None:
        """Look where fixes of functions mostly are: quickly, and not far."""
        assert self._peers is not None
        assemblies = propose_assemblies(self._program, self._peers, (_NEAR, _FAR))
        grafts = next(assemblies, [])
        wholes = self._passing(grafts, _ASSEMBLIES) if self._trial.slow else []
        parts = [Graft(one.alignment, (hunk,)) for one in grafts for hunk in one.hunks]
        parts.sort(key=attrgetter("cost"))
        likely = islice(changes, _LIKELY)
        self._try(chain((part.candidate() for part in parts), likely), _PARTS, _FOR_PARTS)
        if not self._is_done(_SMALL):
            wholes = wholes or self._passing(grafts, _ASSEMBLIES)
            self._cut_down(wholes)
            self._mix()
        if grafts and not self._is_done(_LARGE):
            known = {whole.candidate().text for whole in wholes}
            farther = next(assemblies, [])
            new = [graft for graft in farther if graft.candidate().text not in known]
            self._cut_down(self._passing(new, _FURTHER))
            self._mix()
        self._least_cost()

    def _mix(self) -> None:
        """Take the least change of each function from the fixes that there are."""
        fixes = sorted(_different(self._found), key=self._cost)
        self._try(propose_mixes(self._program, fixes, self._cost), _PARTS, _FOR_PARTS)

    def _pairs(self) -> Iterator[Candidate]:
        """Combine what was nearly enough with the other changes that were tried."""
        until = self._share(_FOR_PAIRS)
        nearly = self._trial.nearly or self._trial.helped(self._tried, until)
        bases = self._trial.most_passing(nearly[:_NEARLY], _BASES, until)
        others = sorted(self._tried, key=self._changed)[:_OTHERS]
        pairs = [
            (first + second, base, other)
            for first, base in enumerate(bases)
            for second, other in enumerate(others)
            if other is not base
        ]
        pairs.sort(key=lambda entry: entry[0])
        for _, base, other in pairs:
            edits = (*base.edits, *other.edits)
            with contextlib.suppress(ValueError):  # they overlap
                yield Candidate(
                    apply_edits(self._program.text, edits), edits, other.source, base.score
                )

    @staticmethod
    def _changed(candidate: Candidate) -> int:
        return sum(edit.end - edit.start + len(edit.text) for edit in candidate.edits)

    def _confirmed(self, candidates: Iterable[Candidate], most: int) -> list[Candidate]:
        right = (one for one in candidates if self._trial.confirms(one.text, self._deadline))
        return list(islice(right, most))

    def _is_done(self, cost: int) -> bool:
        """Whether there is a fix of no more than a cost; a dearer one needs no refutation yet."""
        found = min(map(self._cost, self._found), default=math.inf)
        return found <= cost and self._least_cost() <= cost

    def _least_cost(self) -> float:
        """Return the cost of the best fix, after those that further tests refute are dropped."""
        while self._found:
            best = min(self._found, key=self._cost)
            if best.text in self._sound or not self._refuted(best):
                self._sound.add(best.text)
                return self._cost(best)
            others = [one for one in self._found if one is not best]
            passing = self._trial.which_pass([one.text for one in others], self._until)
            self._found = [others[index] for index in passing]
        return math.inf

    def _refuted(self, candidate: Candidate) -> bool:
        return self._trial.refuted(candidate.text, self._share(_FOR_REFUTING))

    def _try(self, candidates: Iterable[Candidate], most: int, share: float) -> None:
        """Try not more than `most`, until a few pass."""
        passing = self._trial.passing(
            self._noted(islice(self._new(candidates), most)), self._share(share)
        )
        plausible = (one for one in passing if is_plausible(one.text, self._known))
        self._found += islice(plausible, _PASSING_PARTS)

    def _noted(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        for candidate in candidates:
            self._tried.append(candidate)
            yield candidate

    def _ask_model(self, count: int = PROPOSALS, share: float = _FOR_MODEL) -> None:
        if self._ask is not None:
            written = self._new(self._ask(self._end_of(share), count))
            passing = self._trial.passing(written, self._until, patient=True)
            # The smallest is right as often as the likeliest.
            found = [self._without_excess(candidate) for candidate in passing]
            self._found += sorted(found, key=self._cost)

    def _ask_model_further(self) -> None:
        self._ask_model(FURTHER_PROPOSALS, _FOR_MORE)

    def _prefer_small(self, changes: Iterator[Candidate]) -> None:
        """Put a small likely mutation, if one passes, before what the model wrote."""
        written, self._found = self._found, []
        self._mutate(islice(changes, _LIKELY), 1, self._share(_FOR_RIVALS))
        self._found = [one for one in self._found if self._cost(one) <= _TINY] + written

    def _mutate(self, changes: Iterator[Candidate], most: int, until: float) -> None:
        found: list[Candidate] = []
        tried = 0

        def counted() -> Iterator[Candidate]:
            nonlocal tried
            for candidate in self._noted(changes):
                yield candidate
                tried += 1
                if found and tried > enough:
                    return

        enough = 0
        for candidate in self._trial.passing(counted(), until):
            if not found:
                enough = tried + _AFTERWARDS
            found.append(candidate)
            if len(found) >= most:
                break
        self._found += [self._without_excess(candidate) for candidate in found]

    def _passing(self, grafts: Sequence[Graft], most: int) -> list[Graft]:
        """Return the nearest whole peers that pass in the user's names."""
        texts = [graft.candidate().text for graft in grafts]
        return [grafts[index] for index in self._trial.adopted(texts, most, self._until)]

    def _cut_down(self, wholes: Sequence[Graft]) -> None:
        """Take no more than is needed from peers that differ in much."""
        small = dict(zip(wholes, self._shrunk(wholes), strict=True))
        for _ in range(_REDONE):
            if not small:
                return
            best = min((one.candidate() for one in small.values()), key=self._cost)
            if best.text in self._sound or not self._refuted(best):
                self._sound.add(best.text)
                break
            # A test has shown that too much is gone, perhaps of others too, or a peer is wrong.
            passing = self._graft_passing([*small, *small.values()])
            small = {whole: one for whole, one in small.items() if whole in passing}
            failing = [whole for whole, one in small.items() if one not in passing]
            small.update(zip(failing, self._shrunk(failing), strict=True))
        self._found += [one.candidate() for one in small.values()]

    def _exchange(self) -> None:
        """Look for small changes that do instead of a part of the best fix."""
        until = self._share(_FOR_PAIRS)
        while _MODERATE < self._least_cost() < math.inf and time.monotonic() < until:
            best = min(self._found, key=self._cost)
            # Between what is left of a peer and the program, other lines may correspond.
            alignment = Alignment(self._program.text, best.text)
            whole = Graft(alignment, alignment.hunks)
            self._found += [one.candidate() for one in self._shrunk([whole])]
            exchanged = {one.text: one for one in self._exchanged(whole)}
            texts = list(exchanged)
            passing = (texts[index] for index in self._trial.which_pass(texts, until))
            plausible = (text for text in passing if is_plausible(text, self._known))
            self._found += [exchanged[text] for text in plausible]
            if min(self._found, key=self._cost) is best:
                return

    def _exchanged(self, whole: Graft) -> Iterator[Candidate]:
        """Yield the graft with a small change that was tried in the place of each hunk."""
        others = sorted(self._tried, key=self._changed)[:_OTHERS]
        most = self._changed(whole.candidate())
        for hunk in whole.hunks:
            rest = whole.without([hunk]).candidate()
            for other in others:
                if self._changed(rest) + self._changed(other) < most:
                    edits = (*rest.edits, *other.edits)
                    source = Source.PEERS if rest.edits else other.source
                    with contextlib.suppress(ValueError):  # they overlap
                        text = apply_edits(self._program.text, edits)
                        yield Candidate(text, edits, source, other.score)

    def _shrunk(self, grafts: Sequence[Graft]) -> list[Graft]:
        """Leave out blocks of hunks, from half of them to single ones; of the least, pairs too."""
        small = self._reduced(grafts, _without_blocks)
        if small:
            least = min(range(len(small)), key=lambda place: small[place].cost)
            small[least : least + 1] = self._reduced([small[least]], _without_pairs)
        return small

    def _reduced(
        self, grafts: Sequence[Graft], parts: Callable[[Graft], list[Graft]]
    ) -> list[Graft]:
        """Take the least part of each that passes, until there is none.

        As `minimise`, but all that may be left out of all grafts is tried at once.
        """
        small = list(grafts)
        tried = dict(enumerate(map(parts, small)))
        while tried:
            passing = self._graft_passing(chain.from_iterable(tried.values()))
            for place, some in tried.items():
                passed = (one for one in some if one in passing)
                tried[place] = sorted(passed, key=attrgetter("cost"))
            tried = {place: some for place, some in tried.items() if some}
            # What can be left out one by one can often be left out together.
            joint = {
                place: list(accumulate(some, Graft.common))[1:] for place, some in tried.items()
            }
            passing |= self._graft_passing(chain.from_iterable(joint.values()))
            for place, some in joint.items():
                right = [one for one in (*tried[place], *some) if one in passing]
                small[place] = min(right, key=attrgetter("cost"))
                tried[place] = parts(small[place])
        return small

    def _graft_passing(self, grafts: Iterable[Graft]) -> set[Graft]:
        texts: dict[str, list[Graft]] = {}
        for graft in grafts:
            if graft.hunks:
                texts.setdefault(graft.alignment.text(graft.hunks), []).append(graft)
        some = list(texts)
        passing = (some[index] for index in self._trial.which_pass(some, self._until))
        plausible = (text for text in passing if is_plausible(text, self._known))
        return {graft for text in plausible for graft in texts[text]}

    def _new(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        """Leave out what repeats."""
        seen = {self._program.text}
        for candidate in candidates:
            if candidate.text not in seen:
                seen.add(candidate.text)
                yield candidate

    def _without_excess(self, candidate: Candidate) -> Candidate:
        if len(candidate.edits) < 2:
            return candidate
        edits = minimise(
            candidate.edits,
            lambda part: self._trial.passes(apply_edits(self._program.text, part), self._until),
        )
        text = apply_edits(self._program.text, edits)
        return Candidate(text, tuple(edits), candidate.source, candidate.score)

    def _cost(self, candidate: Candidate) -> int:
        """Return how many tokens and lines a candidate changes, and what it leaves unreachable."""
        if candidate.text not in self._costs:
            self._costs[candidate.text] = self._count_changes(candidate)
        return self._costs[candidate.text]

    def _count_changes(self, candidate: Candidate) -> int:
        hunks = Alignment(self._program.text, candidate.text).hunks
        old, new = self._program.lines, candidate.text.split("\n")
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        lines = sum(b - a + d - c for tag, a, b, c, d in codes if tag != "equal")
        dead = Program(candidate.text).unreachable - self._program.unreachable
        return sum(hunk.size for hunk in hunks) + _LINE * lines + _DEAD * max(0, dead)

    def _share(self, part: float) -> float:
        """Return the end of a stage that needs the program traced; what that takes is no part."""
        wait([self._suspicion])
        return self._end_of(part)

    def _end_of(self, part: float) -> float:
        now = time.monotonic()
        return now + part * (self._until - now)


def _without_blocks(graft: Graft) -> list[Graft]:
    """Return the graft without blocks of hunks, from half of them to single ones."""
    hunks = graft.hunks
    sizes = takewhile(bool, (len(hunks) >> step for step in count(1)))
    return [
        graft.without(hunks[start : start + size])
        for size in sizes
        for start in range(0, len(hunks), size)
    ]


def _without_pairs(graft: Graft) -> list[Graft]:
    """Return the graft without single hunks, and, if there are few, without pairs of them."""
    hunks = graft.hunks
    most = 2 if len(hunks) <= _PAIRED else 1
    return [
        graft.without(some) for size in range(1, most + 1) for some in combinations(hunks, size)
    ]


def _different(candidates: Iterable[Candidate]) -> list[Candidate]:
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.text, candidate)
    return list(first.values())
