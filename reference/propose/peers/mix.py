"""Fixes of several functions put together: each function as the fix that changes it least."""

import ast
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from reference.edits import Program, TextEdit, apply_edits
from reference.propose.candidate import Candidate
from reference.protocol import Source


def propose_mixes(
    program: Program, fixes: Sequence[Candidate], cost: Callable[[Candidate], int]
) -> Iterator[Candidate]:
    """Yield programs with the cheapest change of every function, and of one of them alone.

    Of accepted programs, each is near to the user's in another function.

    Parameters
    ----------
    fixes
        Programs that pass, the best first; its changes are what others go in the place of.
    cost
        Tells which changes are cheaper.
    """
    functions = [node for node in program.tree.body if isinstance(node, ast.FunctionDef)]
    starts = [program.statement_start(node) for node in functions[1:]]
    apart = [fix for fix in fixes if not _straddles(fix, starts)]
    if not starts or len(apart) < 2:
        return

    def changed(edits: Sequence[TextEdit]) -> Candidate:
        return Candidate(apply_edits(program.text, edits), tuple(edits), Source.PEERS, 0.0)

    def cost_alone(edits: Sequence[TextEdit]) -> float:
        alone = changed(edits)
        return cost(alone) if _is_program(alone.text) else math.inf

    best, *others = (_by_function(fix, starts) for fix in apart)
    ranked = [
        sorted(dict.fromkeys(versions), key=cost_alone)
        for versions in zip(best, *others, strict=True)
    ]
    yield changed([*chain.from_iterable(versions[0] for versions in ranked)])
    for place, versions in enumerate(ranked):
        for edits in versions[: versions.index(best[place])]:
            mixed = (*best[:place], edits, *best[place + 1 :])
            yield changed([*chain.from_iterable(mixed)])


def _is_program(text: str) -> bool:
    """Whether a text parses: a function may have moved, and be missing where it was."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _by_function(fix: Candidate, starts: Sequence[int]) -> list[tuple[TextEdit, ...]]:
    """Part a fix by where functions start; what is put in before one belongs to the one above."""
    parts: list[list[TextEdit]] = [[] for _ in range(len(starts) + 1)]
    for edit in fix.edits:
        parts[bisect_left(starts, edit.end)].append(edit)
    return [tuple(part) for part in parts]


def _straddles(fix: Candidate, starts: Sequence[int]) -> bool:
    return any(edit.start < start < edit.end for edit in fix.edits for start in starts)
