"""Read a statement's constraints: chains of comparisons between numbers and names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RELATIONS = {"<=": lambda a, b: a <= b, "<": lambda a, b: a < b, "=": lambda a, b: a == b}
_SPELLINGS = (
    (re.compile(r"\\leqq?(?![a-z])|\\le(?![a-z])|[≤≦⩽]|<="), " <= "),
    (re.compile(r"\\lt(?![a-z])|<(?!=)"), " < "),
    (re.compile(r"\\geqq?(?![a-z])|\\ge(?![a-z])|[≥≧]|>="), " >= "),
    (re.compile(r"\\times|\\cdot|\u00d7"), "*"),
    (re.compile(r"\\l?dots|\\cdots|\.{3}|⋯"), "…"),
    (re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d{3})"), ""),
    (re.compile(r"(?<=\d)\$? \$?(?=\d{3}\b)"), ""),
    (re.compile(r"[$`]|\\[,;! ]|\\mathrm|\\text"), ""),
)
_POWER = re.compile(r"(\d+)\s*(?:\^|\*\*)\s*\{?\s*(\d+)\s*\}?")
_BETWEEN = re.compile(r"\b(\w+)\b[^.]*?\bbetween (-?\d+) and (-?\d+)")
_ONE_OF = re.compile(r"^\W*(\w+) is (?:either |one of )?(-?\d+(?:(?:, | or |, or )-?\d+)+)")
_TERM = re.compile(r"\|?-?[A-Za-z0-9_{}|]+\|?(?:\s*[-+*]\s*[A-Za-z0-9_{}|]+)*")
_HARMLESS = re.compile(
    r"integer|consists? (?:only )?of|lowercase|uppercase|english letter|character|digit|^\s*$"
    r"|string of length|^[^|]*is (?:either|one of)|정수",
    re.IGNORECASE,
)
# "An integer consisting of digits 1 and 9": more than a bound.
_QUALIFIED = re.compile(r"integers? (?:consist|whose|that|which|such|with|without|not)", re.I)

_DISTINCT = ("distinct", "different", "\\neq", "\u2260")


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms that are related one by one, such as `1 <= K <= N`.

    A term is a number, a name, or a name with an offset; `|S|` is the length of S.
    """

    terms: tuple[str, ...]
    relations: tuple[str, ...]

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether the relations hold; terms that are not in `values` are taken to do so."""
        numbers = [evaluate(term, values) for term in self.terms]
        return all(
            a is None or b is None or _RELATIONS[relation](a, b)
            for a, b, relation in zip(numbers, numbers[1:], self.relations, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a statement says about the input.

    Parameters
    ----------
    chains
        Comparisons, with indices left out: `A_i` is `A`.
    special
        Whether it says something that was not understood (a tree, a unique answer, …), or
        nothing at all.
    distinct, permutation
        Whether those words occur.
    """

    chains: tuple[Chain, ...]
    special: bool
    distinct: bool
    permutation: bool

    def bounds(self, name: str) -> tuple[int | None, int | None]:
        """Return the least and greatest value that numbers alone set for a name.

        `|x|` stands for the length of a text, and for the absolute value of a number.
        """
        low: int | None = None
        high: int | None = None
        for chain in self.chains:
            for place, term in enumerate(chain.terms):
                if term != name:
                    continue
                before = [evaluate(one, {}) for one in chain.terms[:place]]
                after = [evaluate(one, {}) for one in chain.terms[place + 1 :]]
                lows = [value for value in before if value is not None]
                highs = [value for value in after if value is not None]
                low = max([*lows, *([] if low is None else [low])], default=None)
                high = min([*highs, *([] if high is None else [high])], default=None)
        return low, high


def read_constraints(text: str) -> Constraints:
    """Read the lines of a statement's section on constraints."""
    chains: list[Chain] = []
    special = not text.strip()
    for line in text.split("\n"):
        plain = _plain(line)
        found = list(_chains(plain))
        chains += found
        known = any(word in plain.lower() for word in (*_DISTINCT, "permutation"))
        understood = found or known or _HARMLESS.search(plain)
        if not understood or _QUALIFIED.search(plain):
            special = True
    lowered = text.lower()
    return Constraints(
        tuple(chains),
        special,
        distinct=any(word in lowered for word in _DISTINCT),
        permutation="permutation" in lowered,
    )


