"""Guess how a foreign problem's outputs are to be compared; its format does not say."""

import re

from reference.protocol import Checker, CheckerKind, Problem

_DECIMAL = re.compile(r"(?<!\S)-?\d+\.\d+(?:e-?\d+)?(?!\S)", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\bany of (?:them|these|those)\b"
    r"|\b(?:print|output|report) any\b"
    r"|\bchoose (?:any|one) such\b"
    r"|\bany (?:such|valid|correct) \w+ (?:is|are|will be|may be|can be) (?:accepted|printed)"
    r"|아무거나|어느 것을 출력해도",
    re.IGNORECASE,
)


def suggest_checker(problem: Problem) -> Checker:
    """Return a tolerant checker for decimal numbers, and one that knows of several answers."""
    decimal = any(_DECIMAL.search(test.output) for test in problem.tests)
    several = any(_SEVERAL.search(statement) for statement in problem.statements.values())
    kind = CheckerKind.FLOAT if decimal else CheckerKind.TOKENS
    return Checker(kind=kind, unique=not several)
