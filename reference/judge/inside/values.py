"""Values of function entries, on their way out of the sandbox."""

import json
import operator
import zlib
from collections import deque
from collections.abc import Iterable
from typing import Any, SupportsIndex


def serialised(value: object) -> bytes:
    """Return a value, encoded, as a text of JSON."""
    return json.dumps(encode(value)).encode()


def checksum(output: bytes) -> int:
    """Return a number that is the same for outputs that differ in blanks alone."""
    return zlib.crc32(b" ".join(output.split()))


def representation(value: object) -> str:
    """Return `repr(value)`, or something else where that fails."""
    try:
        return repr(value)
    except Exception:  # an integer of too many digits, or a class's own fault
        return object.__repr__(value)


def encode(value: object) -> Any:
    """Return a value as JSON that keeps the kinds of containers apart."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return ["int", hex(value)]
    if isinstance(value, float):
        return ["float", float(value).hex()]
    if isinstance(value, complex):
        return ["complex", value.real.hex(), value.imag.hex()]
    if isinstance(value, (bytes, bytearray)):
        return ["bytes", value.hex()]
    for kind in (list, tuple, set, frozenset, deque):
        if isinstance(value, kind):
            items: Iterable[object] = value
            return [kind.__name__, *map(encode, items)]
    if isinstance(value, dict):
        return ["dict", *([encode(key), encode(item)] for key, item in value.items())]
    if isinstance(value, SupportsIndex):
        return ["int", hex(operator.index(value))]
    state = getattr(value, "__dict__", None)
    return ["object", type(value).__qualname__, encode(state) if state else repr(value)]
