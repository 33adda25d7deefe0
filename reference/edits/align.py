"""Map a rewritten program back to small edits of the user's own text."""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from reference.edits.text import TextEdit, apply_edits
from reference.edits.tokens import Token, TokenKind, tokenize

_GAP = 0.55  # cost of a line without a counterpart; two make a pair that shares too little
_DEPTH = 0.1  # cost of a pair of lines at different depths
_LIKE = 0.5  # share of tokens under which a line is replaced as a whole
_MATCHED = 200_000  # cells of the line alignment; longer programs are aligned by equal lines


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: its depth of indentation and its tokens."""

    depth: int
    tokens: tuple[Token, ...]
    words: tuple[str, ...]  # the texts of the tokens; strings by value, whatever their quotes

    @property
    def start(self) -> int:
        """Offset of the first token."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Offset behind the last token."""
        return self.tokens[-1].end


@dataclass(frozen=True, slots=True)
class Hunk:
    """A change that can be made or left.

    Parameters
    ----------
    line
        Index of the user's line; for an added line, of the line that it goes before.
    kind
        `tokens`: replace tokens `first` to `last` of the line by tokens of the target's line.
        `depth`: indent lines `first` to `last` by `move` steps. `delete`, `insert`: whole lines.
    size
        Number of tokens that change.
    """

    kind: str
    line: int
    target: int
    first: int = 0
    last: int = 0
    target_first: int = 0
    target_last: int = 0
    move: int = 0
    size: int = 1


class Alignment:
    r"""The difference between the user's program and a target, in hunks.

    Lines are paired by an optimal alignment (Needleman and Wunsch 1970) under the share of
    tokens they have in common, tokens of paired lines by their longest common blocks.

    Parameters
    ----------
    source
        The user's program, with `\n` line ends.
    target
        A program in any layout; with all hunks applied, `source` becomes a program with the
        same syntax tree.

    Raises
    ------
    SyntaxError
        Where one of them has no tokens of Python.
    """

    def __init__(self, source: str, target: str) -> None:
        self.source = source
        self.target = target
        self.lines = logical_lines(source)
        self.target_lines = logical_lines(target)
        self.pairs = pair_lines(self.lines, self.target_lines)
        self.hunks = tuple(self._find_hunks())

    def text(self, hunks: Collection[Hunk] | None = None) -> str:
        """Return the user's program with some hunks applied, all by default."""
        return apply_edits(self.source, self.edits(hunks))

    def edits(self, hunks: Collection[Hunk] | None = None) -> tuple[TextEdit, ...]:
        """Return the edits that apply some hunks, all by default.

        The result need not be a program where only some are applied.
        """
        rendering = _Rendering(self, self.hunks if hunks is None else hunks)
        return tuple(_joined(rendering.edits()))

    def _find_hunks(self) -> Iterator[Hunk]:
        shift: Hunk | None = None
        for position, (mine, its) in enumerate(self.pairs):
            if mine is None:
                assert its is not None
                size = len(self.target_lines[its].tokens)
                yield Hunk("insert", self._next_line(position), its, size=size)
            elif its is None:
                yield Hunk("delete", mine, -1, size=len(self.lines[mine].tokens))
            else:
                yield from self._changed_tokens(mine, its)
                move = self.target_lines[its].depth - self.lines[mine].depth
                # Consecutive lines that move together are one change.
                if shift and (shift.move != move or shift.last != mine):
                    yield shift
                    shift = None
                if move:
                    first = shift.first if shift else mine
                    shift = Hunk("depth", first, its, first, mine + 1, move=move)
        if shift:
            yield shift

    def _changed_tokens(self, mine: int, its: int) -> Iterator[Hunk]:
        line, other = self.lines[mine], self.target_lines[its]
        if line.words != other.words:
            matcher = SequenceMatcher(None, line.words, other.words, autojunk=False)
            if matcher.ratio() < _LIKE:  # pieces of two lines would not look like either
                size = max(len(line.words), len(other.words))
                ends = (0, len(line.words), 0, len(other.words))
                yield Hunk("tokens", mine, its, *ends, size=size)
                return
            for tag, a, b, c, d in matcher.get_opcodes():
                if tag != "equal":
                    yield Hunk("tokens", mine, its, a, b, c, d, size=max(b - a, d - c))

    def _next_line(self, position: int) -> int:
        """Return the index of the user's first line behind a position of the pairs."""
        following = (mine for mine, _ in self.pairs[position:] if mine is not None)
        return next(following, len(self.lines))


