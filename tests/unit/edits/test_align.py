import ast
from itertools import pairwise

import pytest
from hypothesis import example, given, settings

from reference.edits.align import Alignment
from tests.unit.edits.programs import PROGRAMS, real_programs


@settings(max_examples=200, deadline=None)
@given(PROGRAMS, PROGRAMS)
@example("if a: a = a\na = a\na = a\n", "if a: a = 1; a = 2\n")
@example("a = a\nif a: pass\nif a: pass\n", "a = a\nfor a in range(3):\n    pass\n    pass\n")
@example("if a: pass\na = a\n", "for a in range(3):\n    if (a + a):\n        a = 1; b = 2\n")
def test_edits_lead_exactly_to_the_target(source: str, target: str) -> None:
    changed = Alignment(source, target).text()
    assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(target))


@settings(max_examples=100, deadline=None)
@given(PROGRAMS)
def test_a_program_needs_no_edit_to_become_itself_in_another_layout(source: str) -> None:
    assert Alignment(source, source).edits() == ()


@settings(max_examples=200, deadline=None)
@given(PROGRAMS, PROGRAMS)
@example("a = a\nb = a\n", "a = a\n")
@example("a = a\nif a: pass\n", "a = a\nb = a\n")
def test_a_missing_final_line_end_stays_missing(source: str, target: str) -> None:
    changed = Alignment(source.rstrip("\n"), target).text()
    assert not changed.endswith("\n")
    assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(target))


def test_real_programs_are_mapped_onto_their_predecessors() -> None:
    programs = real_programs(every=9)
    for source, target in pairwise(programs):
        changed = Alignment(source, target).text()
        assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(target))


SOURCE = """\
n = int(input())   # how many
total = 0

for i in range(n):  # every one
\ttotal += i
print( total )
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("range(n)", "range(1, n + 1)"),
        ("total += i", "total += i * 2"),
        ("print( total )", "print( total + 1 )"),
        ("total = 0", "total = 1"),
    ],
)
def test_comments_blank_lines_and_tabs_stay(old: str, new: str) -> None:
    wanted = SOURCE.replace(old, new)
    target = ast.unparse(ast.parse(wanted))
    assert Alignment(SOURCE, target).text() == wanted


def test_added_lines_take_the_indentation_of_the_user() -> None:
    loop = "for i in range(n):\n    if i:\n        total += i\n"
    target = f"n = int(input())\ntotal = 0\n{loop}print(total)\n"
    assert "\tif i:\n\t\ttotal += i\n" in Alignment(SOURCE, target).text()


def test_a_block_behind_its_colon_is_taken_apart_only_where_it_must_be() -> None:
    source = "if a: b = 1\nif c: d = 2\n"
    target = "if a:\n    b = 1\nif c:\n    d = 2\n    e = 3\n"
    assert Alignment(source, target).text() == "if a: b = 1\nif c:\n    d = 2\n    e = 3\n"


def test_hunks_apply_one_by_one() -> None:
    alignment = Alignment("a = 1\nb = 2\n", "a = 3\nb = 4\n")
    first, second = alignment.hunks
    assert alignment.text([first]) == "a = 3\nb = 2\n"
    assert alignment.text([second]) == "a = 1\nb = 4\n"
    assert alignment.text([]) == "a = 1\nb = 2\n"
