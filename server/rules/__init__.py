"""What each rule means, at length: for `--explain`, hovers, links and reports."""

from server.rules.explanation import (
    EXPLANATIONS,
    Explanation,
    UnknownRuleError,
    explanation,
)
from server.rules.page import Page

__all__ = ["EXPLANATIONS", "Explanation", "Page", "UnknownRuleError", "explanation"]
