"""Everything about a finding, for a person at a terminal."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from rich.console import Console
from rich.text import Text

from reference.protocol import Failure, Range, Verdict
from server.check.result import FileResult, Summary
from server.findings import Finding, outcome, trust
from server.report.changes import changed_span
from server.report.concise import headline
from server.text import Text as Program
from server.text import printable
from server.texts import Texts

CONTEXT_LINES = 2
MOST_TEST_LINES = 8
MOST_DIFF_LINES = 24
NARROWEST_COLUMN = 12
COLUMN_GAP = 3
TAB = "    "


class FullReport:
    """Prints each finding with the code around it, the failing test and the fix."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._console = console
        self._texts = texts

    def add(self, result: FileResult) -> None:
        """Print the findings of a file."""
        for finding in result.findings:
            for line in _lines(result, finding, self._console.width, self._texts):
                line.rstrip()
                self._console.print(line, soft_wrap=True)
            self._console.print()

    def finish(self, summary: Summary) -> None:
        """Print nothing more."""


def _lines(result: FileResult, finding: Finding, width: int, texts: Texts) -> Iterator[Text]:
    assert result.source is not None
    assert result.report is not None
    program = Program(result.source.text)
    gutter = len(str(len(program.lines)))
    indent = " " * (gutter + 3)
    yield headline(result, finding, texts, finding.title)
    failure = finding.failure
    if finding.fixes or result.report.suspects or (failure and failure.line is not None):
        yield from _frame(program, finding, gutter, texts)
    if failure is not None:
        tests = result.report.tests
        label = texts.input_that_was_found
        if not failure.found:
            label = texts.test.format(test=printable(failure.test))
        passed = texts.tests_pass.of(tests.total, passed=tests.passed)
        yield Text.assemble(indent, (label, "bold"), (f"  {passed}", "dim"))
        for line in _table(failure, width - len(indent), texts):
            yield Text(indent) + line
    for fix in finding.fixes[:1]:
        yield Text.assemble(indent, (texts.fix, "bold"), (f"  {trust(fix, texts)}", "dim"))
        yield from _changes(program, Program(result.fixed_text(fix)), gutter, texts)


def _frame(program: Program, finding: Finding, gutter: int, texts: Texts) -> Iterator[Text]:
    """Yield the code around a finding, with the place marked."""
    marked = finding.range
    first = max(0, marked.start.line - CONTEXT_LINES)
    last = min(len(program.lines) - 1, marked.end.line + CONTEXT_LINES)
    while first < marked.start.line and not program.line(first).strip():
        first += 1
    while last > marked.end.line and not program.line(last).strip():
        last -= 1
    for number in range(first, last + 1):
        yield _gutter(f"{number + 1}", "│", gutter) + _shown(program.line(number))
        if marked.start.line <= number <= marked.end.line:
            before, under = _underline(program, marked, number)
            mark = Text.assemble(" " * before, ("^" * under, "bold red"))
            if number == marked.end.line and finding.failure is not None:
                mark.append(f" {printable(outcome(finding.failure, texts))}", "red")
            yield _gutter("", "│", gutter) + mark


def _underline(program: Program, marked: Range, number: int) -> tuple[int, int]:
    """Return how many cells lie before the mark on a line, and how many it is wide."""
    line = program.line(number)
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    start = program.column(marked.start) if number == marked.start.line else first
    end = program.column(marked.end) if number == marked.end.line else last
    before = Text(_shown(line[:start])).cell_len
    return before, max(1, Text(_shown(line[start:end])).cell_len)


def _table(failure: Failure, width: int, texts: Texts) -> Iterator[Text]:
    """Yield the failing test as columns: the input, and what differs."""
    expected = _column(failure.expected, "green", texts)
    if failure.verdict is Verdict.RUNTIME_ERROR:
        heads = texts.input, texts.expected, texts.error
        actual = _column(failure.stderr.strip().rsplit("\n", 1)[-1], "red", texts)
    else:
        heads = texts.input, texts.expected, texts.actual
        actual = _column(failure.actual, "red", texts)
    if failure.verdict is Verdict.WRONG_ANSWER:
        for right, got in zip(expected, actual, strict=False):
            if right.plain.split() == got.plain.split():
                right.style = got.style = "dim"
    columns = [_column(failure.input, "", texts), expected, actual]
    for head, column in zip(heads, columns, strict=True):
        column.insert(0, Text(head, "dim"))
    widths = _fit([max(line.cell_len for line in column) for column in columns], width)
    for row in range(min(max(map(len, columns)), MOST_TEST_LINES + 1)):
        cells = [column[row] if row < len(column) else Text() for column in columns]
        for cell, cell_width in zip(cells, widths, strict=True):
            cell.truncate(cell_width, overflow="ellipsis", pad=True)
        yield Text(" " * COLUMN_GAP).join(cells)
    if max(map(len, columns)) > MOST_TEST_LINES + 1:
        yield Text("…", "dim")


def _column(value: str, style: str, texts: Texts) -> list[Text]:
    lines = value.rstrip("\n").split("\n") if value.strip() else [f"({texts.nothing})"]
    return [Text(_shown(line), style) for line in lines]


def _fit(widths: list[int], width: int) -> list[int]:
    """Narrow the widest columns until all fit."""
    room = width - COLUMN_GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > NARROWEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths


def _changes(before: Program, after: Program, gutter: int, texts: Texts) -> Iterator[Text]:
    """Yield the changed lines, with their numbers and what changed in them marked."""
    old, new = before.lines, after.lines
    shown = 0
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        removed = [before.line(number) for number in range(i, j)]
        added = [after.line(number) for number in range(k, m)]
        if shown + len(removed) + len(added) > MOST_DIFF_LINES:
            yield _gutter("", "…", gutter) + Text(texts.see_diff, "dim")
            return
        shown += len(removed) + len(added)
        pairs = list(zip(removed, added, strict=False)) if len(removed) == len(added) else []
        for number, line in enumerate(removed, i):
            other = pairs[number - i][1] if pairs else line
            yield _gutter(f"{number + 1}", "-", gutter, "red") + _marked(line, other, "red")
        for number, line in enumerate(added, k):
            other = pairs[number - k][0] if pairs else line
            yield _gutter(f"{number + 1}", "+", gutter, "green") + _marked(line, other, "green")


def _marked(line: str, other: str, style: str) -> Text:
    """Return a line with what distinguishes it from another one in bold."""
    start, end = changed_span(line, other)
    return Text.assemble(
        (_shown(line[:start]), style),
        (_shown(line[start:end]), f"bold {style} underline"),
        (_shown(line[end:]), style),
    )


def _gutter(label: str, mark: str, width: int, style: str = "blue") -> Text:
    return Text.assemble((f"{label:>{width}} ", "blue"), (f"{mark} ", style))


def _shown(line: str) -> str:
    return printable(line.replace("\t", TAB))
