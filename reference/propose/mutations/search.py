"""The order in which mutations are tried."""

import heapq
import math
from collections.abc import Iterator, Mapping

from reference.edits import Program, apply_edits
from reference.propose.candidate import Candidate
from reference.propose.mutations.ingredients import Ingredients
from reference.propose.mutations.operators import Mutation, mutations
from reference.propose.mutations.weights import learned_weights
from reference.protocol import Problem, Source

_PAIRED = 160  # the likeliest single mutations, combined with each other
_LEAST_SUSPICION = 0.02


def propose_mutations(
    program: Program, problem: Problem, suspicion: Mapping[int, float]
) -> Iterator[Candidate]:
    """Yield single mutations, then pairs of the likeliest, each best first.

    Parameters
    ----------
    suspicion
        By 1-based line, from 0 to 1; lines that are not there were not executed.
    """
    weights = learned_weights()
    ingredients = Ingredients(program, problem)
    scored: list[tuple[float, int, Mutation, str]] = []
    seen = {program.text}
    for mutation in mutations(program, ingredients):
        text = _changed(program, mutation)
        if text is None or text in seen:
            continue
        seen.add(text)
        suspect = max(suspicion.get(mutation.line, 0.0), _LEAST_SUSPICION)
        score = weights(mutation.operator, mutation.variant) + math.log(suspect)
        scored.append((score, len(scored), mutation, text))
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    for score, _, mutation, text in scored:
        yield Candidate(text, mutation.edits, Source.MUTATION, score)
    yield from _pairs(program, scored[:_PAIRED], seen)


def _pairs(
    program: Program, singles: list[tuple[float, int, Mutation, str]], seen: set[str]
) -> Iterator[Candidate]:
    """Yield pairs of single mutations by their joint score, without building all of them."""
    if len(singles) < 2:
        return
    frontier = [(-(singles[0][0] + singles[1][0]), 0, 1)]
    while frontier:
        negative, first, second = heapq.heappop(frontier)
        if second + 1 < len(singles):
            heapq.heappush(
                frontier, (-(singles[first][0] + singles[second + 1][0]), first, second + 1)
            )
        if second == first + 1 and second + 1 < len(singles):
            heapq.heappush(
                frontier, (-(singles[second][0] + singles[second + 1][0]), second, second + 1)
            )
        edits = (*singles[first][2].edits, *singles[second][2].edits)
        try:
            text = apply_edits(program.text, edits)
        except ValueError:
            continue
        if text not in seen:
            seen.add(text)
            yield Candidate(text, edits, Source.MUTATION, -negative)


def _changed(program: Program, mutation: Mutation) -> str | None:
    try:
        return apply_edits(program.text, mutation.edits)
    except ValueError:
        return None
