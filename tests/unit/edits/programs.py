"""Programs to test on: written for the purpose by a grammar, and real ones where they lie."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import strategies as st

DATA = Path(__file__).parents[4] / "shared" / "data"

_NAMES = st.sampled_from(["a", "b", "n", "total", "xs"])
_ATOMS = st.one_of(
    _NAMES,
    st.integers(0, 99).map(str),
    st.sampled_from(["'a b'", '"c"', "f'{n} {a!r}'", "[1, 2]", "xs[0]", "len(xs)"]),
)
_EXPRESSIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "<", "==", "and"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(_NAMES, inner).map(lambda parts: f"f({parts[1]}, key={parts[0]})"),
    ),
    max_leaves=4,
)


def _indented(blocks: list[str]) -> str:
    return "".join(f"    {line}\n" for block in blocks for line in block.rstrip("\n").split("\n"))


_SIMPLE = st.one_of(
    st.tuples(_NAMES, st.sampled_from(["=", "+=", "="]), _EXPRESSIONS).map(
        lambda parts: f"{parts[0]} {parts[1]} {parts[2]}\n"
    ),
    _EXPRESSIONS.map(lambda text: f"print({text}, sep=' ')  # shows it\n"),
    st.just("pass\n"),
    st.tuples(_NAMES, _NAMES).map(lambda names: f"{names[0]} = 1; {names[1]} = 2\n"),
)
_STATEMENTS = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.tuples(_EXPRESSIONS, st.lists(inner, min_size=1, max_size=3)).map(
            lambda parts: f"if {parts[0]}:\n{_indented(parts[1])}"
        ),
        st.tuples(_NAMES, st.lists(inner, min_size=1, max_size=3)).map(
            lambda parts: f"for {parts[0]} in range(3):\n{_indented(parts[1])}"
        ),
        st.tuples(_NAMES, st.lists(inner, min_size=1, max_size=2)).map(
            lambda parts: f"def f({parts[0]}, key=0):\n{_indented(parts[1])}"
        ),
        st.tuples(_EXPRESSIONS, _SIMPLE).map(lambda parts: f"if {parts[0]}: {parts[1]}"),
    ),
    max_leaves=6,
)
PROGRAMS = st.lists(_STATEMENTS, min_size=1, max_size=6).map("".join)


def real_programs(every: int = 1) -> list[str]:
    """Accepted programs of many authors; skips the test where they do not lie."""
    paths = [DATA / "solutions.jsonl", DATA / "refactory_correct.jsonl"]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    programs = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").split("\n")[::every]:
            if line:
                code = json.loads(line)["code"].replace("\r\n", "\n").replace("\r", "\n")
                try:
                    ast.parse(code)
                except SyntaxError:
                    continue
                programs.append(code)
    return programs
