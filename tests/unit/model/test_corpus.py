import random
from pathlib import Path

import pytest

from reference.judge import Judge
from reference.protocol import Problem, Test, Verdict
from reference.training.corpus import accepted, injected, read_examples, real, write_examples
from reference.training.restyle import Style, canonical, restyle
from reference.training.sources import DataError, Pair, read_problems
from reference.training.split import groups_of_alike, held_out_ids

SUM = Problem(
    id="sum",
    statements={"en": "Print the sum of the numbers from one to N, each counted once."},
    tests=(
        Test(name="samples-01", input="3\n", output="6\n", sample=True),
        Test(name="samples-02", input="1\n", output="1\n", sample=True),
    ),
)
RIGHT = """\
number = int(input())
total = 0
for i in range(1, number + 1):
    total += i
print(total)
"""
WRONG = RIGHT.replace("number + 1", "number")


def test_examples_fail_a_test_and_survive_the_disk(tmp_path: Path) -> None:
    with Judge(workers=2) as judge:
        if judge.tier is None:
            pytest.skip(f"no sandbox here: {judge.reason}")
        assert [e.fixed for e in accepted(SUM, [RIGHT, WRONG], judge)] == [RIGHT]
        made = injected(SUM, [RIGHT], judge, each=12, seed=0)
        made += real(SUM, [Pair("1", "sum", WRONG, RIGHT, verified=True)], judge)
    assert len(made) > 4
    for example in made:
        assert example.fixed == RIGHT
        assert example.failure is not None
        assert example.failure.verdict is not Verdict.ACCEPTED
    path = tmp_path / "train-0.jsonl.xz"
    write_examples(path, made)
    assert list(read_examples(path)) == made


def test_a_new_style_changes_names_and_layout_in_both_programs_alike() -> None:
    wrong, fixed, _ = restyle(WRONG, RIGHT, None, Style(rename=True, lay_out=True, tabs=True))
    assert fixed == (
        "var0 = int(input())\nvar1 = 0\nfor i in range(1, var0 + 1):\n\tvar1 += i\nprint(var1)\n"
    )
    assert wrong == fixed.replace("var0 + 1", "var0")


def test_programs_that_differ_in_names_and_layout_are_the_same() -> None:
    other = RIGHT.replace("number", "n").replace("total", "t").replace("    ", "  ")
    assert canonical(other) == canonical(RIGHT)
    assert canonical(WRONG) != canonical(RIGHT)


def test_problems_that_are_alike_stay_on_one_side_of_the_split() -> None:
    rng = random.Random(0)
    words = [chr(97 + n) * 3 for n in range(20)]
    problems = [
        Problem(id=f"p{n}", statements={"en": " ".join(rng.choices(words, k=30))})
        for n in range(40)
    ]
    twin = problems[0].model_copy(update={"id": "twin"})
    groups = groups_of_alike([*problems, twin])
    assert groups["twin"] == groups["p0"]
    assert len(set(groups.values())) == 40
    held = held_out_ids(problems, groups)
    assert ("twin" in held) == ("p0" in held)
    assert 4 < len(held) < 25


def test_a_bad_data_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "problems.jsonl"
    path.write_text('{"id": "a", "statement": "", "samples": []}\n{"id": "b"}\n')
    with pytest.raises(DataError, match=r"problems.jsonl:2: add the missing statement, samples"):
        read_problems(path)
