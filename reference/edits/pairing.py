"""Which lines of two programs correspond."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

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
