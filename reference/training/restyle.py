"""Rewrite a pair of programs in another style, so that the model doesn't lean on one.

Judges' public archives often replace names (`var0`, `method0`) and lay programs out anew; people
do neither.
"""

import ast
import io
import keyword
import random
import re
import tokenize
from dataclasses import dataclass

from reference.protocol import Failure

_COUNTERS = frozenset({"i", "j", "k", "_"})


@dataclass(frozen=True, slots=True)
class Style:
    """How to rewrite: give names anew, lay out anew (tabs or four spaces), or neither."""

    rename: bool
    lay_out: bool
    tabs: bool


STYLES = {
    Style(rename=False, lay_out=False, tabs=False): 0.34,
    Style(rename=True, lay_out=True, tabs=True): 0.46,
    Style(rename=True, lay_out=False, tabs=False): 0.08,
    Style(rename=False, lay_out=True, tabs=False): 0.12,
}


def restyle(
    wrong: str, fixed: str, failure: Failure | None, style: Style
) -> tuple[str, str, Failure | None]:
    """Return both programs in `style`, and the failure with its line moved along.

    A program that Python cannot parse is returned as it is.
    """
    try:
        trees = [ast.parse(wrong), ast.parse(fixed)]
        if style.rename:
            names = _new_names(trees)
            wrong, fixed = _renamed(wrong, names), _renamed(fixed, names)
            trees = [ast.parse(wrong), ast.parse(fixed)]
        if style.lay_out:
            laid_out = [_lay_out(tree, style.tabs) for tree in trees]
            if failure is not None and failure.line is not None:
                line = _moved(trees[0], ast.parse(laid_out[0]), failure.line)
                failure = failure.model_copy(update={"line": line})
            wrong, fixed = laid_out
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        pass
    return wrong, fixed, failure


def canonical(code: str) -> str:
    """Return the same text for programs that differ in names and layout alone.

    A program that Python cannot parse is returned as it is.
    """
    try:
        renamed = _renamed(code, _new_names([ast.parse(code)], counters=frozenset()))
        return ast.unparse(ast.parse(renamed))
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return code


def uniform(code: str) -> str:
    """Return a program with uniform names and layout; one that Python cannot parse as it is."""
    try:
        return _lay_out(ast.parse(_renamed(code, _new_names([ast.parse(code)]))), tabs=False)
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return code


def random_style(rng: random.Random) -> Style:
    """Draw a style as often as `STYLES` says."""
    return rng.choices(list(STYLES), list(STYLES.values()))[0]


def _new_names(trees: list[ast.Module], counters: frozenset[str] = _COUNTERS) -> dict[str, str]:
    variables: dict[str, None] = {}
    functions: dict[str, None] = {}
    for tree in trees:
        places = []
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                places.append((node.lineno, node.col_offset, node.name, functions))
            elif isinstance(node, ast.arg):
                places.append((node.lineno, node.col_offset, node.arg, variables))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                places.append((node.lineno, node.col_offset, node.id, variables))
        for _, _, name, group in sorted(places, key=lambda place: place[:3]):
            if name not in counters and not name.startswith("__"):
                group[name] = None
    names = {name: f"method{n}" for n, name in enumerate(functions)}
    fresh = [name for name in variables if name not in names]
    return names | {name: f"var{n}" for n, name in enumerate(fresh)}


def _renamed(code: str, names: dict[str, str]) -> str:
    """Replace names as tokens; attributes and keyword arguments keep theirs."""
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    lines = code.split("\n")
    depth = 0
    spots: list[tuple[int, int, str]] = []
    for place, token in enumerate(tokens):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.type != tokenize.NAME or keyword.iskeyword(token.string):
            continue
        before, after = tokens[place - 1].string if place else "", tokens[place + 1].string
        is_keyword = depth > 0 and after == "=" and before in ("(", ",", "\n")
        if token.string in names and before != "." and not is_keyword:
            spots.append((token.start[0] - 1, token.start[1], token.string))
    for row, column, name in reversed(spots):
        line = lines[row]
        lines[row] = line[:column] + names[name] + line[column + len(name) :]
    return "\n".join(lines)


def _lay_out(tree: ast.Module, tabs: bool) -> str:
    text = ast.unparse(tree) + "\n"
    if tabs:
        text = re.sub(r"(?m)^(?: {4})+", lambda spaces: "\t" * (len(spaces[0]) // 4), text)
    return text


def _moved(before: ast.Module, after: ast.Module, line: int) -> int | None:
    for old, new in zip(ast.walk(before), ast.walk(after), strict=True):
        if getattr(old, "lineno", None) == line + 1:
            return int(new.lineno) - 1  # type: ignore[attr-defined]
    return None
