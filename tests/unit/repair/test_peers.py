import threading

import pytest

from reference.edits import SourceText
from reference.errors import CancelledError
from reference.protocol import Entry, Problem, Source, Test, Verdict
from reference.wpc import WPC
from tests.unit.repair.conftest import problem, request

STATEMENT = """\
Count the pairs of equal numbers.

## Input

N
A_1 A_2 ... A_N

## Constraints

1 <= N <= 100
1 <= A_i <= 100
"""
PEERS = (
    "n = int(input())\na = list(map(int, input().split()))\ncount = 0\n"
    "for i in range(n):\n    for j in range(i + 1, n):\n        if a[i] == a[j]:\n"
    "            count += 1\nprint(count)\n",
    "from collections import Counter\ninput()\nc = Counter(input().split())\n"
    "print(sum(k * (k - 1) // 2 for k in c.values()))\n",
    "def main():\n    size = int(input())\n    seen = {}\n    pairs = 0\n"
    "    for x in input().split():\n        pairs += seen.get(x, 0)\n"
    "        seen[x] = seen.get(x, 0) + 1\n    print(pairs)\nmain()\n",
)
PAIRS = problem(
    ("3\n1 2 1\n", "1\n"),
    ("2\n5 5\n", "1\n"),
    ("3\n1 2 3\n", "0\n"),
    statements={"en": STATEMENT},
    solutions=PEERS,
)
SEVEN = Test(name="seven", input="7\n", output="49\n")
# Right on the samples, wrong where a number occurs three times.
WRONG = """\
num = int(input())
vals = list(map(int, input().split()))  # the numbers
ans = 0
for p in range(num):
    for q in range(p + 1, num):
        if vals[p] == vals[q]:
            ans += 1
            break   # enough?
print(ans)
"""


def test_a_program_that_passes_the_samples_gets_a_witness(engine: WPC) -> None:
    report = engine.repair(request(WRONG, PAIRS))
    assert report.verdict is Verdict.WRONG_ANSWER
    assert (report.tests.passed, report.tests.total) == (3, 3)
    witness = report.tests.first_failure
    assert witness is not None
    assert witness.found
    assert [result.verdict for result in report.tests.results] == [
        *[Verdict.ACCEPTED] * 3,
        Verdict.WRONG_ANSWER,
    ]
    size, numbers = witness.input.split("\n")[:2]
    assert len(numbers.split()) == int(size)
    pairs = [(a, b) for i, a in enumerate(numbers.split()) for b in numbers.split()[:i]]
    assert witness.expected.strip() == str(sum(a == b for a, b in pairs))
    assert witness.actual != witness.expected


def test_only_what_matters_is_taken_from_a_peer(engine: WPC) -> None:
    report = engine.repair(request(WRONG, PAIRS))
    changed = SourceText(WRONG).apply(report.fixes[0].edits)
    assert changed == WRONG.replace("            break   # enough?\n", "")


def test_accepted_programs_stay_without_findings(engine: WPC) -> None:
    for code in PEERS:
        others = PAIRS.model_copy(
            update={"solutions": (*(peer for peer in PEERS if peer != code), PEERS[0])}
        )
        assert engine.repair(request(code, others)).verdict is Verdict.ACCEPTED


def test_a_program_far_from_right_is_mended_from_a_peer_in_its_own_names(engine: WPC) -> None:
    code = (
        "howmany = int(input())\nnums = list(map(int, input().split()))\nresult = 1\n"
        "for left in range(howmany):\n    for right in range(left, howmany - 1):\n"
        "        if nums[left] == nums[left]:\n            result -= 1\nprint(howmany)\n"
    )
    report = engine.repair(request(code, PAIRS))
    assert report.fixes
    assert report.fixes[0].source is Source.PEERS
    changed = SourceText(code).apply(report.fixes[0].edits)
    assert engine.repair(request(changed, PAIRS)).verdict is Verdict.ACCEPTED
    assert "howmany" in changed
    assert "nums" in changed


def test_a_test_that_accepted_programs_fail_does_not_count(engine: WPC) -> None:
    # Any divisor is right; the expected one is only an example.
    asked = problem(
        ("6\n", "2\n"),
        solutions=("n = int(input())\nprint(n)\n", "m = int(input())\nprint(m * 1)\n"),
    )
    report = engine.repair(request("print(int(input()) // 2)\n", asked))
    assert report.verdict is Verdict.NOT_JUDGED
    assert "checker" in (report.reason or "")


def test_a_fix_is_right_on_more_than_the_samples(engine: WPC) -> None:
    asked = problem(
        ("2\n", "4\n"),
        ("3\n", "9\n"),
        statements={"en": "## Input\n\nN\n\n## Constraints\n\n1 <= N <= 100\n"},
        solutions=(
            "n = int(input())\nprint(n ** 2)\n",
            "m = int(input())\ns = 0\nfor i in range(m):\n    s += m\nprint(s)\n",
            "k = int(input())\nprint(sum([k] * k))\n",
        ),
    )
    code = "x = int(input())\nprint(x + x)\n"
    report = engine.repair(request(code, asked))
    assert report.fixes
    for fix in report.fixes:
        changed = SourceText(code).apply(fix.edits)
        more = asked.model_copy(update={"solutions": (), "tests": (*asked.tests, SEVEN)})
        assert engine.repair(request(changed, more)).verdict is Verdict.ACCEPTED


def test_what_the_user_wrote_stays_where_the_answer_alone_is_missing(engine: WPC) -> None:
    code = (
        "n = int(input())\na = list(map(int, input().split()))\n\n\ndef solve(n, a):\n"
        "    pairs = 0\n    for x in a:\n        pairs += a.count(x) - 1\n    return pairs // 2\n"
    )
    report = engine.repair(request(code, PAIRS))
    changed = SourceText(code).apply(report.fixes[0].edits)
    assert changed.startswith(code.rstrip())
    assert engine.repair(request(changed, PAIRS)).verdict is Verdict.ACCEPTED


def test_a_repair_can_be_cancelled(engine: WPC) -> None:
    cancelled = threading.Event()
    assert engine.repair(request(WRONG, PAIRS), cancelled=cancelled).fixes
    cancelled.set()
    with pytest.raises(CancelledError):
        engine.repair(request(WRONG, PAIRS), cancelled=cancelled)


def test_a_stub_is_filled_in_below_its_docstring_and_leaves_nothing_unreachable(
    engine: WPC,
) -> None:
    task = Problem(
        entry=Entry.FUNCTION,
        tests=tuple(
            Test(name=f"{n}", input=f"total({values})", output=f"{sum(values)}")
            for n, values in enumerate(([1, 2], [], [5]))
        ),
        solutions=(
            "def total(values):\n    count = 0\n    for value in values:\n"
            "        count += value\n    return count\n",
        ),
    )
    stub = 'def total(xs):\n    """Add the numbers up."""\n    return\n'
    (fix,) = engine.repair(request(stub, task, max_fixes=1)).fixes
    assert SourceText(stub).apply(fix.edits) == (
        'def total(xs):\n    """Add the numbers up."""\n    count = 0\n    for value in xs:\n'
        "        count += value\n    return count\n"
    )
