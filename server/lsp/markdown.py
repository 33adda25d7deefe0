"""Markdown for people: a failing test, a finding, a problem's statement."""

from itertools import zip_longest

from reference.protocol import Failure, Problem, Verdict
from server.findings import Finding, verdict_text
from server.rules import EXPLANATIONS
from server.text import capital
from server.texts import Texts

_MOST_ROWS = 12


def finding_text(finding: Finding, texts: Texts) -> str:
    """Return a finding with its failing test and the difference that its best fix makes."""
    known = EXPLANATIONS.get(finding.rule)  # a newer endpoint may have others
    parts = [f"**{finding.rule}{f' {known.name}' if known else ''}** {finding.message}"]
    if known:
        page = known.page(texts.language)
        parts.append(f"{page.advice} [{texts.read_more.format(rule=finding.rule)}]({page.uri})")
    if finding.failure:
        parts.append(failure_text(finding.failure, texts))
    if finding.fixes:
        parts.append(fenced(finding.fixes[0].diff, "diff"))
    return "\n\n".join(parts)


def failure_text(failure: Failure, texts: Texts) -> str:
    """Return a failing test: its input, and its expected and actual output line by line."""
    test = texts.input_that_was_found if failure.found else texts.test.format(test=failure.test)
    parts = [
        f"**{capital(test)}**: {verdict_text(failure.verdict, texts)}",
        f"{capital(texts.input)}:",
        fenced(failure.input),
    ]
    if failure.verdict is Verdict.WRONG_ANSWER:
        parts.append(_table(failure.expected, failure.actual, texts))
    else:
        parts += [f"{capital(texts.expected)}:", fenced(failure.expected)]
    if failure.stderr.strip():
        parts += [f"{capital(texts.error_output)}:", fenced(failure.stderr)]
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


def _table(expected: str, actual: str, texts: Texts) -> str:
    lines = list(zip_longest(expected.splitlines(), actual.splitlines()))
    heads = texts.line, texts.expected, texts.actual
    rows = [f"| {' | '.join(heads)} |", "| ---: | --- | --- |"]
    first = next((i for i, (a, b) in enumerate(lines) if a != b), 0)
    begin = max(0, min(first - 2, len(lines) - _MOST_ROWS))
    for number, (want, got) in list(enumerate(lines, 1))[begin : begin + _MOST_ROWS]:
        mark = "" if want == got else " ←"
        cells = _cell(want, texts), f"{_cell(got, texts)}{mark}"
        rows.append(f"| {number} | {' | '.join(cells)} |")
    if len(lines) > _MOST_ROWS:
        rows.append(f"| … | {texts.lines_in_all.format(count=len(lines))} | |")
    return "\n".join(rows)


def _cell(text: str | None, texts: Texts) -> str:
    if text is None:
        return f"*{texts.nothing}*"
    ticks = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text or ' '}{pad}{ticks}".replace("|", "\\|")
