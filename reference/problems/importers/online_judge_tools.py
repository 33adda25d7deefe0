"""A folder in which online-judge-tools has downloaded a problem's samples."""

from pathlib import Path

from reference.problems.importers.text import as_id
from reference.protocol import Problem
from reference.protocol.folder import read_samples


def read(folder: Path) -> Problem:
    """Read the tests in `folder`/test as the problem named after the folder.

    Raises
    ------
    ProblemError
        If no test is there, or one is malformed, or the folder's name gives no id.
    """
    name = folder.resolve().name
    problem = read_samples(folder)
    return problem.model_copy(update={"id": as_id(folder, name), "titles": {"en": name}})