class _Rendering:
    """The edits of an alignment with some of its hunks."""

    def __init__(self, alignment: Alignment, hunks: Collection[Hunk]) -> None:
        self._source = alignment.source
        self._target = alignment.target
        self._lines = alignment.lines
        self._target_lines = alignment.target_lines
        self._pairs = alignment.pairs
        self._unit = _indent_unit(self._source, self._lines)
        self._indents: list[str] = []  # of the open blocks of the result
        self._tokens: dict[int, list[Hunk]] = {}
        self._inserts: dict[int, Hunk] = {}
        self._deleted: set[int] = set()
        self._moves: dict[int, int] = {}
        for hunk in hunks:
            if hunk.kind == "tokens":
                self._tokens.setdefault(hunk.line, []).append(hunk)
            elif hunk.kind == "insert":
                self._inserts[hunk.target] = hunk
            elif hunk.kind == "delete":
                self._deleted.add(hunk.line)
            else:
                self._moves.update(dict.fromkeys(range(hunk.first, hunk.last), hunk.move))
        self._split = self._lines_to_split()

    def edits(self) -> Iterator[TextEdit]:
        """Yield the edits in the order of the result."""
        for mine, its in self._pairs:
            if mine is None:
                assert its is not None
                if its in self._inserts:
                    yield self._insertion(self._inserts[its])
            elif mine in self._deleted:
                yield self._deletion(mine)
            else:
                yield from self._indentation(mine)
                for hunk in sorted(self._tokens.get(mine, ()), key=lambda hunk: hunk.first):
                    yield self._replacement(hunk)

    def _lines_to_split(self) -> set[int]:
        """Return the lines behind a colon or semicolon that must get physical lines of their own.

        Where a line is added, deleted or moved beside `if a: b; c`, all three are taken apart.
        """
        touched = self._deleted | self._moves.keys()
        for hunk in self._inserts.values():
            touched |= {hunk.line - 1, hunk.line}
        split: set[int] = set()
        group: set[int] = set()
        for index in range(len(self._lines) + 1):
            if index == len(self._lines) or not self._inline(index):
                if group & touched:
                    split |= group
                group = {index}
            else:
                group.add(index)
        return {index for index in split if self._inline(index)}

    def _inline(self, index: int) -> bool:
        """Whether a line stands behind another on its physical line."""
        start = self._lines[index].start
        return bool(self._source[self._source.rfind("\n", 0, start) + 1 : start].strip())

    def _indentation(self, index: int) -> Iterator[TextEdit]:
        line = self._lines[index]
        depth = line.depth + self._moves.get(index, 0)
        if index in self._split:
            yield TextEdit(self._lines[index - 1].end, line.start, f"\n{self._enter(depth)}")
        elif not self._inline(index):
            start = self._line_start(index)
            own = self._source[start : line.start]
            wanted = self._enter(depth, own)
            if wanted != own:
                yield TextEdit(start, line.start, wanted)

    def _enter(self, depth: int, own: str | None = None) -> str:
        """Return the indentation of the result's next line, the line's own if it fits."""
        del self._indents[depth + 1 :]
        while len(self._indents) <= depth:
            outer = self._indents[-1] if self._indents else None
            last = len(self._indents) == depth
            if outer is None:
                self._indents.append("")
            elif last and own is not None and own.startswith(outer) and own != outer:
                self._indents.append(own)
            else:
                self._indents.append(outer + self._unit)
        return self._indents[depth]

    def _insertion(self, hunk: Hunk) -> TextEdit:
        line = self._target_lines[hunk.target]
        text = self._target[line.start : line.end]
        following = hunk.line if hunk.line < len(self._lines) else None
        own = None
        if following is not None and not self._inline(following):
            # A block that opens here is indented as the user's lines that go into it.
            start = self._line_start(following)
            if self._lines[following].depth == line.depth:
                own = self._source[start : self._lines[following].start]
            return TextEdit(start, start, f"{self._enter(line.depth, own)}{text}\n")
        indent = self._enter(line.depth)
        if following is not None:
            end = self._lines[following - 1].end
        elif self._lines:
            end = self._end_of_line(self._lines[-1].end)
        else:
            return TextEdit(len(self._source), len(self._source), f"{text}\n")
        return TextEdit(end, end, f"\n{indent}{text}")

    def _deletion(self, index: int) -> TextEdit:
        line = self._lines[index]
        if self._inline(index):
            return TextEdit(self._lines[index - 1].end, line.end, "")
        if index + 1 < len(self._lines) and self._inline(index + 1):
            return TextEdit(line.start, line.end, "")  # the next line is split off
        end = self._end_of_line(line.end)
        return TextEdit(self._line_start(index), min(end + 1, len(self._source)), "")

    def _replacement(self, hunk: Hunk) -> TextEdit:
        mine = self._lines[hunk.line].tokens
        its = self._target_lines[hunk.target].tokens
        first, last = hunk.first, hunk.last
        new = its[hunk.target_first : hunk.target_last]
        text = self._target[new[0].start : new[-1].end] if new else ""
        if first < last and new:
            start, end = mine[first].start, mine[last - 1].end
        elif first < last:  # deleted, with the blanks on the side where something remains
            start = mine[first - 1].end if first else mine[first].start
            end = mine[last - 1].end if first or last == len(mine) else mine[last].start
        else:
            after = its[hunk.target_last].start if hunk.target_last < len(its) else new[-1].end
            gap = self._target[new[-1].end : after]
            if not first or (new[-1].text in _OPENING and first < len(mine)):
                start = end = mine[first].start
                text += gap
            else:
                start = end = mine[first - 1].end
                text = self._target[its[hunk.target_first - 1].end : new[0].start] + text
                if first < len(mine) and mine[first].start == end:
                    text += gap
        left, right = self._source[start - 1 : start], self._source[end : end + 1]
        if _merge(left, text[:1] or right):
            text = f" {text}"
        if text.strip() and _merge(text[-1:], right):
            text = f"{text} "
        return TextEdit(start, end, text)

    def _line_start(self, index: int) -> int:
        return self._source.rfind("\n", 0, self._lines[index].start) + 1

    def _end_of_line(self, offset: int) -> int:
        end = self._source.find("\n", offset)
        return len(self._source) if end < 0 else end


