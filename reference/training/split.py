"""Which problems are kept from training, so that "unseen" means what it says.

Judges reuse problems: two contests share one, or two archives name one differently. So the split
is drawn over groups of problems that are alike, not over ids.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from reference.protocol import Problem

HELD_OUT_PART = 3
"""One group of problems in so many is held out, and one pair in so many of the other problems."""

_GRAM_WORDS = 4
_LIKE_STATEMENTS = 0.5
_COMMON_GRAM = 12


def groups_of_alike(problems: Iterable[Problem]) -> dict[str, str]:
    """Map each problem's id to the least id of its group of like problems.

    Two problems are alike if half the word 4-grams of the shorter statement stand in the other
    one, or if they share two samples.
    """
    features: dict[str, set[tuple[str, ...]]] = {}
    samples: dict[str, set[tuple[str, ...]]] = {}
    for problem in problems:
        words = re.findall(r"[a-z]+", re.sub(r"\\[a-z]+", " ", problem.statement().lower()))
        features[problem.id] = {
            tuple(words[n : n + _GRAM_WORDS]) for n in range(len(words) - _GRAM_WORDS + 1)
        }
        samples[problem.id] = {
            (" ".join(test.input.split()), " ".join(test.output.split()))
            for test in problem.tests
            if test.sample
        }
    parent = {name: name for name in features}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for table, alike in (
        # Phrases such as "the input is given from standard input" say nothing of the problem.
        (_without_common(features), _statements_alike),
        (samples, lambda shared, *_: shared >= 2),
    ):
        for (one, other), shared in _shared_counts(table).items():
            if alike(shared, len(table[one]), len(table[other])):
                first, second = sorted((root(one), root(other)))
                parent[second] = first
    return {name: root(name) for name in features}


def is_held_out(name: str) -> bool:
    """Say whether what has this name is held out: one name in `HELD_OUT_PART`, by SHA-256."""
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT_PART == 0


def held_out_ids(problems: Iterable[Problem], groups: Mapping[str, str]) -> set[str]:
    """Return the ids that no training program may belong to.

    A group is held out if the SHA-256 of its name says so; `problems` are those to draw from,
    `groups` may cover more of them.
    """
    chosen = {groups[problem.id] for problem in problems if is_held_out(groups[problem.id])}
    return {name for name, group in groups.items() if group in chosen}


def _statements_alike(shared: int, one: int, other: int) -> bool:
    return shared >= 6 and shared >= _LIKE_STATEMENTS * min(one, other)


def _without_common(
    features: Mapping[str, set[tuple[str, ...]]],
) -> dict[str, set[tuple[str, ...]]]:
    counts = Counter(gram for grams in features.values() for gram in grams)
    return {
        name: {gram for gram in grams if counts[gram] <= _COMMON_GRAM}
        for name, grams in features.items()
    }


def _shared_counts(table: Mapping[str, set[tuple[str, ...]]]) -> Counter[tuple[str, str]]:
    owners: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, values in table.items():
        for value in values:
            owners[value].append(name)
    counts: Counter[tuple[str, str]] = Counter()
    for names in owners.values():
        names.sort()
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                counts[one, other] += 1
    return counts
