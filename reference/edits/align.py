"""Map a rewritten program back to small edits of the user's own text."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from reference.edits.lines import OPENING, Line, logical_lines
from reference.edits.pairing import pair_lines
from reference.edits.text import TextEdit, apply_edits

_LIKE = 0.5  # share of tokens under which a line is replaced as a whole


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
        edits = list(_joined(rendering.edits()))
        if not self.source.endswith("\n"):
            _remove_line_end(self.source, edits)
        return tuple(edits)

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offsets of the physical lines on which the user's lines begin."""
        return [self.source.rfind("\n", 0, line.start) + 1 for line in self.lines]

    @cached_property
    def groups(self) -> Sequence[Sequence[int]]:
        """For each physical line of the user's, the indices of the lines on it."""
        groups: list[list[int]] = []
        for index, (start, line) in enumerate(zip(self.starts, self.lines, strict=True)):
            before = self.source[start : line.start]
            if groups and before.strip():
                groups[-1].append(index)
            else:
                groups.append([index])
        return groups

    @cached_property
    def followers(self) -> Collection[int]:
        """The indices of the user's lines that stand behind another on a physical line."""
        return {index for group in self.groups for index in group[1:]}

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
        self._groups = alignment.groups
        self._followers = alignment.followers
        self._starts = alignment.starts
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
        if not self._followers:
            return set()
        touched = self._deleted | self._moves.keys()
        for hunk in self._inserts.values():
            touched |= {hunk.line - 1, hunk.line}
        split: set[int] = set()
        above: list[int] = []
        for group in self._groups:
            kept = [index for index in group if index not in self._deleted]
            if kept and above and self._depth(kept[0]) > self._depth(above[0]):
                split.update(above[1:])  # the block behind the colon goes on below
            if touched.intersection(group):
                split.update(group[1:])
                kept = kept[-1:]
            above = kept or above
        return split

    def _depth(self, index: int) -> int:
        """Return the depth of a line in the result."""
        return self._lines[index].depth + self._moves.get(index, 0)

    def _inline(self, index: int) -> bool:
        """Whether a line stands behind another on its physical line."""
        return index in self._followers

    def _indentation(self, index: int) -> Iterator[TextEdit]:
        line = self._lines[index]
        depth = self._depth(index)
        if index in self._split:
            yield TextEdit(self._lines[index - 1].end, line.start, f"\n{self._enter(depth)}")
        elif not self._inline(index):
            start = self._starts[index]
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
            start = self._starts[following]
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
        return TextEdit(self._starts[index], min(end + 1, len(self._source)), "")

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
            if not first or (new[-1].text in OPENING and first < len(mine)):
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

    def _end_of_line(self, offset: int) -> int:
        end = self._source.find("\n", offset)
        return len(self._source) if end < 0 else end


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


def _remove_line_end(source: str, edits: list[TextEdit]) -> None:
    """Have edits of a program whose last line has no line end add none."""
    while edits and edits[-1].end == len(source):
        last = edits[-1]
        if last.text.endswith("\n"):
            edits[-1] = TextEdit(last.start, last.end, last.text[:-1])
        elif not last.text and source[: last.start].endswith("\n"):
            edits[:] = _joined([*edits[:-1], TextEdit(last.start - 1, last.end, "")])
        else:
            return


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
