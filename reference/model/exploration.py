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
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

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

Choices = tuple[list[int], list[float]]
"""What may follow a token, as a row of an outlook says; lists, which Python reads faster."""


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

    tokens: NDArray[np.int64]
    log_probabilities: NDArray[np.float64]
    following: NDArray[np.float64]

    def choices(self) -> list[Choices]:
        """Return what may follow each token."""
        return list(zip(self.tokens.tolist(), self.log_probabilities.tolist(), strict=True))


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


class Branch(NamedTuple):
    """A token that may follow the first so many tokens of a path, in a line of the draft.

    Parameters
    ----------
    seen
        Where those tokens are kept, as `Path.seen`.
    before
        The natural logarithm of their probability.
    choices, rank
        What may follow them, and which of it this is.
    but
        The token that follows them on the path.
    """

    path: Path
    place: int
    seen: int
    before: float
    line: int
    choices: Choices
    rank: int
    but: int

    @property
    def token(self) -> int:
        """What may follow."""
        return self.choices[0][self.rank]

    @property
    def log_probability(self) -> float:
        """Of all tokens up to this one."""
        return self.before + self.choices[1][self.rank]

    def start(self) -> Path:
        """Return the path that follows it."""
        tokens = self.path.tokens[: self.place]
        return Path(tokens, self.seen, self.log_probability, self.line, [self.token])


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
        whole = Path(self._draft, 0, 0.0, 0, [])
        lines = np.searchsorted(self._starts, np.arange(len(draft)), side="right") - 1
        branches: list[Branch] = []
        for place, choices in enumerate(outlook.choices()):
            likelihood, line, kept = float(likelihoods[place]), int(lines[place]), draft[place]
            branches.append(Branch(whole, place, whole.seen, likelihood, line, choices, 0, kept))
            whole.seen |= 1 << place
        self._leave_draft(branches)

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
        choices, following = outlook.choices(), outlook.following.tolist()
        row = 0
        for path in self._active:
            end = row + len(path.unread)
            self._follow(path, choices[row:end], following[row:end])
            self._used += end - row
            row = end
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
                self._consider(node, node.rank + 1)

    def _is_settled(self) -> bool:
        """Whether all that is open is much less likely than the best answer."""
        best = max(self._found.values(), default=-math.inf)
        likeliest = (-queue[0][0] for queue in (self._open, self._tails) if queue)
        return max(likeliest, default=-math.inf) < best - self._effort.behind

    def _follow(self, path: Path, choices: Sequence[Choices], following: Sequence[float]) -> None:
        """Take what was read of a path as far as the model agrees."""
        unread = path.unread
        for n, token in enumerate(unread):
            path.tokens.append(token)
            path.seen |= 1 << (self._used + n)
            ended, before = bool(self._ends[token]), path.line
            if ended:
                path.line = self._next_line(path)
            best, chance = self._best(choices[n], ended)
            likelihood, place = path.log_probability, len(path.tokens)
            tokens, chances = choices[n]
            if tokens[0] != best or chances[1] >= _LEAST_CHANCE:  # else the model is sure
                self._consider(
                    Branch(path, place, path.seen, likelihood, path.line, choices[n], 0, best)
                )
            path.log_probability += chance
            if n + 1 < len(unread) and unread[n + 1] != best:
                path.agreed = 0
                break
        else:
            path.agreed += len(unread) > 1
        if path.presumed and path.presumed[len(path.tokens)] != best:
            guess = likelihood + following[n]
            self._add(path.presumed, guess + self._rest(path.line + 1))
            path.presumed = ()
        if best == END:
            self._add((*path.tokens, END), path.log_probability)
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

    def _best(self, choices: Choices, ended: bool) -> tuple[int, float]:
        """Return the likeliest token that may follow, and its likelihood."""
        tokens, chances = choices
        first = int(tokens[0] == END and not ended)
        return tokens[first], chances[first]

    def _leave_draft(self, branches: Sequence[Branch]) -> None:
        """Begin with the draft's branches."""
        for branch in branches:
            self._consider(branch)

    def _consider(self, branch: Branch, rank: int = 0) -> None:
        """Remember the likeliest that may be followed in place of a branch, from a rank on.

        What is less likely than that is considered once that is taken up.
        """
        possible = self._possible(branch, rank)
        if possible is not None:
            self._push(self._open, possible)

    def _possible(self, branch: Branch, rank: int) -> Branch | None:
        """Return the likeliest branch at the same place, from a rank on; or None."""
        path, place, seen, before, line, choices, _, but = branch
        tokens, chances = choices
        for number in range(rank, len(tokens)):
            chance, token = chances[number], tokens[number]
            if chance < _LEAST_CHANCE or before + chance <= self._least:
                return None
            if token != but and (token != END or (place and self._ends[path.tokens[place - 1]])):
                return Branch(path, place, seen, before, line, choices, number, but)
        return None

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
        here = self._starts[path.line]
        places = self._pairs.get((path.tokens[-1], token), ())
        place = min(places, key=lambda place: abs(place - here), default=None)
        if place is None:
            return [token]
        stop = self._starts[min(bisect(self._starts, place), len(self._starts) - 1)]
        longest = min(_LONGEST_GUESS, self._effort.rows)
        return self._draft[place : min(max(stop, place + 1), place + longest)]


def _bits(numbers: Sequence[int], count: int) -> NDArray[np.bool_]:
    """Return the lowest so many bits of numbers that have no more, bool [numbers, count]."""
    size = -(-count // 8)
    packed = b"".join(number.to_bytes(size, "little") for number in numbers)
    rows = np.frombuffer(packed, np.uint8).reshape(-1, size)
    return np.unpackbits(rows, axis=1, count=count, bitorder="little").view(np.bool_)
