"""The search for likely answers, without the model: what to read next, and what came of it.

The model has read the prompt and, as a draft of the answer, the program that was sent; so it is
known what it would rather write at every token of the draft. The likeliest of those deviations are
followed, some at a time. Each is written on greedily, and by guesses: that a line goes on as in the
draft after the same two tokens, and that after a line's end the draft goes on. A guess is read in
one pass and kept as far as the model agrees (speculative decoding with the input as the draft:
Leviathan et al., ICML 2023; Yang et al., arXiv:2304.04487). Where the model hesitates on the way,
there are further deviations. What is followed next is the likeliest of all (best-first search), so
that a fix takes as many steps as it has tokens, and not as many as the program has.

Once a changed line has ended and the draft may go on, the answer is presumed to end as the draft
does; the rest is read when enough answers are known, the likeliest first, which shows what else
must be changed. The search ends when all that is open is less likely than the last of the answers
wanted, or much less likely than the best one.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.model.prompt import END

CHOICES = 16
"""Of what may follow a token, so many are looked at."""

ANSWERS = 10
"""Of so many answers, an effort is told; more may cost more."""

_LEAST_CHANCE = -9.0
_AHEAD = (1, 3, 100)  # lines of the draft that are guessed to follow, after so many right guesses
_LONGEST_GUESS = 8  # tokens of a line
_UNREAD = 0.3  # of the doubts about the draft's end, what an answer has that ends like it


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a search may cost.

    Parameters
    ----------
    at_once
        Deviations that are followed at one time.
    tokens
        After so many tokens read, prompt and draft aside, nothing more is read.
    rows
        Tokens of a reading, at most.
    behind
        The search ends when all that is open is less likely than the best answer by more than
        this, in natural logarithms. (What is read beside the likeliest costs little, however
        unlikely.)
    """

    at_once: int
    tokens: int
    rows: int = 64
    behind: float = math.inf

    @property
    def most(self) -> int:
        """Tokens read in the end, at most: a reading may start a token before `tokens`."""
        return self.tokens + self.rows

    def for_answers(self, count: int) -> "Effort":
        """Return the effort for so many answers: in proportion, where more than `ANSWERS`."""
        times = max(1.0, count / ANSWERS)
        return replace(self, tokens=round(times * self.tokens), behind=times * self.behind)

    def within(self, most: int) -> "Effort":
        """Return the effort with no more tokens read in the end than there is room for."""
        return replace(self, tokens=min(self.tokens, most - self.rows))


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens to read.

    Parameters
    ----------
    tokens, positions, following
        int64 [tokens]: what is read, its place in its answer (0 is the first token after the
        prompt), and which next token's probability is wanted.
    seen
        bool [tokens, places]: what of the draft, of what was read before and of what is read now
        each token sees, itself included. All see the prompt.
    """

    tokens: NDArray[np.int64]
    positions: NDArray[np.int64]
    following: NDArray[np.int64]
    seen: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may follow tokens, by natural logarithms of probabilities.

    Parameters
    ----------
    tokens, log_probabilities
        [tokens, CHOICES]: the likeliest, best first, of text and `END`.
    following
        [tokens]: of the token that was asked for.
    """

    tokens: NDArray[np.integer[Any]]
    log_probabilities: NDArray[np.floating[Any]]
    following: NDArray[np.floating[Any]]

    def part(self, tokens: slice) -> "Outlook":
        """Return what may follow some of the tokens."""
        return Outlook(self.tokens[tokens], self.log_probabilities[tokens], self.following[tokens])

    def choice(self, row: int, rank: int) -> tuple[int, float]:
        """Return one of what may follow a token, and how likely it is."""
        return self.tokens.item(row, rank), self.log_probabilities.item(row, rank)


