"""Candidates that a language model writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reference.edits import Program
from reference.edits.align import Alignment
from reference.edits.scopes import is_plausible, unbound_names
from reference.propose.candidate import Candidate
from reference.protocol import Failure, Problem, Source

if TYPE_CHECKING:
    from reference.model import RepairModel

PROPOSALS = 10
FURTHER_PROPOSALS = 30


def propose_written(
    program: Program,
    problem: Problem,
    failure: Failure | None,
    model: "RepairModel",
    deadline: float,
    count: int = PROPOSALS,
) -> Iterator[Candidate]:
    """Yield what a model would write in place of a program, the likeliest first.

    What is no program, or reads names that nothing binds, is left out.

    Parameters
    ----------
    failure
        A test that the program fails, for the model to read.
    deadline
        A value of `time.monotonic()`, at which the model answers with what it has.
    count
        Programs that the model is to write; for more than `PROPOSALS` it looks further.
    """
    known = unbound_names(program)
    for text, score in model.propose(program.text, problem, failure, n=count, deadline=deadline):
        try:
            alignment = Alignment(program.text, text)
        except (SyntaxError, ValueError):
            continue
        candidate = Candidate(alignment.text(), alignment.edits(), Source.MODEL, score)
        if candidate.edits and is_plausible(candidate.text, known):
            yield candidate
