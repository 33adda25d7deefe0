import ast

from reference.edits import Program
from reference.edits.align import Alignment
from reference.propose import Candidate
from reference.propose.peers import propose_mixes
from reference.protocol import Source

FIRST = "def first(x):\n    return x\n"
SECOND = "def second(x):\n    return x\n"


def fix(wrong: str, right: str) -> Candidate:
    return Candidate(right, Alignment(wrong, right).edits(), Source.PEERS, 0.0)


def length(candidate: Candidate) -> int:
    ast.parse(candidate.text)
    return sum(edit.end - edit.start + len(edit.text) for edit in candidate.edits)


def mixed(wrong: str, *fixed: str) -> list[str]:
    fixes = [fix(wrong, one) for one in fixed]
    return [one.text for one in propose_mixes(Program(wrong), fixes, length)]


def test_each_function_is_taken_from_the_fix_that_changes_it_least() -> None:
    long = "x + 1000 - 999"
    one = FIRST.replace("return x", f"return {long}") + SECOND.replace("return x", "return x + 2")
    other = FIRST.replace("return x", "return x + 1") + SECOND.replace("return x", f"return {long}")
    least = FIRST.replace("return x", "return x + 1") + SECOND.replace("return x", "return x + 2")
    texts = mixed(FIRST + SECOND, one, other)
    assert texts[0] == least


def test_what_is_added_at_the_end_of_a_function_belongs_to_it() -> None:
    added = FIRST + "    print(x, x, x)\n"
    one = FIRST + "    print(x)\n" + SECOND.replace("return x", "return x + 1000")
    other = added + SECOND.replace("return x", "return x + 1")
    assert FIRST + "    print(x)\n" + SECOND.replace("return x", "return x + 1") in mixed(
        FIRST + SECOND, one, other
    )


def test_a_decorator_belongs_to_its_function() -> None:
    wrong = "import functools\n\n" + FIRST + "@functools.cache\n" + SECOND
    one = wrong.replace("@functools.cache", "@staticmethod")
    one = one.replace("return x", "return x + 1000", 1)
    other = wrong.replace("@functools.cache", "@functools.lru_cache(maxsize=128)")
    other = other.replace("return x", "return x + 1", 1)
    least = one.replace("return x + 1000", "return x + 1")
    assert mixed(wrong, one, other)[0] == least


def test_cheaper_changes_of_one_function_are_tried_alone_too() -> None:
    one = FIRST.replace("x)", "x, y=1000)") + SECOND.replace("return x", "return x + 1000")
    other = FIRST.replace("x)", "x, y=1)") + SECOND.replace("return x", "return x + 1")
    texts = mixed(FIRST + SECOND, one, other)
    assert FIRST.replace("x)", "x, y=1)") + SECOND.replace("return x", "return x + 1000") in texts
    assert FIRST.replace("x)", "x, y=1000)") + SECOND.replace("return x", "return x + 1") in texts


def test_there_is_nothing_to_mix_in_one_function_or_of_one_fix() -> None:
    assert mixed(FIRST, FIRST.replace("return x", "return 1"), FIRST.replace("x)", "y)")) == []
    assert mixed(FIRST + SECOND, FIRST + SECOND.replace("return x", "return 1")) == []


def test_a_part_that_alone_is_no_program_comes_last() -> None:
    nested = "def first(x):\n    def second(x):\n        return x\n    return second(x)\n"
    plain = FIRST.replace("return x", "return x + 1") + SECOND
    assert mixed(FIRST + SECOND, nested, plain)[0] == plain
