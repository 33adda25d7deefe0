from dataclasses import dataclass

from reference.edits import TextEdit
from reference.protocol import Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """A changed program that may be right.

    Parameters
    ----------
    text
        The whole changed program.
    edits
        What leads from the user's program to `text`.
    score
        Natural logarithm of how likely the proposer thinks the change; only the order of one
        proposer's candidates means something.
    """

    text: str
    edits: tuple[TextEdit, ...]
    source: Source
    score: float
