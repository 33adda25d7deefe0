"""Proposers: each suggests changed programs, best first; the repair loop decides."""

from reference.propose.candidate import Candidate

__all__ = ["Candidate"]
