"""Markdown for people: a failing test, a finding, a problem's statement."""

from itertools import zip_longest

from reference.protocol import Failure, Problem, Verdict
from server.findings import Finding
from server.rules import EXPLANATIONS

_MOST_ROWS = 12

_VERDICTS = {
    Verdict.WRONG_ANSWER: "wrong answer",
    Verdict.RUNTIME_ERROR: "runtime error",
    Verdict.TIME_LIMIT: "time limit exceeded",
    Verdict.MEMORY_LIMIT: "memory limit exceeded",
    Verdict.OUTPUT_LIMIT: "output limit exceeded",
    Verdict.SYNTAX_ERROR: "syntax error",
}


def finding_text(finding: Finding) -> str:
    """Return a finding with its failing test and the difference that its best fix makes."""
    known = EXPLANATIONS.get(finding.rule)  # a newer endpoint may have others
    parts = [f"**{finding.rule}{f' {known.name}' if known else ''}** {finding.message}"]
    if known:
        parts.append(known.advice)
    if finding.failure:
        parts.append(failure_text(finding.failure))
    if finding.fixes:
        parts.append(fenced(finding.fixes[0].diff, "diff"))
    return "\n\n".join(parts)


def failure_text(failure: Failure) -> str:
    """Return a failing test: its input, and its expected and actual output line by line."""
    verdict = _VERDICTS.get(failure.verdict, failure.verdict.value)
    parts = [f"Test **{failure.test}**: {verdict}", "Input:", fenced(failure.input)]
    if failure.verdict is Verdict.WRONG_ANSWER:
        parts.append(_table(failure.expected, failure.actual))
    else:
        parts += ["Expected:", fenced(failure.expected)]
    if failure.stderr.strip():
        parts += ["Error output:", fenced(failure.stderr)]
    return "\n\n".join(parts)


def statement_text(problem: Problem, locale: str) -> str:
    """Return a problem's statement under its title, with its samples."""
    parts = [f"# {problem.title(locale)}", problem.statement(locale)]
    for sample in (test for test in problem.tests if test.sample):
        parts += [f"## {sample.name}", fenced(sample.input), fenced(sample.output)]
    return "\n\n".join(part for part in parts if part).strip() + "\n"


def fenced(text: str, language: str = "text") -> str:
    """Return a code block that `text` can't end."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _table(expected: str, actual: str) -> str:
    lines = list(zip_longest(expected.splitlines(), actual.splitlines()))
    rows = ["| line | expected | actual |", "| ---: | --- | --- |"]
    first = next((i for i, (a, b) in enumerate(lines) if a != b), 0)
    begin = max(0, min(first - 2, len(lines) - _MOST_ROWS))
    for number, (want, got) in list(enumerate(lines, 1))[begin : begin + _MOST_ROWS]:
        mark = "" if want == got else " ←"
        rows.append(f"| {number} | {_cell(want)} | {_cell(got)}{mark} |")
    if len(lines) > _MOST_ROWS:
        rows.append(f"| … | {len(lines)} lines in all | |")
    return "\n".join(rows)


def _cell(text: str | None) -> str:
    if text is None:
        return "*nothing*"
    ticks = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text or ' '}{pad}{ticks}".replace("|", "\\|")
