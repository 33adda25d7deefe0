"""What a check prints, one module for each format."""

from collections.abc import Callable, Mapping
from typing import Protocol

from rich.console import Console

from server.check.result import FileResult, Summary
from server.report.concise import ConciseReport
from server.report.full import FullReport
from server.report.github import GithubReport
from server.report.gitlab import GitlabReport
from server.report.html import HtmlReport
from server.report.json import JsonReport
from server.report.junit import JunitReport
from server.report.sarif import SarifReport
from server.texts import Texts


class Report(Protocol):
    """Prints the results of a check."""

    def add(self, result: FileResult) -> None:
        """Take the result of the next file."""

    def finish(self, summary: Summary) -> None:
        """Take what is known once all files are checked."""


FORMATS: Mapping[str, Callable[[Console, Texts], Report]] = {
    "full": FullReport,
    "concise": ConciseReport,
    "json": JsonReport,
    "sarif": SarifReport,
    "github": GithubReport,
    "gitlab": GitlabReport,
    "junit": JunitReport,
    "html": HtmlReport,
}
