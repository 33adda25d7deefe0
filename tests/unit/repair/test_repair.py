import ast
from pathlib import Path

import pytest

from reference.edits import SourceText
from reference.errors import UnknownProblemError
from reference.protocol import Entry, RepairReport, Source, Verdict
from reference.wpc import WPC
from tests.unit.repair.conftest import problem, request

SUM = problem(("3\n", "6\n"), ("1\n", "1\n"), ("10\n", "55\n"))
EXAMPLES = Path(__file__).parents[3] / "examples"
WRONG_SUM = """\
# sums up to n
n = int(input())
total = 0
for i in range(1, n):   # every one
    total += i
print(total)
"""


def fixed(code: str, report: RepairReport) -> str:
    return SourceText(code).apply(report.fixes[0].edits)


def test_the_best_fix_is_small_verified_and_named(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM, SUM))
    assert report.verdict is Verdict.WRONG_ANSWER
    assert (report.tests.passed, report.tests.total) == (0, 3)
    best = report.fixes[0]
    assert fixed(WRONG_SUM, report) == WRONG_SUM.replace("(1, n)", "(1, n + 1)")
    assert best.rule == "WPC301"
    assert best.source is Source.MUTATION
    assert best.verified
    assert (best.passed, best.total) == (3, 3)
    assert best.range.start.line == 3
    assert best.diff.count("\n+") == 1


def test_every_fix_passes_every_test(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM, SUM, max_fixes=3))
    for fix in report.fixes:
        changed = SourceText(WRONG_SUM).apply(fix.edits)
        assert engine.repair(request(changed, SUM)).verdict is Verdict.ACCEPTED


def test_the_first_failing_test_is_shown(engine: WPC) -> None:
    failure = engine.repair(request(WRONG_SUM, SUM)).tests.first_failure
    assert failure is not None
    assert (failure.test, failure.input, failure.expected) == ("sample-1", "3\n", "6\n")
    assert failure.actual == "3\n"
    assert not failure.found


def test_the_report_tells_how_every_test_went(engine: WPC) -> None:
    tests = engine.repair(request(WRONG_SUM, SUM)).tests
    assert [result.test for result in tests.results] == [test.name for test in SUM.tests]
    passed = [result.verdict is Verdict.ACCEPTED for result in tests.results]
    assert passed.count(True) == tests.passed < tests.total


def test_an_accepted_program_has_no_findings(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM.replace("(1, n)", "(n + 1)"), SUM))
    assert report.verdict is Verdict.ACCEPTED
    assert not report.fixes
    assert not report.suspects


@pytest.mark.parametrize("sent", [WRONG_SUM.replace("\n", "\r\n"), f"\ufeff{WRONG_SUM}"])
def test_line_ends_and_marks_of_the_user_stay(engine: WPC, sent: str) -> None:
    report = engine.repair(request(sent, SUM))
    assert fixed(sent, report) == sent.replace("(1, n)", "(1, n + 1)")


def test_two_errors_are_mended_together(engine: WPC) -> None:
    code = WRONG_SUM.replace("total = 0", "total = 1").replace("# sums up to n\n", "")
    asked = problem(("3\n", "6\n"), ("1\n", "1\n"), ("10\n", "55\n"), ("2\n", "3\n"))
    report = engine.repair(request(code, asked))
    assert report.fixes
    assert engine.repair(request(fixed(code, report), asked)).verdict is Verdict.ACCEPTED


def test_a_runtime_error_points_at_its_line(engine: WPC) -> None:
    code = "a = list(map(int, input().split()))\nprint(a[2])\n"
    report = engine.repair(request(code, problem(("5 7\n", "7\n"), ("1 2\n", "2\n"))))
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert report.tests.first_failure is not None
    assert report.tests.first_failure.line == 1
    assert report.suspects[0].range.start.line == 1
    assert fixed(code, report) in (code.replace("[2]", "[1]"), code.replace("[2]", "[-1]"))


