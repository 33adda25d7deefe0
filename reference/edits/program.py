"""A parsed program that knows where in the text each node stands."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import cast

from reference.edits.text import TextEdit
from reference.edits.tokens import Token, tokenize


class Program:
    r"""A program that parses.

    Parameters
    ----------
    text
        Python source with `\n` line ends.

    Raises
    ------
    SyntaxError
        Where the text is no Python program (also for null bytes and too deep nesting).
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.tree = ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    @cached_property
    def tokens(self) -> list[Token]:
        """The significant tokens, in the order of the text."""
        return tokenize(self.text)

    @cached_property
    def depth(self) -> int:
        """How many nodes lie inside one another at most."""
        depth, level = 0, [cast(ast.AST, self.tree)]
        while level:
            depth += 1
            level = [child for node in level for child in ast.iter_child_nodes(node)]
        return depth

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of every node but the root."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def offset(self, line: int, byte: int) -> int:
        """Return the offset of a place as `ast` counts it: 1-based line, UTF-8 bytes."""
        text = self.lines[line - 1]
        column = byte if text.isascii() else len(text.encode()[:byte].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def line_start(self, line: int) -> int:
        """Return the offset of the start of a 1-based line."""
        return self._starts[line - 1]

    def statement_start(self, statement: ast.stmt) -> int:
        """Return the offset of the line on which a statement starts, with its decorators."""
        decorators = getattr(statement, "decorator_list", ())
        return self.line_start(min(one.lineno for one in (statement, *decorators)))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the start and end offset of an expression or statement."""
        assert isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.AST) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def replace(self, node: ast.AST, text: str) -> TextEdit:
        """Return the edit that puts `text` in the place of a node."""
        return TextEdit(*self.span(node), text)

    def find(self, symbol: str, left: ast.AST, right: ast.AST) -> int | None:
        """Return the offset of an operator, say, between two nodes; not of one in a comment."""
        start, end = self.span(left)[1], self.span(right)[0]
        for match in re.finditer(f"#.*|{re.escape(symbol)}", self.text[start:end]):
            if match[0] == symbol:
                return start + match.start()
        return None

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Yield every list of statements, outer ones first."""
        for node in ast.walk(self.tree):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    yield block

    @cached_property
    def unreachable(self) -> int:
        """How many statements stand behind one that leaves their block."""
        leaving = ast.Return | ast.Raise | ast.Break | ast.Continue
        behind = 0
        for block in self.blocks():
            first = next((n for n, one in enumerate(block) if isinstance(one, leaving)), len(block))
            behind += max(0, len(block) - first - 1)
        return behind
