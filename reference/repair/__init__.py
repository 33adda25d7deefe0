"""The loop: run the tests, propose, verify, minimise, rank, within a time budget."""

from reference.repair.loop import Repairer

__all__ = ["Repairer"]
