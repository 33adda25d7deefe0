"""Everything about a finding, for a person at a terminal."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reference.protocol import Failure, Range, Verdict
from server.check.result import FileResult, Summary
from server.findings import Finding, failing_test
from server.report.concise import headline
from server.text import Text as Program
from server.text import printable

CONTEXT_LINES = 2
MOST_VALUE_LINES = 8
TAB = "    "


class FullReport:
    """Prints each finding with the code around it, the failing test and the fix."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def add(self, result: FileResult) -> None:
        """Print the findings of a file."""
        for finding in result.findings:
            self._console.print(_finding(result, finding), soft_wrap=True)
            self._console.print()

    def finish(self, summary: Summary) -> None:
        """Print nothing more."""


def _finding(result: FileResult, finding: Finding) -> RenderableType:
    assert result.source is not None
    program = Program(result.source.text)
    gutter = len(str(min(len(program.lines), finding.range.end.line + CONTEXT_LINES + 1)))
    message = finding.fixes[0].message if finding.fixes else finding.message
    parts: list[RenderableType] = [headline(result, finding, message)]
    parts += _code_frame(program, finding, gutter)
    if finding.failure is not None:
        parts.append(Padding(_test(finding.failure, result), (0, 0, 0, gutter + 1)))
    if finding.fixes:
        parts += _diff(result, finding, gutter)
    return Group(*parts)


def _code_frame(program: Program, finding: Finding, gutter: int) -> Iterator[Text]:
    marked = finding.range
    first = max(0, marked.start.line - CONTEXT_LINES)
    last = min(len(program.lines) - 1, marked.end.line + CONTEXT_LINES)
    for number in range(first, last + 1):
        line = program.line(number)
        if first < number < last or line.strip():
            yield _numbered(number, Text(_shown(line)), gutter)
        if marked.start.line <= number <= marked.end.line:
            before, under = _underline(program, marked, number)
            mark = Text.assemble(" " * before, ("^" * under, "bold red"))
            if number == marked.end.line and finding.failure is not None:
                mark.append(f" {printable(failing_test(finding.failure))}", "red")
            yield _gutter("", gutter) + mark


def _underline(program: Program, marked: Range, number: int) -> tuple[int, int]:
    """Return how many cells lie before the mark on a line, and how many it is wide."""
    line = program.line(number)
    start = (
        program.column(marked.start)
        if number == marked.start.line
        else len(line) - len(line.lstrip())
    )
    end = program.column(marked.end) if number == marked.end.line else len(line.rstrip())
    before = Text(_shown(line[:start])).cell_len
    return before, max(1, Text(_shown(line[start:end])).cell_len)


def _test(failure: Failure, result: FileResult) -> RenderableType:
    assert result.report is not None
    tests = result.report.tests
    caption = Text.assemble(
        ("found input" if failure.found else f"test {printable(failure.test)}", "bold"),
        (f"   {tests.passed} of {tests.total} tests pass", "dim"),
    )
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim", show_edge=False)
    values = {"input": failure.input, "expected": failure.expected}
    if failure.verdict is Verdict.RUNTIME_ERROR:
        values["error"] = failure.stderr.strip().rsplit("\n", 1)[-1]
    elif failure.actual or failure.verdict is Verdict.WRONG_ANSWER:
        values["actual"] = failure.actual
    for title in values:
        table.add_column(title, overflow="fold")
    styles = {"expected": "green", "actual": "red", "error": "red"}
    table.add_row(*(Text(_cut(text), styles.get(name, "")) for name, text in values.items()))
    return Group(caption, table)


def _diff(result: FileResult, finding: Finding, gutter: int) -> Iterator[Text]:
    fix = finding.fixes[0]
    trust = f"passes all {fix.total} tests" if fix.verified else "not verified by tests"
    if not fix.verified and fix.total:
        trust = f"passes {fix.passed} of {fix.total} tests"
    yield Text.assemble(" " * (gutter + 1), ("fix", "bold"), (f"   {trust}", "dim"))
    for line in result.diff(fix).splitlines()[2:]:
        if not line.startswith("@@"):
            style = {"+": "green", "-": "red"}.get(line[:1], "dim")
            yield Text.assemble(" " * (gutter + 1), (_shown(line), style))


def _numbered(number: int, line: Text, gutter: int) -> Text:
    return _gutter(str(number + 1), gutter) + line


def _gutter(label: str, gutter: int) -> Text:
    return Text.assemble((f"{label:>{gutter}} │ ", "blue"))


def _shown(line: str) -> str:
    return printable(line.replace("\t", TAB))


def _cut(value: str) -> str:
    lines = value.rstrip("\n").split("\n")
    if len(lines) > MOST_VALUE_LINES:
        lines = [
            *lines[: MOST_VALUE_LINES - 1],
            f"… {len(lines) - MOST_VALUE_LINES + 1} more lines",
        ]
    return _shown("\n".join(lines)) or "(nothing)"
