"""Which lines of two programs correspond."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from reference.edits.lines import Line

_GAP = 0.55  # cost of a line without a counterpart; two make a pair that shares too little
_DEPTH = 0.1  # cost of a pair of lines at different depths
_MATCHED = 200_000  # cells of the line alignment; longer programs are aligned by equal lines


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
    distances = [[_distance(line, other) for other in b] for line in a]
    cost = [[j * _GAP for j in range(len(b) + 1)]]
    for i, row_distances in enumerate(distances):
        above = cost[i]
        row = [(i + 1) * _GAP]
        for j, distance in enumerate(row_distances):
            row.append(min(above[j] + distance, above[j + 1] + _GAP, row[j] + _GAP))
        cost.append(row)
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(a), len(b)
    while i or j:
        if i and j:
            paired = cost[i - 1][j - 1] + distances[i - 1][j - 1]
            if abs(cost[i][j] - paired) < 1e-9:
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


def _distance(a: Line, b: Line) -> float:
    depth = _DEPTH * (a.depth != b.depth)
    if a.words == b.words:
        return depth
    apart = 1 - 2 * _shared(a.words, b.words) / (len(a.tokens) + len(b.tokens))
    # A line that begins with another keyword is seldom the same line.
    return 0.05 + apart + depth + 0.15 * (a.tokens[0].text != b.tokens[0].text)


@lru_cache(maxsize=1 << 16)  # accepted programs of one problem have many lines in common
def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Return how many words two lines have in common."""
    left = list(b)
    for word in a:
        if word in left:
            left.remove(word)
    return len(b) - len(left)


def _pair_equal(a: Sequence[Line], b: Sequence[Line]) -> list[tuple[int | None, int | None]]:
    keys_a, keys_b = ([(line.depth, line.words) for line in lines] for lines in (a, b))
    pairs: list[tuple[int | None, int | None]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, keys_a, keys_b, False).get_opcodes():
        if tag == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += [(i, None) for i in range(i1, i2)] + [(None, j) for j in range(j1, j2)]
    return pairs
