"""The mutation operators, a module for each part of a program that students get wrong."""

from reference.propose.mutations.operators import (
    arithmetic,
    calls,
    conditions,
    constants,
    loops,
    offsets,
    output,
    statements,
    variables,
)
from reference.propose.mutations.operators.registry import Mutation, mutations

__all__ = [
    "Mutation",
    "arithmetic",
    "calls",
    "conditions",
    "constants",
    "loops",
    "mutations",
    "offsets",
    "output",
    "statements",
    "variables",
]