_SUITES = frozenset(
    ("if", "elif", "else", "for", "while", "def", "class", "with", "try", "except", "finally")
)


@lru_cache(maxsize=512)
def logical_lines(source: str) -> Sequence[Line]:
    """Return a program's logical lines.

    A statement behind a semicolon, or behind the colon of its block, is a line of its own.

    Raises
    ------
    SyntaxError
        Where the text has no tokens of Python.
    """
    lines: list[Line] = []
    current: list[Token] = []
    depth = nesting = lambdas = 0
    inner = 0  # 1 behind the colon of a suite on the same line

    def close() -> None:
        if current:
            words = tuple(_word(token) for token in current)
            lines.append(Line(depth + inner, tuple(current), words))
            current.clear()

    for token in tokenize(source):
        if token.kind is TokenKind.INDENT:
            depth += 1
        elif token.kind is TokenKind.DEDENT:
            depth -= 1
        elif token.kind is TokenKind.NEWLINE:
            close()
            inner = lambdas = 0
        elif token.text == ";" and not nesting:
            close()
        else:
            nesting += (token.text in _OPENING) - (token.text in _CLOSING)
            lambdas += token.text == "lambda" and not nesting
            current.append(token)
            if token.text == ":" and not nesting:
                if lambdas:
                    lambdas -= 1
                elif current[0].text in _SUITES and not inner:
                    close()
                    inner = 1
    close()
    return lines


_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


@lru_cache(maxsize=4096)
def _literal(text: str) -> str:
    try:
        return repr(ast.literal_eval(text))
    except (SyntaxError, ValueError):  # an f-string
        return text


def _word(token: Token) -> str:
    return _literal(token.text) if token.kind is TokenKind.STRING else token.text


def edits_between(source: str, target: str) -> tuple[TextEdit, ...]:
    r"""Return small edits that turn `source` into a program with the syntax tree of `target`.

    Comments, blank lines and layout outside the edits stay as they are. Where lines and tokens
    do not lead there (a target that needs another layout), the edits replace whole lines, and
    at last the whole text.

    Parameters
    ----------
    source, target
        Programs with `\n` line ends.

    Raises
    ------
    SyntaxError
        Where `target` is no program.
    """
    wanted = ast.dump(ast.parse(target))
    try:
        edits = Alignment(source, target).edits()
        if _tree(apply_edits(source, edits)) == wanted:
            return edits
    except (SyntaxError, ValueError):
        pass
    edits = tuple(_line_edits(source, target))
    if _tree(apply_edits(source, edits)) == wanted:
        return edits
    return (TextEdit(0, len(source), target),)