def evaluate(term: str, values: Mapping[str, int]) -> int | None:
    """Return the value of a term, or None where a name in it has none."""
    pieces = re.findall(r"\|?[A-Za-z][A-Za-z0-9]*\|?|\d+|[-+*]", term)
    text = []
    for piece in pieces:
        if piece[0].isalpha() or piece[0] == "|":
            if piece not in values:
                return None
            text.append(str(values[piece]))
        else:
            text.append(piece)
    total, sign, product = 0, 1, None
    for piece in text:
        if piece in "+-":
            if product is not None:
                total += sign * product
                sign, product = 1, None
            sign = -sign if piece == "-" else sign
        elif piece != "*":
            product = int(piece) if product is None else product * int(piece)
    return total + sign * product if product is not None else None


def base_name(name: str) -> str:
    """Return a name without its index: `A` for `A_1`, `A_{i}` and `A_N`, `a` for `a1`."""
    return re.sub(r"(?:_\{?[^}]*\}?|(?<=[A-Za-z])\d+)+$", "", name.strip("|"))


def _plain(line: str) -> str:
    for pattern, text in _SPELLINGS:
        line = pattern.sub(text, line)
    return _POWER.sub(lambda match: str(int(match[1]) ** min(int(match[2]), 30)), line)


def _chains(line: str) -> list[Chain]:
    if match := _ONE_OF.search(line):
        numbers = sorted(map(int, re.findall(r"-?\d+", match[2])))
        return [_within(str(numbers[0]), match[1], str(numbers[-1]))]
    if (match := _BETWEEN.search(line)) and "length" not in line:
        return [_within(match[2], match[1], match[3])]
    found = []
    for part in re.split(r"[.;]\s|\(|\)|\band\b|\bwhere\b", line):
        pieces = re.split(r"(<=|<|>=|(?<![<>=!])=(?!=))", re.sub(r"^\s*[-*•]\s+", "", part).strip())
        if len(pieces) < 3:
            continue
        relations = pieces[1::2]
        if ">=" in relations:
            if set(relations) != {">="}:
                continue
            pieces = pieces[::-1]
            relations = ["<="] * len(relations)
        terms_and_gaps = [_names(piece) for piece in pieces[::2]]
        groups, relations = _without_gaps(terms_and_gaps, pieces[::2], relations)
        if all(groups):
            # `1 <= a, b <= 9` says the same of both.
            width = max(len(group) for group in groups)
            for place in range(width):
                terms = tuple(group[min(place, len(group) - 1)] for group in groups)
                found.append(Chain(terms, tuple(relations)))
    return found


def _without_gaps(
    groups: list[list[str]], pieces: list[str], relations: list[str]
) -> tuple[list[list[str]], list[str]]:
    """Make `0 <= A_1 < ... < A_N < K` one statement on A: `0 <= A < K`."""
    kept: list[list[str]] = []
    kept_relations: list[str] = []
    for place, (group, piece) in enumerate(zip(groups, pieces, strict=True)):
        if not piece.strip(" ,…") or (kept and group and group == kept[-1]):
            continue
        if kept:
            kept_relations.append(relations[place - 1])
        kept.append(group)
    return kept, kept_relations


def _within(low: str, name: str, high: str) -> Chain:
    return Chain((low, base_name(name), high), ("<=", "<="))


def _names(piece: str) -> list[str]:
    names = []
    for part in piece.split(","):
        match = _TERM.search(part.strip())
        if match and (part.strip() == match[0] or len(piece.split(",")) == 1):
            names.append(_term(match[0]))
    return names


def _term(text: str) -> str:
    def name(match: re.Match[str]) -> str:
        bars = match[0].startswith("|")
        base = base_name(match[0])
        return f"|{base}|" if bars else base

    return re.sub(r"\|?[A-Za-z][A-Za-z0-9_{}]*\|?", name, text.replace(" ", ""))
