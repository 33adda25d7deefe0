"""Whether what a program gave is what a test expects."""

import cmath
import math
import re
from collections import deque
from typing import Any

from reference.protocol import Checker, CheckerKind

# A number as programs print it: not Python's underscores or words, but nan and inf.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|nan)", re.I)


def texts_agree(actual: str, expected: str, checker: Checker) -> bool:
    """Compare two outputs by a `tokens`, `exact` or `float` checker."""
    if checker.kind is CheckerKind.EXACT:
        return _lines(actual) == _lines(expected)
    left, right = actual.split(), expected.split()
    if left == right:
        return True
    if checker.kind is not CheckerKind.FLOAT or len(left) != len(right):
        return False
    return all(
        a == b or _words_close(a, b, checker.tolerance) for a, b in zip(left, right, strict=True)
    )


def values_agree(actual: Any, expected: Any, checker: Checker) -> bool:
    """Compare two values as `decode` returns them: by `==`, and containers also by their kind."""
    tolerance = checker.tolerance if checker.kind is CheckerKind.FLOAT else 0.0
    return _equal(actual, expected, tolerance)


def decode(encoded: Any) -> Any:
    """Return the value that the run's process encoded as JSON.

    Objects become tuples of kind `Opaque`.

    Raises
    ------
    ValueError
        If `encoded` is no such value.
    """
    if encoded is None or isinstance(encoded, (bool, str)):
        return encoded
    try:
        kind, *items = encoded
        return _DECODERS[kind](items)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("not an encoded value") from error


class Opaque(tuple[Any, ...]):
    """An object of a class: its name, and its state or `repr`."""

    __slots__ = ()


_DECODERS: dict[str, Any] = {
    "int": lambda items: int(items[0], 16),
    "float": lambda items: float.fromhex(items[0]),
    "complex": lambda items: complex(float.fromhex(items[0]), float.fromhex(items[1])),
    "bytes": lambda items: bytes.fromhex(items[0]),
    "list": lambda items: [decode(item) for item in items],
    "tuple": lambda items: tuple(decode(item) for item in items),
    "deque": lambda items: deque(decode(item) for item in items),
    "set": lambda items: {decode(item) for item in items},
    "frozenset": lambda items: frozenset(decode(item) for item in items),
    "dict": lambda items: {decode(key): decode(value) for key, value in items},
    "object": lambda items: Opaque((items[0], decode(items[1]))),
}


def _equal(actual: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(actual, (int, float, complex)) and isinstance(expected, (int, float, complex)):
        return actual == expected or _close(actual, expected, tolerance)
    if type(actual) is not type(expected):
        return False
    if isinstance(actual, (list, tuple, deque)):
        return len(actual) == len(expected) and all(
            _equal(a, b, tolerance) for a, b in zip(actual, expected, strict=True)
        )
    if isinstance(actual, dict):
        return actual.keys() == expected.keys() and all(
            _equal(value, expected[key], tolerance) for key, value in actual.items()
        )
    return bool(actual == expected)


def _close(actual: complex, expected: complex, tolerance: float) -> bool:
    if cmath.isnan(actual) and cmath.isnan(expected):
        return True
    return tolerance > 0 and cmath.isclose(
        actual, expected, rel_tol=min(tolerance, 1.0), abs_tol=tolerance
    )


def _words_close(actual: str, expected: str, tolerance: float) -> bool:
    if not (_NUMBER.fullmatch(actual) and _NUMBER.fullmatch(expected)):
        return False
    a, b = float(actual), float(expected)
    if math.isnan(b):
        return math.isnan(a)
    # Relative to what is expected, lest a huge answer widen its own tolerance.
    return a == b or abs(a - b) <= tolerance * max(1.0, abs(b))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]
