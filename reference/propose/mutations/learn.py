"""Learn the weights of mutations from pairs of a wrong program and its author's fix."""

import ast
from collections import Counter
from collections.abc import Iterable

from reference.edits import Program, apply_edits
from reference.propose.mutations.ingredients import Ingredients
from reference.propose.mutations.operators import Mutation, mutations
from reference.propose.mutations.weights import MutationWeights
from reference.protocol import Problem


def learn(pairs: Iterable[tuple[str, str, Problem]]) -> tuple[MutationWeights, int]:
    """Count, over pairs, which kinds of mutation are the fix.

    Parameters
    ----------
    pairs
        The wrong program, the fixed one, and the problem as the engine would see it.

    Returns
    -------
    MutationWeights, int
        The weights, and in how many pairs one mutation is the whole fix.
    """
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    reached = 0
    for wrong, fixed, problem in pairs:
        try:
            program = Program(ast.unparse(ast.parse(wrong)))
            target = ast.unparse(ast.parse(fixed))
        except (SyntaxError, ValueError, RecursionError):
            continue
        start, end = _difference(program.text, target)
        found: set[str] = set()
        for mutation in mutations(program, Ingredients(program, problem)):
            kind = f"{mutation.operator}/{mutation.variant}"
            made[kind] += 1
            if _covers(mutation, start, end) and kind not in found:
                changed = apply_edits(program.text, mutation.edits)
                if _unparsed(changed) == target:
                    found.add(kind)
        right.update(found)
        reached += bool(found)
    return MutationWeights({kind: (made[kind], right[kind]) for kind in made}), reached


def _difference(text: str, target: str) -> tuple[int, int]:
    """Return the offsets in `text` between what the two begin and end with alike."""
    shorter = min(len(text), len(target))
    start = 0
    while start < shorter and text[start] == target[start]:
        start += 1
    tail = 0
    while tail < shorter - start and text[-1 - tail] == target[-1 - tail]:
        tail += 1
    return start, len(text) - tail


def _covers(mutation: Mutation, start: int, end: int) -> bool:
    """Whether a mutation touches the whole difference; a cheap test before the exact one."""
    slack = 3  # the same brackets or blanks may be counted to either side
    return (
        min(edit.start for edit in mutation.edits) <= start + slack
        and max(edit.end for edit in mutation.edits) >= end - slack
    )


def _unparsed(text: str) -> str | None:
    try:
        return ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None
