"""The rules: what kinds of error there are, and what is said of them."""

from reference.protocol.rules.families import FAMILIES, Family
from reference.protocol.rules.rule import Rule, Wording
from reference.protocol.rules.rules import RULES

__all__ = ["FAMILIES", "RULES", "Family", "Rule", "Wording"]
