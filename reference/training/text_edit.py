"""Edits of a program's text, found in its syntax tree."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replacement of `program[start:end]` by `text`; `family` says of what kind it is."""

    family: str
    start: int
    end: int
    text: str


class Program:
    """A program's text beside its syntax tree, with character offsets for nodes."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.tree = ast.parse(code)
        self.lines = code.split("\n")
        self._bytes = [line.encode() for line in self.lines]
        self.line_starts = [0]
        for line in self.lines:
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }
        stored = {
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self.variables = sorted(
            stored | {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}
        )

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Return the offset of a node."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Return the offset behind a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return the text of a node."""
        return self.code[self.start(node) : self.end(node)]

    def replace(self, family: str, node: ast.expr | ast.stmt, text: str) -> TextEdit:
        """Replace a node."""
        return TextEdit(family, self.start(node), self.end(node), text)

    def between(self, family: str, left: ast.expr, right: ast.expr, old: str, new: str) -> TextEdit:
        """Replace `old` by `new` where it stands between two nodes."""
        start, end = self.end(left), self.start(right)
        gap = self.code[start:end]
        return TextEdit(family, start, end, gap.replace(old, new, 1))

    def whole_lines(self, first: ast.stmt, last: ast.stmt | None = None) -> tuple[int, int]:
        """Offsets of the lines from `first` to `last`, the final line end included."""
        last = last or first
        assert last.end_lineno is not None
        end = min(self.line_starts[last.end_lineno], len(self.code))
        return self.line_starts[first.lineno - 1], end

    def alone_on_lines(self, statement: ast.stmt, block: list[ast.stmt]) -> bool:
        """Say whether a statement of `block` shares none of its lines."""
        before = self.code[self.line_starts[statement.lineno - 1] : self.start(statement)]
        assert statement.end_lineno is not None
        shared = any(
            other is not statement
            and other.lineno <= statement.end_lineno
            and (other.end_lineno or other.lineno) >= statement.lineno
            for other in block
        )
        return not before.strip() and not shared

    def indentation(self, statement: ast.stmt) -> str:
        """Return the text before a statement on its first line."""
        return self.code[self.line_starts[statement.lineno - 1] : self.start(statement)]

    def _offset(self, line: int, column: int) -> int:
        prefix = self._bytes[line - 1][:column]
        return self.line_starts[line - 1] + len(prefix.decode(errors="ignore"))
