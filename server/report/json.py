"""JSON for programs."""

import json
from typing import Any

from rich.console import Console

from reference.protocol import Fix, Position, Range
from server import __version__
from server.check.result import FileResult, Summary
from server.findings import Finding
from server.text import Text
from server.texts import Texts


class JsonReport:
    """Prints one object; lines and columns are 1-based, columns count code points."""

    def __init__(self, console: Console, _: Texts) -> None:
        self._out = console.file

    def add(self, result: FileResult) -> None:
        """Wait for all files."""

    def finish(self, summary: Summary) -> None:
        """Print the object."""
        content = {
            "version": 1,
            "tool": {"name": "wpc-lsp", "version": __version__},
            "files": [_file(result) for result in summary.results],
        }
        json.dump(content, self._out, ensure_ascii=False, indent=2)
        self._out.write("\n")


def _file(result: FileResult) -> dict[str, Any]:
    report = result.report
    return {
        "path": result.path,
        "problem": result.problem,
        "verdict": report and report.verdict.value,
        "tests": report and {"passed": report.tests.passed, "total": report.tests.total},
        "findings": [_finding(result, finding) for finding in result.findings],
        "fixed": result.fixed,
        "skipped": result.skipped,
        "error": result.error,
    }


def _finding(result: FileResult, finding: Finding) -> dict[str, Any]:
    assert result.source is not None
    text = Text(result.source.text)
    failure = finding.failure
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        **_range(text, finding.range),
        "failing_test": failure
        and failure.model_dump(mode="json", include={"test", "input", "expected", "actual"})
        | {"verdict": failure.verdict.value, "error": failure.stderr},
        "fix": _fix(result, text, finding.fixes[0]) if finding.fixes else None,
    }


def _fix(result: FileResult, text: Text, fix: Fix) -> dict[str, Any]:
    return {
        "message": fix.message,
        "source": fix.source.value,
        "verified": fix.verified,
        "passed": fix.passed,
        "total": fix.total,
        "confidence": fix.confidence,
        "edits": [_range(text, edit.range) | {"new_text": edit.new_text} for edit in fix.edits],
        "diff": result.diff(fix),
    }


def _range(text: Text, range_: Range) -> dict[str, Any]:
    return {"start": _position(text, range_.start), "end": _position(text, range_.end)}


def _position(text: Text, position: Position) -> dict[str, int]:
    return {"line": position.line + 1, "column": text.column(position) + 1}
