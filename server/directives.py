"""What a program says to WPC in its comments."""

import io
import re
import tokenize
from collections.abc import Iterator

HEAD_LINES = 20

_LINE_END = re.compile(r"\r\n|\r|\n")
_PROBLEM = re.compile(r"\s*#\s*wpc:\s*problem\s*=\s*(\S+)")
_IGNORE = re.compile(r"#\s*wpc:\s*ignore\b(?:\s*\[([^\]]*)\])?")


def problem_directive(source: str) -> str | None:
    """Return what `# wpc: problem=…` in the first lines names: an id, or a path with a `/`."""
    for line in _LINE_END.split(source, HEAD_LINES)[:HEAD_LINES]:
        if found := _PROBLEM.match(line):
            return found[1]
    return None


def ignored_rules(source: str) -> dict[int, tuple[str, ...]]:
    """Return the rules, or beginnings of them, to ignore on each 0-based line that says so.

    `# wpc: ignore[WPC301, WPC5]` names them; `# wpc: ignore` ignores all. A comment alone on its
    line also holds for the next.
    """
    ignored: dict[int, tuple[str, ...]] = {}
    if "wpc:" not in source:
        return ignored
    for line, comment, alone in _comments(source):
        if found := _IGNORE.search(comment):
            named = "WPC" if found[1] is None else found[1]
            names = (name.strip().upper() for name in named.split(","))
            rules = tuple(name for name in names if name)
            ignored[line] = ignored.get(line, ()) + rules
            if alone:
                ignored[line + 1] = ignored.get(line + 1, ()) + rules
    return ignored


def _comments(source: str) -> Iterator[tuple[int, str, bool]]:
    """Yield 0-based line, text, and whether nothing else stands there; stop at broken syntax."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source, newline=None).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0] - 1, token.string, not token.line[: token.start[1]].strip()
    except (tokenize.TokenError, SyntaxError):
        return
