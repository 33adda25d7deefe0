"""Parse foreign JSON, with errors that name the place."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reference.problems.importers.checker import suggest_checker
from reference.protocol import Problem
from reference.protocol.folder import ProblemError

Model = TypeVar("Model", bound=BaseModel)


def parse_json(path: Path, text: str, place: str = "") -> object:
    """Return the value of a JSON text.

    Parameters
    ----------
    place
        Where in the file the text stands, for the message, such as `line 3: `.

    Raises
    ------
    ProblemError
        If the text is not JSON.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ProblemError(path, f"{place}is not JSON: {error}") from error


def parse_record(path: Path, place: str, model: type[Model], record: object) -> Model:
    """Return `record` as a `model`.

    Raises
    ------
    ProblemError
        If it does not fit; the message names `place` and the keys at fault.
    """
    try:
        return model.model_validate(record)
    except ValidationError as error:
        faults = "; ".join(
            ".".join(filter(None, (place, *map(str, detail["loc"])))) + f": {detail['msg']}"
            for detail in error.errors()
        )
        raise ProblemError(path, faults) from error


def build_problem(path: Path, place: str, **fields: object) -> Problem:
    """Return a problem of these fields, with the checker that its tests and statement suggest.

    Raises
    ------
    ProblemError
        If one is out of bounds; the message names `place` and the field.
    """
    problem = parse_record(path, place, Problem, fields)
    return problem.model_copy(update={"checker": suggest_checker(problem)})
