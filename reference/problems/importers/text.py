"""Put foreign texts into the form of the bank."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from reference.protocol import Test
from reference.protocol.folder import ProblemError, is_problem_id

_HEADINGS = {
    "en": ("Input", "Output", "Constraints"),
    "ko": ("입력", "출력", "제한"),
}
_HANGUL = re.compile("[가-힣]")


def language_of(text: str) -> str:
    """Return the locale of a statement: `ko` if it has Hangul, or else `en`."""
    return "ko" if _HANGUL.search(text) else "en"


def compose_statement(task: str, input_: str, output: str, constraints: str) -> str:
    """Return one Markdown statement made of its parts, under headings in the task's language."""
    parts = [task.strip()]
    headings = _HEADINGS[language_of(task)]
    for heading, part in zip(headings, (input_, output, constraints), strict=True):
        if part.strip():
            parts.append(f"## {heading}\n\n{part.strip()}")
    return "\n\n".join(parts) + "\n"


def as_tests(pairs: Iterable[tuple[str, str]], name: str) -> list[Test]:
    """Return (input, output) pairs as tests `name`-1, `name`-2 and so on."""
    return [
        Test(
            name=f"{name}-{number}",
            input=input_,
            output=output,
            sample=name == "sample",
        )
        for number, (input_, output) in enumerate(pairs, start=1)
    ]


def as_id(path: Path, name: str) -> str:
    """Return `name` made into a problem's id: `A. Two Cups` becomes `a_two_cups`.

    Raises
    ------
    ProblemError
        If nothing of the name can stand in an id.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    problem_id = re.sub(r"[^a-z0-9-]+", "_", plain).strip("_-")
    if not is_problem_id(problem_id):
        raise ProblemError(path, f"{name!r} gives no id; name it with letters a-z or digits")
    return problem_id
