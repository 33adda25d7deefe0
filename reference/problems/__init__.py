"""The bank: the problems that programs are judged by."""

from reference.problems.bank import ProblemBank, catalog_path
from reference.problems.write import write_problem
from reference.protocol.folder import ProblemError, read_problem

__all__ = ["ProblemBank", "ProblemError", "catalog_path", "read_problem", "write_problem"]
