"""What a mutation operator is, and the list of them all."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from reference.edits import Program, TextEdit
from reference.propose.mutations.ingredients import Ingredients


@dataclass(frozen=True, slots=True)
class Mutation:
    """One small change of a program.

    Parameters
    ----------
    operator, variant
        What kind of change, such as `relation` and `<→<=`; the learned weights are per kind.
    line
        1-based line that the change is about.
    """

    operator: str
    variant: str
    line: int
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place to mutate: a node in a program, and what may be used to mutate it."""

    program: Program
    ingredients: Ingredients
    node: Any


Change = tuple[str, TextEdit | tuple[TextEdit, ...]]  # the variant, and what to replace
Operator = Callable[[Site], Iterator[Change]]

_OPERATORS: list[tuple[str, tuple[type[ast.AST], ...], Operator]] = []


def operator(name: str, *nodes: type[ast.AST]) -> Callable[[Operator], Operator]:
    """Register an operator for nodes of the given types."""

    def register(function: Operator) -> Operator:
        _OPERATORS.append((name, nodes, function))
        return function

    return register


def mutations(program: Program, ingredients: Ingredients) -> Iterator[Mutation]:
    """Yield every single mutation of a program, in the order of its nodes."""
    for node in ast.walk(program.tree):
        for name, types, function in _OPERATORS:
            if not isinstance(node, types):
                continue
            line = getattr(node, "lineno", 1)
            for variant, edits in function(Site(program, ingredients, node)):
                changed = (edits,) if isinstance(edits, TextEdit) else edits
                yield Mutation(name, variant, line, changed)
