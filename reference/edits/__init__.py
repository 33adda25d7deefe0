"""Programs as text: parsing with positions, edits, alignment and normal forms."""

from reference.edits.program import Program
from reference.edits.text import SourceText, TextEdit, apply_edits, trimmed

__all__ = ["Program", "SourceText", "TextEdit", "apply_edits", "trimmed"]
