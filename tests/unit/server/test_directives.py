import pytest

from server.directives import ignored_rules, problem_directive


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("# wpc: problem=p03105\nprint(1)\n", "p03105"),
        ("#!/usr/bin/env python3\r\n\r\n#wpc:problem = two_sum\r\n", "two_sum"),
        ("# wpc: problem=../tasks/sum # of today\n", "../tasks/sum"),
        ("# an old Mac's\r# wpc: problem=p03105\rprint(1)\r", "p03105"),
        ("x = '# wpc: problem=p03105'\n", None),
        ("\n" * 30 + "# wpc: problem=p03105\n", None),
        ("", None),
    ],
)
def test_problem_is_named_by_a_comment_at_the_top(source: str, problem: str | None) -> None:
    assert problem_directive(source) == problem


def test_ignored_rules_by_line() -> None:
    source = (
        "a = 1  # wpc: ignore[WPC301, wpc5]\n"
        "b = '# wpc: ignore'\n"
        "# wpc: ignore\n"
        "c = 3\n"
        "d = 4  # wpc: ignore[]\n"
    )

    assert ignored_rules(source) == {0: ("WPC301", "WPC5"), 2: ("WPC",), 3: ("WPC",), 4: ()}


def test_ignores_before_broken_syntax_hold() -> None:
    assert ignored_rules("a = 1  # wpc: ignore[WPC006]\nb = (\n") == {0: ("WPC006",)}
