"""Single lines of accepted programs in places where alignment does not put them."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from reference.edits import Program, TextEdit, apply_edits
from reference.edits.align import Alignment
from reference.edits.lines import Line
from reference.edits.scopes import unbound_names
from reference.propose.candidate import Candidate
from reference.protocol import Source

_OPENS = ":"  # the last token of a line that a block follows
_UNSUSPECTED = 6.0  # tokens that a change on a line without suspicion counts for


def propose_transplants(
    program: Program, alignments: Sequence[Alignment], suspicion: Mapping[int, float]
) -> list[Candidate]:
    """Return the program with one line of a peer put in, or in the place of one of its own.

    Parameters
    ----------
    alignments
        Of the program with peers in its names.
    suspicion
        By 1-based line.

    Returns
    -------
    list of Candidate
        Few changed tokens on suspicious lines first.
    """
    if not alignments:
        return []
    mine = alignments[0].lines
    names = {token.text for token in program.tokens}
    texts: dict[tuple[str, ...], str] = {}
    for alignment in alignments:
        for line in alignment.target_lines:
            text = alignment.target[line.start : line.end]
            if line.words not in texts and _needs(text) <= names:
                texts[line.words] = text
    known = {line.words for line in mine}
    scored: list[tuple[float, TextEdit]] = []
    for number, line in enumerate(mine):
        row = program.text.count("\n", 0, line.start) + 1
        doubt = _UNSUSPECTED * (1 - suspicion.get(row, 0.0))
        places = list(_places(program.text, mine, number))
        for words, text in texts.items():
            if words not in known and _alike(line, words):
                scored.append(
                    (_changed(line.words, words) + doubt, TextEdit(line.start, line.end, text))
                )
            if words[-1] != _OPENS and words[0] not in _LEADING:
                for place, before, behind in places:
                    edit = TextEdit(place, place, f"{before}{text}{behind}")
                    scored.append((len(words) + doubt, edit))
    scored.sort(key=lambda entry: entry[0])
    return [
        Candidate(apply_edits(program.text, (edit,)), (edit,), Source.PEERS, -score)
        for score, edit in scored
    ]


_LEADING = frozenset(("import", "from", "@"))
_GOING_ON = frozenset(("else", "elif", "except", "finally", "case"))
_LEAVING = frozenset(("return", "break", "continue", "raise"))


def _places(text: str, lines: Sequence[Line], number: int) -> Iterator[tuple[int, str, str]]:
    """Yield where a line can be put in before one, and behind it at the end of a block.

    With each offset comes what goes before the new line, and behind it.
    """
    line = lines[number]
    indent = _indent(text, line)
    decorated = number > 0 and lines[number - 1].words[0] == "@"
    if indent is not None and line.words[0] not in _GOING_ON and not decorated:
        yield line.start, "", f"\n{indent}"
    following = lines[number + 1] if number + 1 < len(lines) else None
    if following is not None and _indent(text, following) is None:
        return
    end = text.find("\n", line.end)
    outer = line.depth + 1
    for other in reversed(lines[: number + 1]):
        if other.depth < outer and (following is None or other.depth > following.depth):
            outer = other.depth
            indent = _indent(text, other)
            reached = other is not line or line.words[0] not in _LEAVING
            if indent is not None and reached and other.words[0] != "case":
                yield len(text) if end < 0 else end, f"\n{indent}", ""


def _needs(line: str) -> set[str]:
    """Return the names that a line reads and does not bind; of what is no statement, none."""
    statement = f"{line} pass" if line.endswith(_OPENS) else line
    try:
        return unbound_names(Program(statement.removeprefix("el")))
    except SyntaxError:
        return set()


def _alike(line: Line, words: Sequence[str]) -> bool:
    """Whether a line may stand for another: both open a block of one kind, or neither does."""
    if (line.words[-1] == _OPENS) != (words[-1] == _OPENS):
        return False
    return words[-1] != _OPENS or line.words[0] == words[0]


def _changed(old: Sequence[str], new: Sequence[str]) -> int:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in codes if tag != "equal")


def _indent(text: str, line: Line) -> str | None:
    """Return the blanks before a line; None where it stands behind another."""
    before = text[text.rfind("\n", 0, line.start) + 1 : line.start]
    return None if before.strip() else before
