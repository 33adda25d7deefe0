"""The language model: the third proposer."""

from reference.model.repair_model import RepairModel, load_model

__all__ = ["RepairModel", "load_model"]