def test_what_is_no_python_is_a_syntax_error_with_its_place(engine: WPC) -> None:
    report = engine.repair(request("n = int(input())\nif n\n    print(1)\n", SUM))
    assert report.verdict is Verdict.SYNTAX_ERROR
    assert report.suspects[0].range.start.line == 1


def test_functions_are_called_and_their_values_compared(engine: WPC) -> None:
    loop = "    for x in xs:\n        best = max(best, x)\n"
    code = f"def largest(xs):\n    best = 0\n{loop}    return best\n"
    asked = problem(
        ("largest([1, 3, 2])", "3"),
        ("largest([-4, -2])", "-2"),
        ("largest([7])", "7"),
        entry=Entry.FUNCTION,
    )
    report = engine.repair(request(code, asked))
    assert report.verdict is Verdict.WRONG_ANSWER
    changed = fixed(code, report)
    assert engine.repair(request(changed, asked)).verdict is Verdict.ACCEPTED


def test_without_leave_to_run_nothing_is_judged(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM, SUM, verify=False))
    assert report.verdict is Verdict.NOT_JUDGED
    assert report.reason


def test_a_small_budget_is_kept_and_still_answered(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM, SUM, time_budget_s=0.01))
    assert report.verdict in (Verdict.WRONG_ANSWER, Verdict.NOT_JUDGED)


def test_messages_come_in_korean(engine: WPC) -> None:
    report = engine.repair(request(WRONG_SUM, SUM, locale="ko"))
    assert report.fixes[0].message.startswith("1 차이 오류")


def test_process_keeps_the_contract(engine: WPC) -> None:
    wrong = "a, b = map(int, input().split())\nprint(a - b)  # sum\n"
    solution = engine.bank.get("broken_stairs").solutions[0]
    assert engine.process(solution, "broken_stairs")[0] == solution
    with pytest.raises(UnknownProblemError, match="no_such"):
        engine.process(wrong, "no_such")
    with pytest.raises(SyntaxError):
        engine.process("if", "broken_stairs")


@pytest.mark.parametrize("deep", ["-" * 1500 + "1", "1" + " + 1" * 500])
def test_deeply_nested_programs_are_refused_politely(engine: WPC, deep: str) -> None:
    with pytest.raises(SyntaxError):
        engine.process(f"print({deep})\n", "broken_stairs")
    report = engine.repair(request(f"n = int(input())\nprint({deep})\n", SUM, max_fixes=1))
    assert report.verdict is not Verdict.ACCEPTED
    assert not report.fixes


def test_process_returns_the_fixed_program_and_the_given_one_re_printed(engine: WPC) -> None:
    code = (EXAMPLES / "broken_stairs.py").read_text(encoding="utf-8")
    fixed_code, generalised = engine.process(f"{code}# a comment\n", "broken_stairs")
    assert fixed_code.endswith("# a comment\n")
    assert engine.process(fixed_code, "broken_stairs")[0] == fixed_code
    assert generalised == ast.unparse(ast.parse(code))
    assert ast.unparse(ast.parse(fixed_code)) != generalised


def test_a_missing_statement_is_shown_where_it_belongs(engine: WPC) -> None:
    loop = "for i in range(1, n):\n    ways[i] = 1\n"
    code = f"n = int(input())\nways = [0] * 9\n\n{loop}print(ways[0])\n"
    peer = code.replace("\n\nfor", "\nways[0] = 7\n\nfor")
    asked = problem(("3\n", "7\n"), ("2\n", "7\n"), solutions=(peer,))
    report = engine.repair(request(code, asked, max_fixes=3))
    added = [fix for fix in report.fixes if "ways[0] = 7" in fix.message]
    assert added
    assert added[0].range.start.line in (2, 3)


def test_a_fix_may_take_long_on_a_test_on_which_the_program_does(engine: WPC) -> None:
    many = 1_500_000
    sums = problem(("3\n", "6\n"), (f"{many}\n", f"{many * (many + 1) // 2}\n"))
    wrong = "n = int(input())\ntotal = 0\nfor i in range(n):\n    total += i\nprint(total)\n"
    assert engine.repair(request(wrong, sums)).fixes
