from itertools import islice, pairwise

import pytest

from reference.edits import Program, apply_edits
from reference.propose.mutations import MutationWeights, learned_weights, propose_mutations
from reference.propose.mutations.learn import learn
from reference.protocol import Problem, Test

EVERYWHERE = dict.fromkeys(range(1, 50), 1.0)


def mutants(code: str, **fields: object) -> list[str]:
    candidates = propose_mutations(Program(code), Problem.model_validate(fields), EVERYWHERE)
    return [candidate.text for candidate in islice(candidates, 3000)]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("if a < b: pass\n", "if a <= b: pass\n"),
        ("if a and b: pass\n", "if a or b: pass\n"),
        ("print(a // b)\n", "print(a / b)\n"),
        ("for i in range(n): pass\n", "for i in range(1, n + 1): pass\n"),
        ("for i in range(1, n): pass\n", "for i in range(n): pass\n"),
        ("print(x[0])\n", "print(x[-1])\n"),
        ("t = 0\nprint(t)\n", "t = 1\nprint(t)\n"),
        ("a = 1\nb = 2\nprint(a + a)\n", "a = 1\nb = 2\nprint(a + b)\n"),
        ("print(max(a))\n", "print(min(a))\n"),
        ("print(xs)\n", "print(*xs)\n"),
        ("n = input()\n", "n = int(input())\n"),
        ("x = sorted(y)\n", "x = sorted(y, reverse=True)\n"),
        ("x = sorted(y, f)\n", "x = sorted(y, key=f)\n"),
        ("y.sort(lambda z: z[1], reverse=True)\n", "y.sort(key=lambda z: z[1], reverse=True)\n"),
        ("x = max(y, lambda z: z[1])\n", "x = max(y, key=lambda z: z[1])\n"),
        ("x = list(set(y))\n", "x = list(dict.fromkeys(y))\n"),
        ("x = set(y)\n", "x = list(dict.fromkeys(y))\n"),
        (
            "t = 0\nfor i in x:\n    t += i\n    print(t)\n",
            "t = 0\nfor i in x:\n    t += i\nprint(t)\n",
        ),
        ("for i in x:\n    a()\n    break\n", "for i in x:\n    a()\n"),
        ("if a: pass\nif b: pass\n", "if a: pass\nelif b: pass\n"),
        ("print(2 + 3 * x)\n", "print((2 + 3) * x)\n"),
        ("if x[2] < 1: pass\n", "if len(x) > 2 and x[2] < 1: pass\n"),
        ("if x[i - 1] < 1: pass\n", "if i - 1 >= 0 and x[i - 1] < 1: pass\n"),
        ("while x[i] < 1: pass\n", "while i < len(x) and x[i] < 1: pass\n"),
        ("if x[i] or y: pass\n", "if i in x and (x[i] or y): pass\n"),
        ("mod = 7\nprint(x + y)\n", "mod = 7\nprint((x + y) % mod)\n"),
        ("print(x)\n", "print(x // 2)\n"),
        ("y = a * (b - c)\n", "y = a * (max(0, b - c))\n"),
        ("print(a // b * c // d)\n", "print(a // b * (c // d))\n"),
        ("print(a, b, c)\n", "print(a, c)\n"),
        ("print(a, b)\n", "print(b)\n"),
        ("s.strip()\n", "s = s.strip()\n"),
        ("x = x.sort()\n", "x.sort()\n"),
        (
            "def f(x):\n    return x.sort(key=len)\n",
            "def f(x):\n    x.sort(key=len)\n    return x\n",
        ),
        ("for i in range(12): pass\n", "for i in range(40): pass\n"),
        (
            "for i in x:\n    if i:\n        a()\n",
            "for i in x:\n    if i:\n        a()\n    else:\n        break\n",
        ),
        (
            "def total(x): return x\nprint(sum(y))\n",
            "def total(x): return x\nprint(total(y))\n",
        ),
        (
            "def my_sum(x): return x\nprint(my_sum(y))\n",
            "def my_sum(x): return x\nprint(sum(y))\n",
        ),
    ],
)
def test_common_mistakes_are_mended(wrong: str, right: str) -> None:
    assert right in mutants(wrong)


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        ("def f(x):\n    return (x.sort())\n", "def f(x):\n    x.sort()\n    return x)\n"),
        ("def f(x):\n    return (y := x).sort()\n", "def f(x):\n    x.sort()\n    return y := x\n"),
        ("x = (x.sort())\n", "x.sort())\n"),
        ("y = x.append(1)\n", "x.append(1)\n"),
    ],
)
def test_what_changes_in_place_is_taken_apart_only_where_that_is_right(
    wrong: str, broken: str
) -> None:
    assert broken not in mutants(wrong)


def test_nothing_is_not_added_or_taken_away() -> None:
    texts = mutants("print(n - 2)\n")
    assert "print(n)\n" in texts
    assert "print(n - 0)\n" not in texts
    assert "x = (a or b) == c\n" in mutants("x = (a or b) + 2 == c\n")


def test_a_sign_in_a_comment_is_not_taken_for_the_operator() -> None:
    texts = mutants("x = (a  # a - b\n     - 2)\n")
    assert "x = (a  # a - b\n)\n" in texts
    assert "x = (a  # a - b\n     + 2)\n" in texts
    assert all("# a - b" in text for text in texts if "#" in text)
    texts = mutants("while (a  # a < b or c\n       < b or\n       c):\n    pass\n")
    assert "while (a  # a < b or c\n       <= b or\n       c):\n    pass\n" in texts
    assert "while (a  # a < b or c\n       < b and\n       c):\n    pass\n" in texts


def test_words_come_from_the_tests_that_may_be_seen() -> None:
    test = Test(name="sample-1", input="", output="POSSIBLE\n", sample=True)
    assert "print('POSSIBLE')\n" in mutants("print('possible')\n", tests=(test,))


def test_edits_lead_to_the_text_and_no_text_comes_twice() -> None:
    program = Program("n = int(input())\nfor i in range(n):\n    if i > 2:\n        print(i)\n")
    candidates = list(islice(propose_mutations(program, Problem(), EVERYWHERE), 800))
    assert all(
        apply_edits(program.text, candidate.edits) == candidate.text for candidate in candidates
    )
    assert len({candidate.text for candidate in candidates}) == len(candidates)


def test_single_changes_come_before_pairs_and_each_by_its_score() -> None:
    program = Program("a = 1\nprint(a < 2)\n")
    scores = [one.score for one in propose_mutations(program, Problem(), EVERYWHERE)]
    falls = [before < after for before, after in pairwise(scores)]
    assert sum(falls) == 1  # where the pairs begin


def test_suspicious_lines_come_first() -> None:
    program = Program("a = b < 1\nc = d < 1\n")
    first = next(iter(propose_mutations(program, Problem(), {1: 0.1, 2: 1.0})))
    assert first.text.startswith("a = b < 1\n")


def test_weights_are_learned_from_real_fixes() -> None:
    pairs = [("print(a < b)", "print(a <= b)", Problem())] * 5
    weights, reached = learn(pairs)
    assert reached == 5
    assert weights.counts["relation/<→<="] == (5, 5)
    assert weights("relation", "<→<=") > weights("relation", "<→>")
    assert weights("relation", "<→>") > weights("variable", "never seen")


def test_the_shipped_weights_prefer_what_authors_do() -> None:
    weights = learned_weights()
    assert isinstance(weights, MutationWeights)
    assert weights("relation", "<→<=") > weights("function", "sorted added")
