import ast
import random

import pytest

from reference.training.injection import FAMILY_SHARES, inject, possible_edits

PROGRAM = """\
# é: offsets count characters
import math

def area(w, h):
    if w < 0 or h < 0:
        return 0
    return w * h

n, m = map(int, input().split())
best = 0
for i in range(1, n + 1):
    if i % 2 == 0:
        continue
    elif i > m:
        break
    else:
        best = max(best, area(i, m - 1))
    best += 1
words = ["a", "b"][::-1]
print("Yes" if best > 3 else "No", best)
print(*words, sep="")
"""


def test_an_injected_error_is_a_small_change_of_a_program_that_still_parses() -> None:
    rng = random.Random(1)
    made = {inject(PROGRAM, rng, [PROGRAM]) for _ in range(200)} - {None}
    assert len(made) > 100
    for wrong in made:
        assert wrong is not None
        assert wrong != PROGRAM
        ast.parse(wrong)
        assert wrong.startswith("# é") or wrong.count("\n") != PROGRAM.count("\n")


def test_edits_of_many_families_are_found() -> None:
    rng = random.Random(1)
    families = {edit.family for _ in range(5) for edit in possible_edits(PROGRAM, rng, [PROGRAM])}
    assert families == set(FAMILY_SHARES)


def test_an_edit_changes_what_it_says_and_nothing_else() -> None:
    for edit in possible_edits(PROGRAM, random.Random(2), [PROGRAM]):
        assert 0 <= edit.start <= edit.end <= len(PROGRAM)
        assert PROGRAM[edit.start : edit.end] != edit.text


@pytest.mark.parametrize("code", ["def", "x = (", "\x00"])
def test_nothing_is_injected_into_what_is_no_program(code: str) -> None:
    assert inject(code, random.Random(0)) is None
