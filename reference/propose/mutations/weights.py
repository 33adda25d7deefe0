"""How likely each kind of mutation is the fix, learned from real fixes."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_STRENGTH = 20.0  # pseudo-observations that pull a rare variant towards its operator
_FILE = "weights.json"


class MutationWeights:
    """Logarithms of the chance that a mutation is the fix.

    Parameters
    ----------
    counts
        For `operator` and `operator/variant`: how many were generated, and how many were the
        fix that the author made.
    """

    def __init__(self, counts: Mapping[str, tuple[int, int]]) -> None:
        self.counts = dict(counts)
        made: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for kind, (generated, hits) in counts.items():
            operator = kind.split("/")[0]
            made[operator] += generated
            right[operator] += hits
        total_made, total_right = sum(made.values()) or 1, sum(right.values())
        self._floor = (total_right + 1) / (total_made + 1)
        self._operators = {
            operator: (right[operator] + _STRENGTH * self._floor) / (made[operator] + _STRENGTH)
            for operator in made
        }

    def __call__(self, operator: str, variant: str) -> float:
        """Return the logarithm of the chance; kinds never seen get their operator's."""
        chance = self._operators.get(operator, self._floor)
        generated, hits = self.counts.get(f"{operator}/{variant}", (0, 0))
        return math.log((hits + _STRENGTH * chance) / (generated + _STRENGTH))

    def save(self) -> str:
        """Return the counts as JSON."""
        return json.dumps(dict(sorted(self.counts.items())), indent=0, ensure_ascii=False) + "\n"


@cache
def learned_weights() -> MutationWeights:
    """Return the weights that ship with the package."""
    text = files("reference.propose.mutations").joinpath(_FILE).read_text(encoding="utf-8")
    return MutationWeights({kind: (made, hits) for kind, (made, hits) in json.loads(text).items()})
