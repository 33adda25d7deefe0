"""Make inputs like a problem's own."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from math import gcd

from reference.protocol import Problem
from reference.witness.constraints import evaluate, read_constraints
from reference.witness.grammar import (
    Grammar,
    Values,
    count_of,
    is_number,
    lengths,
    read_grammar,
)

_SMALL = 8  # elements of a made sequence, and characters of a made text, at most
_LONG = 24  # the same, in a few inputs
_NEAR = 12  # how far from the least value most numbers are
_LARGEST = 10**5  # greatest values beyond it are seldom tried: programs may loop up to them
_TINY = 3  # how far from the least value all numbers of some inputs are: ties
_GRID = {1: 30, 2: 7, 3: 4}  # least values of so many numbers that are tried in all combinations
_SPREADS = ("mixed", "mixed", "mixed", "tiny", "wide", "close")
_HEADINGS = {
    "input": re.compile(r"^#+\s*(?:input|입력)", re.IGNORECASE),
    "constraints": re.compile(r"^#+\s*(?:constraints?|limits?|제한|조건)", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class _Dice:
    """What the numbers of one input are drawn with.

    Parameters
    ----------
    spread
        `tiny`: near the least value. `wide`: anywhere between the bounds. `close`: near `base`,
        all of them. `mixed`: each in another way.
    """

    rng: random.Random
    spread: str
    base: int

    @property
    def length(self) -> int:
        """The most elements or characters."""
        return _LONG if self.spread == "wide" else _SMALL


class InputMaker:
    """Makes inputs from a problem's samples, and from what its statement says of the input.

    Every value stays within the bounds that the constraints give, or else within those that the
    samples show; sequences and texts keep the length that another value announces.

    Parameters
    ----------
    problem
        Its tests' inputs are the examples; a statement with sections on the input and on
        constraints gives the shape and the bounds.
    """

    def __init__(self, problem: Problem) -> None:
        self._examples = [test.input for test in problem.tests]
        self._guarantee = any("guarantee" in text for text in problem.statements.values())
        # Sentences on the input are best understood in English, formats in any language.
        statements = sorted(problem.statements.items(), key=lambda item: item[0] != "en")
        read = [_sections(statement) for _, statement in statements]
        grammars = ((one, read_grammar(one["input"])) for one in read)
        sections, grammar = next(
            (found for found in grammars if found[1]), (read[0] if read else _sections(""), None)
        )
        self._constraints = read_constraints(sections["constraints"])
        parsed = [grammar.parse(text) for text in self._examples] if grammar else []
        self._grammar: Grammar | None = None
        self._parsed: list[Values] = [values for values in parsed if values]
        if grammar and parsed and all(parsed):
            self._grammar = grammar

        self._digits = {
            name
            for one in self._parsed[:1]
            for name in one.single
            if self._are_digits(name, [each.single[name] for each in self._parsed])
        }
        self._announced = [
            (name, other)
            for one in self._parsed[:1]
            for name in one.single
            for other in (*one.single, *one.many)
            if all(_announces(each, name, other) for each in self._parsed)
        ]

    @property
    def obeys(self) -> bool:
        """Whether the inputs obey all that the statement says of them."""
        special = self._constraints.special or self._guarantee
        return self._grammar is not None and not special

    def inputs(self, seed: int, count: int) -> list[str]:
        """Return up to `count` different inputs, small ones first; the same for a seed."""
        if not self._examples:
            return []
        rng = random.Random(seed)
        made = dict.fromkeys(text for text in islice(self._systematic(), count) if text)
        for _ in range(count * 8):
            if len(made) >= count:
                break
            text = self._make(rng)
            if text is not None:
                made.setdefault(text)
        return sorted(made.keys() - set(self._examples), key=lambda text: (len(text), text))

    def _systematic(self) -> Iterator[str | None]:
        """Yield all combinations of the least and greatest values, where all are numbers."""
        if self._grammar is None or self._constraints.special:
            return
        ranges: dict[str, tuple[int, int]] = {}
        for line in self._grammar.lines:
            for name in line.names:
                shown = [one.single.get(name, "") for one in self._parsed]
                if not all(map(is_number, shown)) or name in self._digits:
                    return
                ranges[name] = self._range(name, list(map(int, shown)))
        if len(ranges) not in _GRID or any(least > most for least, most in ranges.values()):
            return
        size = _GRID[len(ranges)]
        small = [range(least, min(most, least + size - 1) + 1) for least, most in ranges.values()]
        ends = [sorted({least, least + 1, most - 1, most}) for least, most in ranges.values()]
        for numbers in chain(product(*small), product(*ends)):
            texts = dict(zip(ranges, map(str, numbers), strict=True))
            if all(
                low <= value <= high
                for value, (low, high) in zip(numbers, ranges.values(), strict=True)
            ):
                yield self._printed(Values(texts))

    def _make(self, rng: random.Random) -> str | None:
        if self._grammar is None:
            return _varied(rng.choice(self._examples), self._examples, rng)
        dice = _Dice(rng, rng.choice(_SPREADS), int(10 ** rng.uniform(0.7, 4.5)))
        return self._printed(self._changed(dice) if self._constraints.special else self._new(dice))

    def _printed(self, values: Values) -> str | None:
        """Return the text of an input, or None where it breaks the constraints."""
        assert self._grammar is not None
        known = {name: value for name, value in lengths(values).items() if name not in self._digits}
        if self._constraints.distinct and self._repeats(values):
            return None
        if not all(one.holds(known) for one in self._constraints.chains):
            return None
        if not all(_announces(values, *pair) for pair in self._announced):
            return None
        for name, words in values.many.items():
            if name not in self._digits and all(is_number(word) for word in words):
                for word in words:
                    inside = {**known, name: int(word)}
                    if not all(one.holds(inside) for one in self._constraints.chains):
                        return None
        return self._grammar.print(values)

    @staticmethod
    def _repeats(values: Values) -> bool:
        """Whether two values are the same; of which it must not be so, the words do not tell."""
        return len(set(values.single.values())) < len(values.single)

    def _new(self, dice: _Dice) -> Values:
        """Make an input anew, some of its values taken from an example."""
        assert self._grammar is not None
        rng = dice.rng
        example = rng.choice(self._parsed)
        values = Values()
        keep = rng.choice((0.0, 0.0, 0.3, 0.6))
        for line in self._grammar.lines:
            for name in line.names:
                if line.count is None and line.rows is None:
                    if rng.random() < keep:
                        values.single[name] = example.single[name]
                    else:
                        values.single[name] = self._single(name, values, dice)
                else:
                    size = count_of(line.count or line.rows or "", values) or 0
                    if size == len(example.many[name]) and rng.random() < keep:
                        values.many[name] = list(example.many[name])
                    else:
                        values.many[name] = self._sequence(name, size, values, dice)
        return values

    def _changed(self, dice: _Dice) -> Values:
        """Change one value of an example and nothing else: the input obeys unknown rules.

        What holds in every example may be such a rule: lengths, order, and common divisors.
        """
        assert self._grammar is not None
        rng = dice.rng
        example = rng.choice(self._parsed)
        values = Values(dict(example.single), {name: [*w] for name, w in example.many.items()})
        fixed = self._grammar.counts.union(name for name, _ in self._announced)
        choices = [name for name in values.single if name not in fixed]
        choices += [name for name, words in values.many.items() if words]
        if not choices:
            return values
        choice = rng.choice(choices)
        if choice in values.single:
            shown = [one.single[choice] for one in self._parsed]
            values.single[choice] = self._other(choice, values.single[choice], shown, dice)
        else:
            words = values.many[choice]
            place = rng.randrange(len(words))
            shown = list(chain.from_iterable(one.many[choice] for one in self._parsed))
            before, words[place] = words[place], self._other(choice, words[place], shown, dice)
            if self._are_ordered(choice) and not _ascends(words):
                words[place] = before
        return values

    def _other(self, name: str, word: str, shown: Sequence[str], dice: _Dice) -> str:
        """Return a number or a text that may stand where others are shown."""
        if name in self._digits or not all(map(is_number, shown)):
            return _with_other_letters(word, shown, dice.rng)
        divisor = gcd(*map(int, shown)) if len(set(shown)) > 1 else 1
        number = self._number(name, list(map(int, shown)), dice)
        return str(number - number % max(1, divisor))

    def _single(self, name: str, values: Values, dice: _Dice) -> str:
        shown = [one.single[name] for one in self._parsed]
        if all(map(is_number, shown)) and name not in self._digits:
            counts = self._grammar is not None and name in self._grammar.counts
            return str(self._number(name, list(map(int, shown)), dice, counts=counts))
        return self._text(name, shown, values, dice)

    def _are_digits(self, name: str, shown: Sequence[str]) -> bool:
        """Whether what looks like numbers are texts of digits: bounded by no number, but alike."""
        if any(len(text) > 1 and text[0] == "0" for text in shown):
            return True
        low, high = self._bounds(name)
        if high is not None:
            return all(map(is_number, shown)) and max(map(int, shown)) > high
        return low is None and len({len(text) for text in shown}) == 1 and len(shown[0]) > 1

    def _are_ordered(self, name: str) -> bool:
        shown = [one.many[name] for one in self._parsed]
        return any(len(words) > 1 for words in shown) and all(map(_ascends, shown))

    def _sequence(self, name: str, size: int, values: Values, dice: _Dice) -> list[str]:
        rng = dice.rng
        shown = list(chain.from_iterable(one.many[name] for one in self._parsed))
        if not shown or not all(map(is_number, shown)):
            return [self._text(name, shown or ["a"], values, dice) for _ in range(size)]
        if self._constraints.permutation and sorted(map(int, self._parsed[0].many[name])) == list(
            range(1, len(self._parsed[0].many[name]) + 1)
        ):
            return list(map(str, rng.sample(range(1, size + 1), size)))
        numbers = list(map(int, shown))
        if rng.random() < 0.3:  # few different values: ties
            few = [self._number(name, numbers, dice) for _ in range(2)]
            made = [rng.choice(few) for _ in range(size)]
        else:
            made = [self._number(name, numbers, dice) for _ in range(size)]
        if self._constraints.distinct or all(
            len(set(one.many[name])) == len(one.many[name]) for one in self._parsed
        ):
            made = list(dict.fromkeys(made))
            while len(made) < size:
                made.append(max(made, default=0) + 1)
        if self._are_ordered(name):
            made.sort()
        return list(map(str, made))

    def _bounds(self, name: str) -> tuple[int | None, int | None]:
        low, high = self._constraints.bounds(name)
        size = self._constraints.bounds(f"|{name}|")[1]
        if (low, high) == (None, None) and size is not None and size > 99:
            return -size, size  # an absolute value: no text is so long in a small input
        return low, high

    def _range(self, name: str, shown: Sequence[int]) -> tuple[int, int]:
        low, high = self._bounds(name)
        return (min(shown) if low is None else low), (max(shown) if high is None else high)

    def _number(self, name: str, shown: Sequence[int], dice: _Dice, *, counts: bool = False) -> int:
        least, most = self._range(name, shown)
        rng = dice.rng
        if least > most:
            return rng.choice(shown)
        if counts:
            return rng.randint(least, min(most, max(least, dice.length)))
        middle = max(least, 0) if most >= 0 else least
        if dice.spread == "tiny":
            return rng.randint(max(least, middle - _TINY), min(most, middle + _TINY))
        if dice.spread == "wide":
            return rng.randint(least, most)
        if dice.spread == "close":
            return min(most, max(least, dice.base + rng.randint(0, _NEAR)))
        near = rng.randint(max(least, middle - _NEAR), min(most, middle + _NEAR))
        ways = [near, near, near, middle, rng.choice(shown)]
        if least >= -_LARGEST:
            ways.append(least)
        if most <= _LARGEST:
            ways += [most, rng.randint(least, most)]
        around = rng.choice(shown) + rng.choice((-1, 1))
        return rng.choice([*ways, min(most, max(least, around))])

    def _text(self, name: str, shown: Sequence[str], values: Values, dice: _Dice) -> str:
        rng = dice.rng
        if all(_has_layout(text) for text in shown):
            return _with_other_letters(rng.choice(shown), shown, rng)
        letters = sorted(set("".join(shown)))
        known = lengths(values)
        sizes = {len(text) for text in shown}
        size = None
        for one in self._constraints.chains:
            if one.terms[0] == f"|{name}|" and one.relations == ("=",):
                size = evaluate(one.terms[1], known)
        announced = {
            other
            for other in values.single
            if all(
                one.single.get(other) == str(len(one.single.get(name, one.many.get(name, [""])[0])))
                for one in self._parsed
            )
        }
        if size is None and announced:
            size = int(values.single[announced.pop()])
        low, high = self._constraints.bounds(f"|{name}|")
        if rng.random() < 0.4:
            edited = _edited(rng.choice(shown), letters, rng)
            fits = size is None and (low or min(sizes)) <= len(edited) <= (high or max(sizes))
            if fits or len(edited) == size:
                return edited
        if size is None:
            if low is not None and high is not None:
                size = rng.randint(low, min(high, max(low, dice.length)))
            else:
                size = rng.choice(sorted(sizes))
        some = rng.sample(letters, min(len(letters), rng.choice((2, 3, 26))))
        if size == 1 or (sizes == {1} and len(letters) <= 4):
            return rng.choice(letters)
        if len(set(shown)) <= 4 and rng.random() < 0.3:
            return rng.choice(shown)
        return "".join(rng.choice(some) for _ in range(size))


def _edited(text: str, letters: Sequence[str], rng: random.Random) -> str:
    """Replace, add, take away or swap a character or two."""
    characters = list(text)
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(len(characters) + 1)
        way = rng.choice(("replace", "replace", "add", "remove", "swap"))
        if way == "add":
            characters.insert(place, rng.choice(letters))
        elif place < len(characters):
            if way == "replace":
                characters[place] = rng.choice(letters)
            elif way == "remove":
                del characters[place]
            else:
                other = rng.randrange(len(characters))
                characters[place], characters[other] = characters[other], characters[place]
    return "".join(characters)


def _with_other_letters(text: str, shown: Sequence[str], rng: random.Random) -> str:
    """Replace a few letters and digits by others of their kind; the rest is layout."""
    known = sorted({letter for one in shown for letter in one})
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    characters = list(text)
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 2, 3)))):
        kind = _kind(text[place])
        letters = rng.choice((known, text))  # those of the text repeat
        characters[place] = rng.choice([one for one in letters if _kind(one) == kind])
    return "".join(characters)


def _has_layout(text: str) -> bool:
    """Whether letters or digits stand around something else, as in 0.25 and 2019/04/30."""
    return text.strip() != "" and text[0].isalnum() and not text.isalnum()


def _kind(letter: str) -> tuple[bool, bool, bool]:
    return letter.isalpha(), letter.isdigit(), letter.isupper()


def _announces(values: Values, name: str, other: str) -> bool:
    """Whether a number is the length of a text, or of all texts of a sequence."""
    words = values.many[other] if other in values.many else [values.single[other]]
    return other != name and all(
        not is_number(word) and values.single[name] == str(len(word)) for word in words
    )


def _varied(text: str, examples: Sequence[str], rng: random.Random) -> str:
    """Change one number of an example to another that stands in the same column somewhere.

    Where there are no numbers, change a few letters.
    """
    rows = [row.split(" ") for row in text.split("\n")]
    numbers = [
        (y, x) for y, row in enumerate(rows) for x, word in enumerate(row) if is_number(word)
    ]
    if not numbers:
        return _with_other_letters(text, examples, rng)
    y, x = rng.choice(numbers)
    sizes = {len(row) for row in rows} | {len(rows) - 1, len(rows) - 2}
    sizes |= {len(word) for row in rows for word in row if not is_number(word)}
    announced = {size + more for size in sizes for more in (0, 1)}  # N, or N - 1 of them
    if int(rows[y][x]) in announced:
        return text
    alike = [
        row.split(" ")[x]
        for example in examples
        for row in example.split("\n")
        if len(row.split(" ")) == len(rows[y]) and is_number(row.split(" ")[x])
    ]
    if any(len(word) > 1 and word[0] == "0" for word in alike):  # texts of digits
        rows[y][x] = "".join(rng.choice(rng.choice(alike)) for _ in rows[y][x])
        return "\n".join(" ".join(row) for row in rows)
    low, high = min(map(int, alike)), max(map(int, alike))
    rows[y][x] = str(rng.randint(low, high))
    return "\n".join(" ".join(row) for row in rows)


def _ascends(words: Sequence[str]) -> bool:
    if not all(map(is_number, words)):
        return False
    numbers = list(map(int, words))
    return numbers == sorted(numbers)


def _sections(statement: str) -> dict[str, str]:
    sections = dict.fromkeys(_HEADINGS, "")
    current: str | None = None
    for line in statement.split("\n"):
        if line.startswith("#"):
            current = next(
                (name for name, heading in _HEADINGS.items() if heading.match(line)), None
            )
        elif current:
            sections[current] += f"{line}\n"
    return sections
