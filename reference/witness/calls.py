"""Make calls like those of a problem whose tests call the program's functions."""

import ast
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

_Path: TypeAlias = tuple[str | int, ...]
_EACH = "each"  # the place of any element of a sequence
_NEW = 0.5  # share of numbers that no example has
_TRIES = 8  # for each call that is wanted


@dataclass
class _Shown:
    """What the examples show at one place: in an argument, an element, or a field of a record."""

    values: list[ast.expr] = field(default_factory=list)
    repeats: bool = False  # within one sequence
    descends: bool = False

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The least and greatest of the numbers, if all are."""
        numbers = [number for one in self.values if (number := _number(one)) is not None]
        return (min(numbers), max(numbers)) if len(numbers) == len(self.values) else None


class CallMaker:
    """Makes calls from a problem's examples, by small changes to their arguments.

    What holds in every example is kept, since a statement may demand it: numbers stay within
    what is shown at their place, sequences without repetition or in ascending order stay so, and
    a number that is never above the length of a sequence beside it does not get there. A tuple
    in a sequence is a record, whose fields are looked at one by one.

    Parameters
    ----------
    examples
        Expressions; what is not one call with arguments is left out.
    """

    obeys = False  # nothing is known of what statements say in words

    def __init__(self, examples: Sequence[str]) -> None:
        self._known = set(examples)
        self._calls = [call for text in examples if (call := _call(text)) is not None]
        self._shown: defaultdict[_Path, _Shown] = defaultdict(_Shown)
        for call in self._calls:
            for path, node in _places(call):
                self._note(path, node)
        self._within = {
            pair: all(number <= length for number, length in found)
            for pair, found in self._lengths(self._calls).items()
        }

    def inputs(self, seed: int, count: int) -> list[str]:
        """Return up to `count` different calls, short ones first; the same for a seed."""
        rng = random.Random(seed)
        made: dict[str, None] = {}
        for _ in range(count * _TRIES if self._calls else 0):
            if len(made) >= count:
                break
            call = _call(ast.unparse(rng.choice(self._calls)))
            assert call is not None
            for _ in range(rng.choice((1, 1, 2, 3))):
                self._change(call, rng)
            if self._is_like_the_examples(call):
                made.setdefault(ast.unparse(call))
        return sorted(made.keys() - self._known, key=lambda text: (len(text), text))

    def _note(self, path: _Path, node: ast.expr) -> None:
        self._shown[path].values.append(node)
        for place, values in _columns(path, node):
            shown = self._shown[place]
            shown.repeats |= _repeats(values)
            shown.descends |= _descends(values)

    def _change(self, call: ast.Call, rng: random.Random) -> None:
        path, node = rng.choice(list(_places(call)))
        if isinstance(node, ast.List | ast.Tuple) and not _is_record(path, node):
            self._change_sequence(path, node.elts, rng)
        elif isinstance(node, ast.Constant | ast.UnaryOp):
            _Replacement(node, self._value(path, rng)).visit(call)

    def _change_sequence(self, path: _Path, elements: list[ast.expr], rng: random.Random) -> None:
        each = (*path, _EACH)
        place = rng.randrange(len(elements) + 1)
        way = rng.choice(("add", "add", "repeat", "remove", "swap"))
        if way == "add" and self._shown[each].values:
            elements.insert(place, self._value(each, rng))
        elif place < len(elements):
            other = rng.randrange(len(elements))
            if way == "repeat":
                elements.insert(place, elements[other])
            elif way == "remove":
                del elements[place]
            elif way == "swap":
                elements[place], elements[other] = elements[other], elements[place]
        if not self._shown[each].descends:
            elements.sort(key=lambda one: _number(one) or 0)

    def _value(self, path: _Path, rng: random.Random) -> ast.expr:
        """Return a value for a place; of records, each field for itself."""
        shown = self._shown[path]
        one = _copy(rng.choice(shown.values))
        if isinstance(one, ast.Tuple) and _is_record(path, one):
            one.elts = [self._value((*path, index), rng) for index in range(len(one.elts))]
        elif (bounds := shown.bounds) and rng.random() < _NEW:
            one = ast.parse(str(rng.randint(*bounds)), mode="eval").body
        return one

    def _is_like_the_examples(self, call: ast.Call) -> bool:
        for path, node in _places(call):
            for place, values in _columns(path, node):
                shown = self._shown[place]
                if (_repeats(values) and not shown.repeats) or (
                    _descends(values) and not shown.descends
                ):
                    return False
        return all(
            number <= length or not self._within.get(pair)
            for pair, found in self._lengths([call]).items()
            for number, length in found
        )

    @staticmethod
    def _lengths(calls: Sequence[ast.Call]) -> dict[_Path, list[tuple[int, int]]]:
        """Return the numbers among the arguments beside the lengths of sequences."""
        found: defaultdict[_Path, list[tuple[int, int]]] = defaultdict(list)
        for call in calls:
            for first, one in enumerate(call.args):
                for second, other in enumerate(call.args):
                    number = _number(one)
                    if number is not None and isinstance(other, ast.List | ast.Tuple):
                        found[ast.unparse(call.func), first, second].append(
                            (number, len(other.elts))
                        )
        return found


def _call(text: str) -> ast.Call | None:
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return node if isinstance(node, ast.Call) and node.args else None


def _places(call: ast.Call) -> Iterator[tuple[_Path, ast.expr]]:
    """Yield what can be changed: arguments, elements and fields, each with its place."""
    for index, argument in enumerate(call.args):
        yield from _inside((ast.unparse(call.func), index), argument)


def _inside(path: _Path, node: ast.expr) -> Iterator[tuple[_Path, ast.expr]]:
    yield path, node
    if isinstance(node, ast.List | ast.Tuple):
        record = _is_record(path, node)
        for index, element in enumerate(node.elts):
            yield from _inside((*path, index if record else _EACH), element)


def _is_record(path: _Path, node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and path[-1] == _EACH


def _columns(path: _Path, node: ast.expr) -> Iterator[tuple[_Path, list[ast.expr]]]:
    """Yield the elements of a sequence, and each field of its records, with their places."""
    if not isinstance(node, ast.List | ast.Tuple) or _is_record(path, node):
        return
    each = (*path, _EACH)
    yield each, node.elts
    records = [one.elts for one in node.elts if isinstance(one, ast.Tuple)]
    if len(records) == len(node.elts):
        for index, column in enumerate(zip(*records, strict=False)):
            yield (*each, index), list(column)


def _repeats(values: Sequence[ast.expr]) -> bool:
    return len({ast.dump(one) for one in values}) < len(values)


def _descends(values: Sequence[ast.expr]) -> bool:
    """Whether these are not numbers in ascending order."""
    numbers = [_number(one) for one in values]
    return any(a is None or b is None or a > b for a, b in pairwise(numbers))


def _number(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


class _Replacement(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body
