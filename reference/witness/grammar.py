"""Read the shape of the input from a statement: which names stand on which lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reference.witness.constraints import base_name, evaluate

_DOTS = re.compile(r"^(?:\.{2,}|…|⋯|\\l?dots|\\cdots)$")
_VERTICAL = re.compile(r"^(?:[:⋮.]+|\\vdots|…)$")
_NAME = re.compile(r"^[A-Za-z](?:[A-Za-z]*)(?:_?\{?[A-Za-z0-9,+-]+\}?)*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the input.

    Parameters
    ----------
    names
        What stands on it, from left to right.
    count
        For a line with one name: how many there are of it, such as `N` or `N-1`; None for one.
    rows
        How many such lines there are; None for one.
    """

    names: tuple[str, ...]
    count: str | None = None
    rows: str | None = None


@dataclass
class Values:
    """An input taken apart: single values and sequences by name."""

    single: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)


class Grammar:
    """The lines of an input.

    Parameters
    ----------
    lines
        In their order.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)

    @property
    def counts(self) -> set[str]:
        """The names whose values say how many others there are."""
        terms = (term for line in self.lines for term in (line.count, line.rows) if term)
        return {name for term in terms for name in _names(term)}

    def parse(self, text: str) -> Values | None:
        """Take an input apart, or return None where it has another shape."""
        values = Values()
        rows = [row.split() for row in text.strip().split("\n")] if text.strip() else []
        place = 0
        for line in self.lines:
            times = 1
            if line.rows:
                number = count_of(line.rows, values)
                if number is None:
                    return None
                times = number
            for _ in range(times):
                if place >= len(rows):
                    return None
                row = rows[place]
                place += 1
                if line.count:
                    if count_of(line.count, values) != len(row):
                        return None
                    values.many.setdefault(line.names[0], []).extend(row)
                elif len(row) != len(line.names):
                    return None
                elif line.rows:
                    for name, word in zip(line.names, row, strict=True):
                        values.many.setdefault(name, []).append(word)
                else:
                    values.single.update(zip(line.names, row, strict=True))
        return values if place == len(rows) else None

    def print(self, values: Values) -> str:
        """Put an input together."""
        rows: list[str] = []
        for line in self.lines:
            if line.rows:
                columns = [values.many[name] for name in line.names]
                rows += [" ".join(row) for row in zip(*columns, strict=True)]
            elif line.count:
                rows.append(" ".join(values.many[line.names[0]]))
            else:
                rows.append(" ".join(values.single[name] for name in line.names))
        return "\n".join(rows) + "\n"


def read_grammar(text: str) -> Grammar | None:
    """Read the format in a statement's section on the input, or return None."""
    rows = [row for row in map(_clean, text.split("\n")) if row]
    lines = list(_lines([row.split() for row in rows if _is_format(row)]))
    known: set[str] = set()
    for line in lines:
        if any(_names(term) - known for term in (line.count, line.rows) if term):
            return None
        if line.count and line.rows:
            return None
        known |= set(line.names)
    names = [name for line in lines for name in line.names]
    return Grammar(lines) if lines and len(names) == len(set(names)) else None


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    place = 0
    while place < len(rows):
        row = rows[place]
        block = place
        while block + 1 < len(rows) and _same_names(row, rows[block + 1]):
            block += 1
        if block + 1 < len(rows) and _vertical(rows[block + 1]) and block + 2 < len(rows):
            last = rows[block + 2]
            if _same_names(row, last):
                yield Line(tuple(map(base_name, row)), rows=_index(last[0]))
                place = block + 3
                continue
        if any(_DOTS.match(word) for word in row) and len(row) >= 3:
            yield Line((base_name(row[0]),), count=_index(row[-1]))
        elif not _vertical(row):
            # Numbered names are different ones where no dots say that they go on.
            yield Line(tuple(word.replace("_", "") for word in row))
        place += 1


def _clean(row: str) -> str:
    return re.sub(r"[$`>]|\\ ", " ", row).replace("\\\\", " ").strip()


def _is_format(row: str) -> bool:
    words = row.split()
    return all(
        _NAME.match(word) or _DOTS.match(word) or _VERTICAL.match(word) for word in words
    ) and (len(words) > 1 or len(words[0]) <= 4)


def _vertical(row: Sequence[str]) -> bool:
    return len(row) >= 1 and all(_VERTICAL.match(word) for word in row)


def _same_names(row: Sequence[str], other: Sequence[str]) -> bool:
    bases = [base_name(word) for word in row]
    numbered = any(base != word for base, word in zip(bases, row, strict=True))
    return numbered and bases == [base_name(word) for word in other]


def _index(word: str) -> str | None:
    """Return an index: `N` for `A_N` and `A_{N}`, `N-1` for `A_{N-1}`."""
    match = re.search(r"_?\{?([A-Za-z](?:[-+]\d)?)\}?$", word)
    return match[1] if match and len(word) > 1 else None


def _names(term: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]+", term))


def count_of(term: str, values: Values) -> int | None:
    """Return the value of a count such as `N` or `N-1`; None where it is no count."""
    texts = {name: values.single.get(name, "") for name in _names(term)}
    if not all(text.isdigit() and len(text) < 7 for text in texts.values()):
        return None
    value = evaluate(term, {name: int(text) for name, text in texts.items()})
    return None if value is None or value < 0 else value


def is_number(word: str) -> bool:
    """Whether a word is an integer of at most 18 digits."""
    return re.fullmatch(r"-?\d{1,18}", word) is not None


def lengths(values: Values) -> Mapping[str, int]:
    """Return what constraints speak of: integers by name, lengths and absolute values as `|x|`."""
    known: dict[str, int] = {}
    for name, text in values.single.items():
        known[f"|{name}|"] = len(text)
        if is_number(text):
            known[name] = int(text)
            known[f"|{name}|"] = abs(int(text))
    return known