def _tree(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _line_edits(source: str, target: str) -> Iterator[TextEdit]:
    mine = [f"{line}\n" for line in source.split("\n")]
    its = [f"{line}\n" for line in target.split("\n")]
    starts = [0]
    for line in mine:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, mine, its, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            text = "".join(its[c:d])
            end = min(starts[b], len(source))
            if starts[b] > len(source):
                text = text.removesuffix("\n")
            yield TextEdit(min(starts[a], len(source)), end, text)


def pair_lines(mine: Sequence[Line], its: Sequence[Line]) -> list[tuple[int | None, int | None]]:
    """Pair the lines of two programs in order; `None` stands for no counterpart."""
    head = 0
    while head < min(len(mine), len(its)) and _same(mine[head], its[head]):
        head += 1
    tail = 0
    while tail < min(len(mine), len(its)) - head and _same(mine[-1 - tail], its[-1 - tail]):
        tail += 1
    a, b = mine[head : len(mine) - tail], its[head : len(its) - tail]
    middle = _pair_equal(a, b) if len(a) * len(b) > _MATCHED else _pair_best(a, b)
    shifted = [
        (None if i is None else i + head, None if j is None else j + head) for i, j in middle
    ]
    ends = range(tail, 0, -1)
    return [
        *((i, i) for i in range(head)),
        *shifted,
        *((len(mine) - k, len(its) - k) for k in ends),
    ]


def _same(a: Line, b: Line) -> bool:
    return a.depth == b.depth and a.words == b.words


def _pair_best(a: Sequence[Line], b: Sequence[Line]) -> list[tuple[int | None, int | None]]:
    bags_a, bags_b = ([Counter(line.words) for line in lines] for lines in (a, b))
    cost = [[j * _GAP for j in range(len(b) + 1)]]
    for i, line in enumerate(a):
        row = [(i + 1) * _GAP]
        for j, other in enumerate(b):
            paired = cost[i][j] + _distance(line, other, bags_a[i], bags_b[j])
            row.append(min(paired, cost[i][j + 1] + _GAP, row[j] + _GAP))
        cost.append(row)
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(a), len(b)
    while i or j:
        if i and j:
            distance = _distance(a[i - 1], b[j - 1], bags_a[i - 1], bags_b[j - 1])
            if abs(cost[i][j] - cost[i - 1][j - 1] - distance) < 1e-9:
                i, j = i - 1, j - 1
                pairs.append((i, j))
                continue
        if i and abs(cost[i][j] - cost[i - 1][j] - _GAP) < 1e-9:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def _distance(a: Line, b: Line, bag_a: Counter[str], bag_b: Counter[str]) -> float:
    depth = _DEPTH * (a.depth != b.depth)
    if a.words == b.words:
        return depth
    shared = sum((bag_a & bag_b).values())
    apart = 1 - 2 * shared / (len(a.tokens) + len(b.tokens))
    # A line that begins with another keyword is seldom the same line.
    return 0.05 + apart + depth + 0.15 * (a.tokens[0].text != b.tokens[0].text)


def _pair_equal(a: Sequence[Line], b: Sequence[Line]) -> list[tuple[int | None, int | None]]:
    keys_a, keys_b = ([(line.depth, line.words) for line in lines] for lines in (a, b))
    pairs: list[tuple[int | None, int | None]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, keys_a, keys_b, False).get_opcodes():
        if tag == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += [(i, None) for i in range(i1, i2)] + [(None, j) for j in range(j1, j2)]
    return pairs


def _joined(edits: Iterable[TextEdit]) -> Iterator[TextEdit]:
    """Yield edits with those that touch made one."""
    current: TextEdit | None = None
    for edit in edits:
        if current and current.end == edit.start:
            current = TextEdit(current.start, edit.end, current.text + edit.text)
        else:
            if current:
                yield current
            current = edit
    if current:
        yield current


def _merge(left: str, right: str) -> bool:
    """Whether two characters side by side would make one token of two."""
    if not left or not right:
        return False
    if left in "'\"":
        return right.isalnum() or right == "_"
    return (left.isalnum() or left == "_") and (right.isalnum() or right in "_'\"")


def _indent_unit(source: str, lines: Sequence[Line]) -> str:
    """Return one step of the user's indentation; four blanks where there is none."""
    for line in lines:
        if line.depth == 1:
            start = source.rfind("\n", 0, line.tokens[0].start) + 1
            indent = source[start : line.tokens[0].start]
            if indent and not indent.strip():
                return indent
    return "    "
