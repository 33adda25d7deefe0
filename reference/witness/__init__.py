"""More tests than the problem has: inputs on which all accepted programs agree."""

from reference.witness.oracle import Oracle

__all__ = ["Oracle"]
