"""Name the error that an edit mends, and say it in words."""

from reference.rules.classify import Finding, classify

__all__ = ["Finding", "classify"]
