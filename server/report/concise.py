"""One line for each finding: `path:line:column: RULE message`."""

from rich.console import Console
from rich.text import Text

from server.check.result import FileResult, Summary
from server.findings import Finding
from server.text import Text as Program
from server.text import printable, printable_line
from server.texts import Texts


class ConciseReport:
    """Prints each finding on a line of its own; columns are 1-based and count code points."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._console = console
        self._texts = texts

    def add(self, result: FileResult) -> None:
        """Print the findings of a file."""
        for finding in result.findings:
            self._console.print(headline(result, finding, self._texts), soft_wrap=True)

    def finish(self, summary: Summary) -> None:
        """Print nothing more."""


def headline(
    result: FileResult, finding: Finding, texts: Texts, message: str | None = None
) -> Text:
    """Return `path:line:column: RULE [*] message`; `*` marks a fix that passes every test."""
    line, column = position(result, finding)
    parts: list[str | tuple[str, str]] = [
        (printable_line(result.path), "bold"),
        (":", "cyan"),
        f"{line}",
        (":", "cyan"),
        f"{column}",
        (": ", "cyan"),
        (finding.rule, "bold red"),
        " ",
    ]
    if result.fixed:
        parts += [(texts.fixed_label, "green"), " "]
    elif finding.verified:
        parts += ["[", ("*", "cyan"), "] "]
    return Text.assemble(*parts, printable(message or finding.message))


def position(result: FileResult, finding: Finding) -> tuple[int, int]:
    """Return 1-based line and column, in code points, of a finding's start."""
    assert result.source is not None
    start = finding.range.start
    return start.line + 1, Program(result.source.text).column(start) + 1
