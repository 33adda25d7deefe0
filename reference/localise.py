"""Fault localisation: how suspicious each line is, from which tests executed it."""

import ast
import math
from collections.abc import Mapping, Sequence

from reference.edits import Program
from reference.judge import TestRun
from reference.protocol import Verdict

_NOT_RAISED = 0.4  # what other lines keep of their suspicion where the error's line is known


def suspicion(program: Program, runs: Sequence[TestRun]) -> dict[int, float]:
    """Rate lines by the Ochiai coefficient of their execution and the tests' failure.

    Abreu, Zoeteweij and van Gemund, "An evaluation of similarity coefficients for software fault
    localization", PRDC 2006. A statement's lines all get its highest value. Where runs ended
    in an error, the line that raised it is the most suspicious.

    Parameters
    ----------
    runs
        Traced runs, at least one of them failing.

    Returns
    -------
    dict
        By 1-based line, in (0, 1]. Lines that no failing run executed are left out.
    """
    failing = [run for run in runs if run.verdict is not Verdict.ACCEPTED]
    executed_failing = _executions(failing)
    executed_passing = _executions([run for run in runs if run.verdict is Verdict.ACCEPTED])
    traced = sum(run.run.lines is not None for run in failing)
    if not executed_failing:
        return dict.fromkeys(range(1, len(program.lines) + 1), 1.0)
    scores = {
        line + 1: count / math.sqrt(traced * (count + executed_passing.get(line, 0)))
        for line, count in executed_failing.items()
    }
    raised = {run.run.line + 1 for run in failing if run.run.line is not None}
    if raised:
        scores = {
            line: score if line in raised else score * _NOT_RAISED for line, score in scores.items()
        }
    return _by_statement(program, scores)


def _executions(runs: Sequence[TestRun]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for run in runs:
        for line in run.run.lines or ():
            counts[line] = counts.get(line, 0) + 1
    return counts


def _by_statement(program: Program, scores: Mapping[int, float]) -> dict[int, float]:
    spread = dict(scores)
    for node in ast.walk(program.tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            last = _head_end(node)
            if last > node.lineno:
                lines = range(node.lineno, last + 1)
                highest = max((scores[line] for line in lines if line in scores), default=None)
                if highest is not None:
                    spread.update(dict.fromkeys(lines, highest))
    return spread


def _head_end(node: ast.stmt) -> int:
    """Return the last line of a statement without the blocks it holds."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return max(node.lineno, int(body[0].lineno) - 1)
    return node.end_lineno or node.lineno
