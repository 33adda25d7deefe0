import pytest

from reference.witness.constraints import Chain, read_constraints
from reference.witness.grammar import Line, read_grammar


@pytest.mark.parametrize(
    ("line", "chains"),
    [
        ("1 <= N <= 100", [(("1", "N", "100"), ("<=", "<="))]),
        (r"- $1 \leq N \leq 2 \times 10^5$", [(("1", "N", "2*100000"), ("<=", "<="))]),
        ("-60 ≤ A ≤ T", [(("-60", "A", "T"), ("<=", "<="))]),
        (
            "1 ≦ a, b ≦ 9",
            [(("1", "a", "9"), ("<=", "<=")), (("1", "b", "9"), ("<=", "<="))],
        ),
        (r"0 \leq A_i \leq 10^{9}", [(("0", "A", "1000000000"), ("<=", "<="))]),
        (r"|T| = |S| + 1", [(("|T|", "|S|+1"), ("=",))]),
        (r"0 \leq A_1 < \ldots < A_N < K", [(("0", "A", "K"), ("<=", "<"))]),
        ("100 >= K >= 1", [(("1", "K", "100"), ("<=", "<="))]),
    ],
)
def test_chains_of_comparisons_are_read(line: str, chains: list[tuple[object, object]]) -> None:
    constraints = read_constraints(line)
    assert [(chain.terms, chain.relations) for chain in constraints.chains] == chains
    assert not constraints.special


@pytest.mark.parametrize(
    "line",
    [
        "The given graph is a tree.",
        "It is guaranteed that an answer exists.",
        "n is an integer consisting of digits 1 and 9.",
    ],
)
def test_what_is_not_understood_is_noticed(line: str) -> None:
    assert read_constraints(line).special


def test_bounds_come_from_numbers_and_chains_from_values() -> None:
    constraints = read_constraints("1 <= K <= N <= 50\nAll values are integers.")
    assert constraints.bounds("K") == (1, 50)
    assert constraints.chains[0].holds({"K": 3, "N": 3})
    assert not constraints.chains[0].holds({"K": 4, "N": 3})
    assert Chain(("1", "X"), ("<=",)).holds({})


@pytest.mark.parametrize(
    ("text", "lines", "example"),
    [
        ("N K\nS", (Line(("N", "K")), Line(("S",))), "3 1\nabc\n"),
        ("$N$\n$A_1$ $A_2$ $\\ldots$ $A_N$", (Line(("N",)), Line(("A",), count="N")), "2\n5 6\n"),
        (
            "N\nx_1 y_1\n:\nx_N y_N",
            (Line(("N",)), Line(("x", "y"), rows="N")),
            "2\n1 2\n3 4\n",
        ),
        ("a b\nc d", (Line(("a", "b")), Line(("c", "d"))), "1 2\n3 4\n"),
    ],
)
def test_formats_are_read_and_inputs_taken_apart(
    text: str, lines: tuple[Line, ...], example: str
) -> None:
    grammar = read_grammar(f"Input is given from Standard Input:\n\n{text}\n")
    assert grammar is not None
    assert grammar.lines == lines
    values = grammar.parse(example)
    assert values is not None
    assert grammar.print(values) == example
    assert grammar.parse(f"{example}1\n") is None
