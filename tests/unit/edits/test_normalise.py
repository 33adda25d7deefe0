import ast

from hypothesis import given, settings

from reference.edits.normalise import abstract, canonical, generalise
from tests.unit.edits.programs import PROGRAMS, real_programs

PROGRAM = """\
import math as m
def area(r, scale=1, *more, **options):  # of a circle
    global calls
    calls = 1
    return m.pi * r * r * scale
class Shape:
    sides = 0
    def name(self, upper): return f"{self.sides} {upper}"
calls = 0
print(area(2, scale=3), [x for x in range(3)], "calls", sep=", ")
"""


def test_only_names_that_the_program_binds_for_itself_change() -> None:
    abstraction = abstract(PROGRAM)
    assert (
        abstraction.text
        == """\
import math as m
def method0(var0, scale=1, *var1, **var2):  # of a circle
    global var3
    var3 = 1
    return m.pi * var0 * var0 * scale
class Shape:
    sides = 0
    def name(var4, var5): return f"{var4.sides} {var5}"
var3 = 0
print(method0(2, scale=3), [var6 for var6 in range(3)], "calls", sep=", ")
"""
    )
    assert abstraction.restore() == PROGRAM


def test_names_that_are_in_use_already_are_not_taken() -> None:
    abstraction = abstract("var0 = 1\nprint(var0, var1)\n")
    assert abstraction.text == "var0 = 1\nprint(var0, var1)\n"
    assert abstract("from x import var0\na = var0\n").text == "from x import var0\nvar1 = var0\n"


def test_programs_that_read_names_as_text_are_left_alone() -> None:
    program = "a = 1\nprint(eval('a'))\n"
    assert abstract(program).text == program


@settings(max_examples=200, deadline=None)
@given(PROGRAMS)
def test_abstraction_is_inverted_exactly(program: str) -> None:
    assert abstract(program).restore() == program


def test_abstraction_of_real_programs_is_inverted_exactly() -> None:
    for program in real_programs():
        assert abstract(program).restore() == program


def test_generalised_code_has_the_same_tree_and_no_comment() -> None:
    assert ast.dump(ast.parse(generalise(PROGRAM))) == ast.dump(ast.parse(PROGRAM))
    assert "#" not in generalise(PROGRAM)


def test_programs_that_differ_in_names_and_layout_are_the_same() -> None:
    assert canonical("x=1\nprint( x )") == canonical("value = 1  # one\n\nprint(value)\n")
    assert canonical("x=1\nprint(x)") != canonical("x=2\nprint(x)")
