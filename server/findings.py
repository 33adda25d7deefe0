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
from server.text import Text, printable, utf16_length
from server.texts import Texts, texts_in

UNREPAIRED = {
    Verdict.WRONG_ANSWER: "WPC001",
    Verdict.RUNTIME_ERROR: "WPC002",
    Verdict.TIME_LIMIT: "WPC003",
    Verdict.MEMORY_LIMIT: "WPC004",
    Verdict.OUTPUT_LIMIT: "WPC005",
    Verdict.SYNTAX_ERROR: "WPC006",
}

_LONGEST_VALUE = 48
_LONGEST_ERROR = 100


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
    finding = _finding(report, Text(source), texts_in(settings.locale))
    if finding is None or not _is_wanted(finding, source, settings, path):
        return []
    return [finding]


def failing_test(failure: Failure, texts: Texts) -> str:
    """Say in one line how a program fails a test: `test 3, input 2: expected 4, got 5`."""
    given = _shorten(failure.input) or texts.no_input
    if failure.found:
        place = texts.found_input.format(input=given)
    else:
        place = texts.test_with_input.format(test=failure.test, input=given)
    row = _first_difference(failure)
    if row and max(len(_lines(failure.expected)), len(_lines(failure.actual))) > 1:
        place = texts.output_line.format(place=place, line=row)
    return f"{place}: {outcome(failure, texts)}"


def outcome(failure: Failure, texts: Texts) -> str:
    """Say what a test expects and what the program does, such as `expected 4, got 5`."""
    row = _first_difference(failure)
    expected = _line(failure.expected, row) if row else _shorten(failure.expected)
    expected = expected or texts.nothing
    if row:
        actual = _line(failure.actual, row) or texts.nothing
    elif failure.verdict is Verdict.RUNTIME_ERROR and failure.stderr.strip():
        actual = _last_line(failure.stderr)
    else:
        verdict = verdict_text(failure.verdict, texts)
        return texts.expected_but.format(expected=expected, verdict=verdict)
    return texts.expected_got.format(expected=expected, actual=actual)


def verdict_text(verdict: Verdict, texts: Texts) -> str:
    """Return what the judge says, in the middle of a sentence."""
    said = {
        Verdict.WRONG_ANSWER: texts.wrong_answer,
        Verdict.RUNTIME_ERROR: texts.runtime_error,
        Verdict.TIME_LIMIT: texts.time_limit,
        Verdict.MEMORY_LIMIT: texts.memory_limit,
        Verdict.OUTPUT_LIMIT: texts.output_limit,
        Verdict.SYNTAX_ERROR: texts.syntax_error,
        Verdict.NOT_JUDGED: texts.not_judged,
    }
    return said.get(verdict, verdict.value)


def trust(fix: Fix, texts: Texts) -> str:
    """Say how well tests support a fix."""
    if fix.verified:
        return texts.passes_all_tests.of(fix.total)
    if fix.total:
        return texts.passes_some_tests.of(fix.total, passed=fix.passed)
    return texts.not_verified


def _finding(report: RepairReport, text: Text, texts: Texts) -> Finding | None:
    failure = report.tests.first_failure
    severity = Severity.WARNING if failure is None else Severity.ERROR
    if report.fixes:
        best = report.fixes[0]
        detail = texts.not_verified if failure is None else failing_test(failure, texts)
        return Finding(
            rule=best.rule,
            severity=severity,
            range=best.range,
            title=best.message,
            message=f"{best.message.rstrip('.')} ({detail})",
            failure=failure,
            fixes=report.fixes,
            related=_related(best, failure, text, texts),
        )
    if report.verdict not in UNREPAIRED:
        return None
    rule = UNREPAIRED[report.verdict]
    title = RULES[rule].title(texts.language)
    if failure is not None and report.verdict is Verdict.SYNTAX_ERROR:
        reason = _last_line(failure.stderr).removeprefix("SyntaxError: ")
        title = f"{title}: {reason}"  # not a matter of any test
        failure = None
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        range=_suspicious_range(report, text),
        title=title,
        message=title if failure is None else f"{title} ({failing_test(failure, texts)})",
        failure=failure,
    )


def _is_wanted(finding: Finding, source: str, settings: Settings, path: Path | None) -> bool:
    ignored = settings.ignore
    for files, rules in settings.per_file_ignores:
        if path is not None and files.match(path):
            ignored += rules
    comments = ignored_rules(source)
    for line in range(finding.range.start.line, finding.range.end.line + 1):
        ignored += comments.get(line, ())
    return finding.rule.startswith(settings.select) and not finding.rule.startswith(ignored)


def _related(
    fix: Fix, failure: Failure | None, text: Text, texts: Texts
) -> tuple[RelatedLocation, ...]:
    first, last = fix.range.start.line, fix.range.end.line
    places = [
        RelatedLocation(edit.range, texts.also_changed)
        for edit in fix.edits
        if not first <= edit.range.start.line <= last
    ]
    if failure is not None and failure.line is not None and not first <= failure.line <= last:
        places.append(RelatedLocation(_code_on(failure.line, text), texts.error_raised_here))
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


def _first_difference(failure: Failure) -> int | None:
    """Return the 1-based line where a wrong answer begins to differ."""
    if failure.verdict is not Verdict.WRONG_ANSWER:
        return None
    rows = zip_longest(_lines(failure.expected), _lines(failure.actual), fillvalue="")
    return next((row for row, (a, b) in enumerate(rows, 1) if a.split() != b.split()), 1)


def _lines(output: str) -> list[str]:
    return output.strip("\n").split("\n")


def _line(output: str, number: int) -> str:
    lines = _lines(output)
    return _shorten(lines[number - 1]) if number <= len(lines) else ""


def _last_line(stderr: str) -> str:
    return _shorten(stderr.strip().split("\n")[-1], _LONGEST_ERROR)


def _shorten(value: str, longest: int = _LONGEST_VALUE) -> str:
    line = printable(re.sub(r"\s+", " ", value).strip())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
