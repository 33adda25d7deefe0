"""One page for a teacher: which problems and which errors, and each program with its fix."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from server import __version__
from server.check.result import FileResult, Summary
from server.findings import Finding, trust, verdict_text
from server.report.changes import Row, side_by_side
from server.rules import EXPLANATIONS, Page
from server.text import Text, capital, printable
from server.texts import Texts

if TYPE_CHECKING:
    from markupsafe import Markup

CONTEXT_LINES = 30

_TEMPLATE = Path(__file__).with_name("page.html.jinja")


@dataclass(frozen=True)
class _ProblemRow:
    """A line of the overview by problem."""

    name: str
    programs: int
    wrong: int
    fixable: int

    @property
    def right(self) -> int:
        return self.programs - self.wrong


@dataclass(frozen=True)
class _RuleRow:
    """A line of the overview by rule."""

    code: str
    name: str
    page: Page | None
    count: int


@dataclass(frozen=True)
class _Program:
    """A wrong program."""

    anchor: str
    result: FileResult
    finding: Finding
    groups: list[list[Row]]

    @property
    def lines(self) -> list[str]:
        assert self.result.source is not None
        text = Text(self.result.source.text)
        return [text.line(number) for number in range(len(text.lines))]


class HtmlReport:
    """Prints a page that needs no network, no script and no colour to be read."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._out = console.file
        self._texts = texts

    def add(self, result: FileResult) -> None:
        """Wait for all files."""

    def finish(self, summary: Summary) -> None:
        """Print the page."""
        from jinja2 import Environment, StrictUndefined  # it takes a while, and few need it

        environment = Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters |= {"capital": capital, "printable": printable, "prose": _prose}
        environment.globals |= {
            "verdict": lambda verdict: verdict_text(verdict, self._texts),
            "trust": lambda fix: trust(fix, self._texts),
        }
        template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
        problems = list(_problems(summary))
        self._out.write(
            template.render(
                version=__version__,
                texts=self._texts,
                summary=summary,
                problems=problems,
                anchors={row.name: f"problem-{at}" for at, row in enumerate(problems, 1)},
                rules=list(_rules(summary, self._texts.language)),
                programs=[
                    (name, list(programs))
                    for name, programs in groupby(
                        _programs(summary), lambda program: program.result.problem
                    )
                ],
            )
        )


def _prose(text: str) -> "Markup":
    """Return a sentence as HTML, with what stands in backticks as code."""
    from markupsafe import Markup, escape

    parts = printable(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is a backtick
        return escape(printable(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def _problems(summary: Summary) -> Iterator[_ProblemRow]:
    for name, group in groupby(sorted(summary.judged, key=_problem), _problem):
        results = list(group)
        findings = [finding for result in results for finding in result.findings]
        yield _ProblemRow(
            name, len(results), len(findings), sum(finding.verified for finding in findings)
        )


def _rules(summary: Summary, language: str) -> Iterator[_RuleRow]:
    counts = Counter(finding.rule for result in summary.judged for finding in result.findings)
    for code, count in counts.most_common():
        known = EXPLANATIONS.get(code)  # a newer endpoint may have others
        name, page = (known.name, known.page(language)) if known else ("", None)
        yield _RuleRow(code, name, page, count)


def _programs(summary: Summary) -> Iterator[_Program]:
    number = 0
    for result in sorted(summary.judged, key=_problem):
        for finding in result.findings:
            number += 1
            yield _Program(f"program-{number}", result, finding, _groups(result, finding))


def _groups(result: FileResult, finding: Finding) -> list[list[Row]]:
    assert result.source is not None
    if not finding.fixes:
        return []
    after = Text(result.fixed_text(finding.fixes[0]))
    return list(side_by_side(Text(result.source.text), after, CONTEXT_LINES))


def _problem(result: FileResult) -> str:
    return result.problem or ""
