"""Candidates that a language model writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reference.edits import Program
from reference.edits.align import Alignment
from reference.propose.candidate import Candidate
from reference.protocol import Failure, Problem, Source

if TYPE_CHECKING:
    from reference.model import RepairModel

BEAMS = 10


def propose_written(
    program: Program,
    problem: Problem,
    failure: Failure | None,
    model: "RepairModel",
    deadline: float,
) -> Iterator[Candidate]:
    """Yield what a model would write in place of a program, the likeliest first.

    Parameters
    ----------
    failure
        A test that the program fails, for the model to read.
    deadline
        A value of `time.monotonic()`, at which the model answers with what it has.
    """
    for text, score in model.propose(program.text, problem, failure, n=BEAMS, deadline=deadline):
        try:
            alignment = Alignment(program.text, text)
        except (SyntaxError, ValueError):
            continue
        hunks = alignment.hunks
        if hunks:
            edits = alignment.edits(hunks)
            yield Candidate(alignment.text(hunks), edits, Source.MODEL, score)
