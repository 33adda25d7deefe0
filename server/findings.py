"""What a report means for the user: the one place that turns it into findings."""

import re
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from pathlib import Path

from reference.protocol import Failure, Fix, Position, Range, RepairReport, Verdict
from reference.protocol.rules import RULES
from server.config import Settings
from server.directives import ignored_rules
from server.globs import matches
from server.text import Text, printable, utf16_length

UNREPAIRED = {
    Verdict.WRONG_ANSWER: "WPC001",
    Verdict.RUNTIME_ERROR: "WPC002",
    Verdict.TIME_LIMIT: "WPC003",
    Verdict.MEMORY_LIMIT: "WPC004",
    Verdict.OUTPUT_LIMIT: "WPC005",
    Verdict.SYNTAX_ERROR: "WPC006",
}

_LONGEST_VALUE = 48

_PHRASES = {
    "en": {
        "test": "test {test}",
        "input": "input {input}",
        "differs": "expected {expected}, got {actual}",
        "line": ", line {line}",
        "nothing": "nothing",
        "raised": "The error is raised here",
        "also": "The fix changes this too",
        "unverified": "not verified by tests",
    },
    "ko": {
        "test": "테스트 {test}",
        "input": "입력 {input}",
        "differs": "기대 {expected}, 실제 {actual}",
        "line": " {line}번째 줄",
        "nothing": "없음",
        "raised": "오류가 발생한 곳",
        "also": "함께 바뀌는 곳",
        "unverified": "테스트로 확인되지 않음",
    },
}


class Severity(str, Enum):
    """How sure it is that the program is wrong."""

    ERROR = "error"  # a test fails
    WARNING = "warning"  # only a model says so


@dataclass(frozen=True)
class RelatedLocation:
    """A further place that a finding speaks of."""

    range: Range
    message: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a program.

    Parameters
    ----------
    rule
        That of the best fix; without one, WPC001 to WPC006 by the verdict.
    range
        What to underline.
    title
        What is wrong, in a few words.
    message
        The title with the failing test, in one line.
    failure
        The first test that the program fails, if tests were run.
    fixes
        Alternatives, best first.
    """

    rule: str
    severity: Severity
    range: Range
    title: str
    message: str
    failure: Failure | None
    fixes: tuple[Fix, ...] = ()
    related: tuple[RelatedLocation, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the best fix passes every test of the problem."""
        return bool(self.fixes) and self.fixes[0].verified


def findings(
    report: RepairReport, source: str, settings: Settings, path: Path | None = None
) -> list[Finding]:
    """Return the findings of a report that the settings and the program's comments let through.

    Parameters
    ----------
    source
        The program as sent.
    path
        Its file, for the ignores that hold for certain files.
    """
    finding = _finding(report, Text(source), settings.locale)
    if finding is None or not _is_wanted(finding, source, settings, path):
        return []
    return [finding]


def failing_test(failure: Failure, locale: str = "en") -> str:
    """Say in one line how a program fails a test, such as `test 3: expected 4, got 5`."""
    phrases = _phrases(locale)
    name = (
        phrases["input"].format(input=_shorten(failure.input))
        if failure.found
        else phrases["test"].format(test=failure.test)
    )
    if failure.verdict is Verdict.WRONG_ANSWER:
        return f"{name}{_difference(failure, phrases)}"
    if failure.verdict is Verdict.RUNTIME_ERROR and failure.stderr.strip():
        return f"{name}: {_shorten(failure.stderr.strip().splitlines()[-1], 100)}"
    return f"{name}: {_title(failure.verdict, locale).lower()}"


def _finding(report: RepairReport, text: Text, locale: str) -> Finding | None:
    failure = report.tests.first_failure
    phrases = _phrases(locale)
    severity = Severity.WARNING if failure is None else Severity.ERROR
    if report.fixes:
        best = report.fixes[0]
        detail = phrases["unverified"] if failure is None else failing_test(failure, locale)
        return Finding(
            rule=best.rule,
            severity=severity,
            range=best.range,
            title=best.message,
            message=f"{best.message.rstrip('.')} ({detail})",
            failure=failure,
            fixes=report.fixes,
            related=_related(best, failure, text, phrases),
        )
    if report.verdict not in UNREPAIRED:
        return None
    verdict = _title(report.verdict, locale)
    return Finding(
        rule=UNREPAIRED[report.verdict],
        severity=Severity.ERROR,
        range=_suspicious_range(report, text),
        title=verdict,
        message=verdict if failure is None else f"{verdict} ({failing_test(failure, locale)})",
        failure=failure,
    )


def _is_wanted(finding: Finding, source: str, settings: Settings, path: Path | None) -> bool:
    ignored = settings.ignore
    for glob, rules in settings.per_file_ignores:
        if path is not None and matches((glob,), path, settings.root):
            ignored += rules
    comments = ignored_rules(source)
    for line in range(finding.range.start.line, finding.range.end.line + 1):
        ignored += comments.get(line, ())
    return finding.rule.startswith(settings.select) and not finding.rule.startswith(ignored)


def _related(
    fix: Fix, failure: Failure | None, text: Text, phrases: dict[str, str]
) -> tuple[RelatedLocation, ...]:
    first, last = fix.range.start.line, fix.range.end.line
    places = [
        RelatedLocation(edit.range, phrases["also"])
        for edit in fix.edits
        if not first <= edit.range.start.line <= last
    ]
    if failure is not None and failure.line is not None and not first <= failure.line <= last:
        places.append(RelatedLocation(_code_on(failure.line, text), phrases["raised"]))
    return tuple(places)


def _suspicious_range(report: RepairReport, text: Text) -> Range:
    if report.suspects:
        return max(report.suspects, key=lambda suspect: suspect.score).range
    failure = report.tests.first_failure
    if failure is not None and failure.line is not None:
        return _code_on(failure.line, text)
    for number in range(len(text.lines)):
        line = text.line(number).strip()
        if line and not line.startswith("#"):
            return _code_on(number, text)
    return _code_on(0, text)


def _code_on(number: int, text: Text) -> Range:
    line = text.line(number)
    indent = len(line) - len(line.lstrip())
    return Range(
        start=Position(line=number, character=indent),
        end=Position(line=number, character=max(indent, utf16_length(line.rstrip()))),
    )


def _difference(failure: Failure, phrases: dict[str, str]) -> str:
    texts = [text.strip("\n").split("\n") for text in (failure.expected, failure.actual)]
    rows = enumerate(zip_longest(*texts, fillvalue=""))
    number = next((row for row, (a, b) in rows if a.split() != b.split()), 0)
    expected, actual = (_shorten(lines[number]) if number < len(lines) else "" for lines in texts)
    place = phrases["line"].format(line=number + 1) if max(map(len, texts)) > 1 else ""
    values = phrases["differs"].format(
        expected=expected or phrases["nothing"], actual=actual or phrases["nothing"]
    )
    return f"{place}: {values}"


def _shorten(value: str, longest: int = _LONGEST_VALUE) -> str:
    line = printable(re.sub(r"\s+", " ", value).strip())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _title(verdict: Verdict, locale: str) -> str:
    return RULES[UNREPAIRED[verdict]].title(locale) if verdict in UNREPAIRED else verdict.value


def _phrases(locale: str) -> dict[str, str]:
    language = locale.replace("_", "-").split("-")[0].lower()
    return _PHRASES.get(language, _PHRASES["en"])