def joined(parts: Sequence[Outlook]) -> Outlook:
    """Return the outlook from all tokens, given those from some after the others."""
    return Outlook(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate([part.log_probabilities for part in parts]),
        np.concatenate([part.following for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written, `END` included; `log_probability` is the natural logarithm.

    Where the rest of the draft was presumed and not read, that is an estimate.
    """

    tokens: tuple[int, ...]
    log_probability: float


@dataclass(slots=True)
class Path:
    """An answer under way.

    Parameters
    ----------
    tokens
        Those read.
    seen
        Where those are kept: a bit for each place, the lowest for the first.
    log_probability
        Of those and of the first that is not yet read.
    line
        The draft's line that is written, or written anew.
    unread
        What is to be read next: a chosen token, or one and a guess of those after it.
    agreed
        Guesses that were right, one after another.
    presumed
        The answer that it is presumed to become, or nothing.
    went_back
        Whether the draft was last gone on with where it had been left, as after a line put in.
    """

    tokens: list[int]
    seen: int
    log_probability: float
    line: int
    unread: list[int]
    agreed: int = 0
    presumed: tuple[int, ...] = ()
    went_back: bool = False


class Place(NamedTuple):
    """Where a path may be left: after the first so many of its tokens, in a line of the draft.

    Parameters
    ----------
    seen
        Where those tokens are kept, as `Path.seen`.
    before
        The natural logarithm of their probability.
    outlook, row
        What may follow them, and in which row of it that is.
    but
        The token that follows them on the path.
    """

    path: Path
    length: int
    seen: int
    before: float
    line: int
    outlook: Outlook
    row: int
    but: int


class Branch(NamedTuple):
    """Another token that may follow at a place: the one of that rank in the outlook.

    `log_probability` is the natural logarithm, of all tokens up to this one.
    """

    place: Place
    rank: int
    log_probability: float

    def start(self) -> Path:
        """Return the path that follows it."""
        place = self.place
        token, _ = place.outlook.choice(place.row, self.rank)
        kept = place.path.tokens[: place.length]
        return Path(kept, place.seen, self.log_probability, place.line, [token])


class _Likeliest(NamedTuple):
    """Columns of an outlook, as lists, which Python reads faster.

    Parameters
    ----------
    tokens, chances
        The likeliest that may follow each token, and its `log_probabilities`.
    others
        The `log_probabilities` of the second likeliest.
    """

    tokens: list[int]
    chances: list[float]
    others: list[float]


class Exploration:
    """A search under way.

    Parameters
    ----------
    draft
        Whole lines, then `END`.
    outlook
        From the prompt's last token, and from all of the draft but `END`.
    width
        Answers that are wanted.
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    effort
        How much it may cost.
    """

    def __init__(
        self,
        draft: Sequence[int],
        outlook: Outlook,
        *,
        width: int,
        line_ends: NDArray[np.bool_],
        effort: Effort,
    ) -> None:
        self._draft = list(draft)
        self._width = width
        self._effort = effort
        self._ends = line_ends.tobytes()  # which Python reads faster: a byte a token
        self._starts = [0, *(n + 1 for n, token in enumerate(draft) if self._ends[token])]
        self._pairs: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for place, pair in enumerate(pairwise(draft), 1):
            self._pairs[pair].append(place)
        self._found: dict[tuple[int, ...], float] = {}
        self._least = -np.inf
        self._number = 0
        self._open: list[tuple[float, int, Path | Branch]] = []
        self._tails: list[tuple[float, int, Path | Branch]] = []
        self._active: list[Path] = []
        self._used = len(draft) - 1
        self._read = 0
        likelihoods = np.concatenate(([0.0], np.cumsum(outlook.following)))
        self._rests = (likelihoods[-1] - likelihoods)[self._starts] * _UNREAD
        self._longest_guess = min(_LONGEST_GUESS, effort.rows)
        lines = np.searchsorted(self._starts, np.arange(len(draft)), side="right") - 1
        self._stops: list[int] = np.array([*self._starts[1:], len(draft)])[lines].tolist()
        whole = Path(self._draft, (1 << self._used) - 1, 0.0, 0, [])
        # Elsewhere the model is sure.
        others = outlook.log_probabilities[:, 1] >= _LEAST_CHANCE
        unsure = np.flatnonzero(others | (outlook.tokens[:, 0] != draft))
        places = [
            Place(whole, length, (1 << length) - 1, before, line, outlook, length, draft[length])
            for length, before, line in zip(
                unsure.tolist(), likelihoods[unsure].tolist(), lines[unsure].tolist(), strict=True
            )
        ]
        self._leave_draft(places)

    def next(self) -> Reading | None:
        """Return what to read next, or None if the search has ended."""
        self._choose()
        if not self._active:
            return None
        tokens: list[int] = []
        positions: list[int] = []
        following: list[int] = []
        seen: list[int] = []
        for path in self._active:
            read, size, bits = len(path.tokens), len(path.unread), path.seen
            for place in range(self._used + len(tokens), self._used + len(tokens) + size):
                bits |= 1 << place
                seen.append(bits)
            tokens += path.unread
            positions += range(read, read + size)
            following += path.presumed[read + 1 : read + size + 1] or (*path.unread[1:], END)
        self._read += len(tokens)
        columns = np.array((tokens, positions, following), np.int64)
        places = self._used + len(tokens)
        return Reading(columns[0], columns[1], columns[2], _bits(seen, places))

    def take(self, outlook: Outlook) -> None:
        """Go on, given the outlook from what `next` returned."""
        likeliest = _Likeliest(
            outlook.tokens[:, 0].tolist(),
            outlook.log_probabilities[:, 0].tolist(),
            outlook.log_probabilities[:, 1].tolist(),
        )
        row = 0
        for path in self._active:
            size = len(path.unread)
            self._follow(path, outlook, likeliest, row)
            row += size
        self._used += row
        self._active = []

    def answers(self) -> list[Answer]:
        """Return the answers found so far, likeliest first."""
        found = [Answer(*item) for item in self._found.items()]
        return sorted(found, key=lambda answer: -answer.log_probability)[: self._width]

    def _choose(self) -> None:
        """Take up the likeliest of what is open, as far as it may be read at once."""
        if self._is_settled():
            return
        rows = 0
        while len(self._active) < self._effort.at_once and self._read < self._effort.tokens:
            queue = self._open
            if self._tails and (
                not queue or (len(self._found) >= self._width and self._tails[0] < queue[0])
            ):
                queue = self._tails
            if not queue or -queue[0][0] <= self._least:
                break
            node = queue[0][-1]
            path = node.start() if isinstance(node, Branch) else node
            if path.unread == [END]:
                self._add((*path.tokens, END), path.log_probability)
            else:
                rows += len(path.unread)
                if rows > self._effort.rows:
                    break
                self._active.append(path)
            heapq.heappop(queue)
            if isinstance(node, Branch):
                self._consider(node.place, node.rank + 1)

    def _is_settled(self) -> bool:
        """Whether all that is open is much less likely than the best answer."""
        best = max(self._found.values(), default=-math.inf)
        likeliest = (-queue[0][0] for queue in (self._open, self._tails) if queue)
        return max(likeliest, default=-math.inf) < best - self._effort.behind

    def _follow(self, path: Path, outlook: Outlook, likeliest: _Likeliest, first: int) -> None:
        """Take what was read of a path, from a first row on, as far as the model agrees."""
        unread, ends, kept = path.unread, self._ends, path.tokens
        last, bit = len(unread) - 1, 1 << (self._used + first)
        for n, token in enumerate(unread):
            row = first + n
            kept.append(token)
            path.seen |= bit
            bit <<= 1
            ended, before = bool(ends[token]), path.line
            if ended:
                path.line = self._next_line(path)
            likelihood = path.log_probability
            best, chance = likeliest.tokens[row], likeliest.chances[row]
            sure = likeliest.others[row] < _LEAST_CHANCE
            if best == END and not ended:  # a program ends with a line
                best, chance = outlook.choice(row, 1)
                sure = False
            if not sure:
                place = Place(path, len(kept), path.seen, likelihood, path.line, outlook, row, best)
                self._consider(place, 0)
            path.log_probability = likelihood + chance
            if n < last and unread[n + 1] != best:
                path.agreed = 0
                break
        else:
            path.agreed += last > 0
        if path.presumed and path.presumed[len(kept)] != best:
            guess = likelihood + outlook.following.item(row)
            self._add(path.presumed, guess + self._rest(path.line + 1))
            path.presumed = ()
        if best == END:
            self._add((*kept, END), path.log_probability)
            return
        path.unread = (
            self._rest_of_draft(path, best, before) if ended else self._rest_of_line(path, best)
        )
        if path.agreed and ended and len(path.unread) > 1:
            self._postpone(path)
        else:
            self._push(self._open, path)

    def _postpone(self, path: Path) -> None:
        """Presume that a path ends as the draft does, until enough answers are known."""
        if not path.presumed:
            path.presumed = (*path.tokens, *self._draft[self._starts[path.line] :])
            self._add(path.presumed, path.log_probability + self._rest(path.line))
        self._push(self._tails, path)

    def _leave_draft(self, places: Sequence[Place]) -> None:
        """Begin with the draft's places."""
        for place in places:
            self._consider(place, 0)

    def _consider(self, place: Place, rank: int) -> None:
        """Remember the likeliest that may be followed at a place, from a rank on.

        What is less likely than that is considered once that is taken up.
        """
        branch = self._possible(place, rank)
        if branch is not None:
            self._push(self._open, branch)

    def _possible(self, place: Place, rank: int) -> Branch | None:
        """Return the likeliest branch at a place, from a rank on; or None."""
        tokens, chances = place.outlook.tokens, place.outlook.log_probabilities
        row, before, but = place.row, place.before, place.but
        for number in range(rank, CHOICES):
            chance = chances.item(row, number)
            if chance < _LEAST_CHANCE or before + chance <= self._least:
                return None
            token = tokens.item(row, number)
            if token != but and (token != END or self._may_end(place)):
                return Branch(place, number, before + chance)
        return None

    def _may_end(self, place: Place) -> bool:
        """Whether an answer may end at a place: where a line has ended."""
        return place.length > 0 and bool(self._ends[place.path.tokens[place.length - 1]])

    def _push(self, queue: list[tuple[float, int, Path | Branch]], node: Path | Branch) -> None:
        self._number += 1
        heapq.heappush(queue, (-node.log_probability, self._number, node))

    def _add(self, tokens: tuple[int, ...], log_probability: float) -> None:
        self._found[tokens] = log_probability
        if len(self._found) >= self._width:
            self._least = sorted(self._found.values())[-self._width]

    def _rest(self, line: int) -> float:
        return float(self._rests[line]) if line < len(self._rests) else 0.0

    def _next_line(self, path: Path) -> int:
        """Return the draft's line that may follow the line just written."""
        start = len(path.tokens) - 1
        while start and not self._ends[path.tokens[start - 1]]:
            start -= 1
        written, last = path.tokens[start:], len(self._starts) - 1
        for line in range(path.line, last):
            if self._draft[self._starts[line] : self._starts[line + 1]] == written:
                return line + 1
        return min(path.line + 1, last)

    def _rest_of_draft(self, path: Path, token: int, before: int) -> list[int]:
        """Return lines of the draft that may follow a line's end, if they start with a token.

        Where the line just written stands further on in the draft, it was put in `before` the line
        that was to be written, or what is between was left out; the latter, if it happens again.
        """
        last = len(self._starts) - 1
        skips = path.line > before + 1
        first = before if skips and not path.went_back else path.line
        path.went_back = skips
        for line in (first, path.line, path.line - 1, path.line + 1):
            if 0 <= line < last and self._draft[self._starts[line]] == token:
                path.line = line
                stop = min(last, line + _AHEAD[min(path.agreed, len(_AHEAD) - 1)])
                return self._draft[self._starts[line] : self._starts[stop]][: self._effort.rows]
        return [token]

    def _rest_of_line(self, path: Path, token: int) -> list[int]:
        """Return how a line goes on in the draft after the last token read and this one."""
        if path.presumed:  # a guess was cut off in the middle of a line
            return list(path.presumed[len(path.tokens) : -1][: self._effort.rows])
        places = self._pairs.get((path.tokens[-1], token))
        if places is None:
            return [token]
        place = places[0]
        if len(places) > 1:
            here = self._starts[path.line]
            place = min(places, key=lambda place: abs(place - here))
        return self._draft[place : min(self._stops[place], place + self._longest_guess)]


def _bits(numbers: Sequence[int], count: int) -> NDArray[np.bool_]:
    """Return the lowest so many bits of numbers that have no more, bool [numbers, count]."""
    size = -(-count // 8)
    packed = b"".join([number.to_bytes(size, "little") for number in numbers])
    rows = np.frombuffer(packed, np.uint8).reshape(-1, size)
    return np.unpackbits(rows, axis=1, count=count, bitorder="little").view(np.bool_)
