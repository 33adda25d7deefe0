"""Code quality reports of GitLab."""

import json

from rich.console import Console

from server.check.result import FileResult, Summary
from server.findings import Severity
from server.report.fingerprint import fingerprinted
from server.texts import Texts

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


class GitlabReport:
    """Prints an array of issues."""

    def __init__(self, console: Console, _: Texts) -> None:
        self._out = console.file

    def add(self, result: FileResult) -> None:
        """Wait for all files."""

    def finish(self, summary: Summary) -> None:
        """Print the array."""
        issues = [
            {
                "description": finding.message,
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": result.path,
                    "lines": {"begin": finding.range.start.line + 1},
                },
            }
            for result, finding, fingerprint in fingerprinted(summary)
        ]
        json.dump(issues, self._out, ensure_ascii=False, indent=2)
        self._out.write("\n")
