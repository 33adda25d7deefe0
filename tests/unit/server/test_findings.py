from pathlib import Path
from typing import Any

import pytest

from reference.protocol import RepairReport, Suspect, TestSummary, Verdict
from server.config import Settings
from server.findings import Finding, Severity, failing_test, findings
from server.globs import Globs
from server.texts import ENGLISH

from .reports import failure, fix, range_at, report

SOURCE = "# sums\nn = int(input())\ntotal = sum(range(n))\nprint(total)\n"
N = range_at(2, 18, 19)


def of(
    answer: RepairReport, source: str = SOURCE, path: Path | None = None, **options: Any
) -> list[Finding]:
    settings = Settings.model_validate(options)
    return findings(answer, source, settings, path)


def test_accepted_program_has_none() -> None:
    answer = report(verdict=Verdict.ACCEPTED, tests=TestSummary(passed=3, total=3))

    assert of(answer) == []


def test_fix_gives_its_rule_place_and_failing_test() -> None:
    [finding] = of(report(fix((N, "n + 1"))))

    assert (finding.rule, finding.range) == ("WPC301", N)
    assert finding.message == (
        "Off by one: `n` should be `n + 1` (test sample-1, input 5: expected 15, got 10)"
    )
    assert finding.severity is Severity.ERROR
    assert finding.verified


def test_korean() -> None:
    [finding] = of(report(), locale="ko-KR")

    assert finding.message == "오답 (테스트 sample-1, 입력 5: 기대 출력 15, 실제 출력 10)"


@pytest.mark.parametrize(
    ("verdict", "rule"),
    [
        (Verdict.WRONG_ANSWER, "WPC001"),
        (Verdict.RUNTIME_ERROR, "WPC002"),
        (Verdict.TIME_LIMIT, "WPC003"),
        (Verdict.MEMORY_LIMIT, "WPC004"),
        (Verdict.OUTPUT_LIMIT, "WPC005"),
        (Verdict.SYNTAX_ERROR, "WPC006"),
    ],
)
def test_verdict_without_a_fix_has_a_rule_of_its_own(verdict: Verdict, rule: str) -> None:
    [finding] = of(report(verdict=verdict))

    assert finding.rule == rule
    assert not finding.verified


def test_a_syntax_error_is_no_matter_of_a_test() -> None:
    broken = failure(verdict=Verdict.SYNTAX_ERROR, stderr="SyntaxError: '(' was never closed\n")
    tests = TestSummary(passed=0, total=1, first_failure=broken)

    [finding] = of(report(verdict=Verdict.SYNTAX_ERROR, tests=tests))

    assert finding.message == "Syntax error: '(' was never closed"
    assert finding.failure is None


def test_place_without_a_fix() -> None:
    suspect = Suspect(range=range_at(2, 8, 21), score=0.9)
    error = TestSummary(
        passed=0, total=1, first_failure=failure(verdict=Verdict.RUNTIME_ERROR, line=1)
    )

    assert of(report(suspects=[suspect]))[0].range == suspect.range
    assert of(report(tests=error))[0].range == range_at(1, 0, 16)
    assert of(report())[0].range == range_at(1, 0, 16)  # the first line with code


def test_unverified_fix_without_tests_is_a_warning() -> None:
    answer = report(
        fix((N, "n + 1"), verified=False),
        verdict=Verdict.NOT_JUDGED,
        tests=TestSummary(passed=0, total=0),
    )

    [finding] = of(answer)

    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("(not verified by tests)")


def test_other_places_are_related() -> None:
    answer = report(
        fix((N, "n + 1"), (range_at(3, 6, 11), "total + 1")),
        tests=TestSummary(
            passed=0, total=1, first_failure=failure(verdict=Verdict.RUNTIME_ERROR, line=1)
        ),
    )

    [finding] = of(answer)

    assert [(place.range.start.line, place.message) for place in finding.related] == [
        (3, "The fix changes this too"),
        (1, "The error is raised here"),
    ]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"select": ("WPC3",)}, True),
        ({"select": ("WPC1", "WPC5")}, False),
        ({"ignore": ("WPC301",)}, False),
        ({"ignore": ("WPC302",)}, True),
        ({"per_file_ignores": ((Globs(Path("/work"), ("old/",)), ("WPC",)),)}, True),
        ({"per_file_ignores": ((Globs(Path("/work"), ("new/*.py",)), ("WPC3",)),)}, False),
    ],
)
def test_settings_decide(options: dict[str, Any], shown: bool) -> None:
    found = of(report(fix((N, "n + 1"))), path=Path("/work/new/a.py"), **options)

    assert bool(found) is shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("total = sum(range(n))  # wpc: ignore[WPC301]", False),
        ("total = sum(range(n))  # wpc: ignore", False),
        ("total = sum(range(n))  # wpc: ignore[WPC1]", True),
    ],
)
def test_comments_decide(line: str, shown: bool) -> None:
    source = SOURCE.replace("total = sum(range(n))", line)

    assert bool(of(report(fix((N, "n + 1"))), source)) is shown


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "test sample-1, input 5: expected 15, got 10"),
        ({"input": ""}, "test sample-1, input nothing: expected 15, got 10"),
        ({"actual": ""}, "test sample-1, input 5: expected 15, got nothing"),
        (
            {"expected": "1\n2\n", "actual": "1\n3\n"},
            "test sample-1, input 5, output line 2: expected 2, got 3",
        ),
        (
            {"expected": "1\n2\n", "actual": "1\n"},
            "test sample-1, input 5, output line 2: expected 2, got nothing",
        ),
        (
            {"verdict": "time_limit"},
            "test sample-1, input 5: expected 15, but time limit exceeded",
        ),
        (
            {"verdict": "runtime_error", "stderr": "Traceback …\nValueError: bad\x1b[2J\n"},
            "test sample-1, input 5: expected 15, got ValueError: bad␛[2J",
        ),
        ({"found": True, "input": "3\n4\n"}, "input 3 4: expected 15, got 10"),
        ({"actual": "9" * 99}, f"test sample-1, input 5: expected 15, got {'9' * 47}…"),
    ],
)
def test_failing_test_in_one_line(changes: dict[str, object], text: str) -> None:
    assert failing_test(failure(**changes), ENGLISH) == text
