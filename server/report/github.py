"""Annotations of GitHub Actions."""

from rich.console import Console

from server.check.result import FileResult, Summary
from server.findings import Severity
from server.report.concise import position
from server.text import Text
from server.texts import Texts

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


class GithubReport:
    """Prints a workflow command for each finding and each file that could not be checked."""

    def __init__(self, console: Console, _: Texts) -> None:
        self._out = console.file

    def add(self, result: FileResult) -> None:
        """Print the annotations of a file."""
        if result.error is not None:
            self._out.write(f"::error file={_property(result.path)}::{_data(result.error)}\n")
        for finding in result.findings:
            assert result.source is not None
            line, column = position(result, finding)
            end = finding.range.end
            end_column = Text(result.source.text).column(end) + 1
            self._out.write(
                f"::{_COMMANDS[finding.severity]} title={_property(f'WPC ({finding.rule})')},"
                f"file={_property(result.path)},line={line},col={column},"
                f"endLine={end.line + 1},endColumn={end_column}"
                f"::{_data(f'{finding.rule} {finding.message}')}\n"
            )

    def finish(self, summary: Summary) -> None:
        """Print nothing more."""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
