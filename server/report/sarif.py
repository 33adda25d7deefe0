"""SARIF 2.1.0, for code scanning."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console

from reference.protocol import Edit, Range
from server import __version__
from server.check.result import FileResult, Summary
from server.findings import Finding, Severity
from server.report.fingerprint import fingerprinted
from server.rules import EXPLANATIONS
from server.text import Text
from server.texts import Texts

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LONGEST_DIFF_LINES = 12

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


class SarifReport:
    """Prints one run; a diff goes into the message too, since not every viewer shows fixes."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._out = console.file
        self._texts = texts

    def add(self, result: FileResult) -> None:
        """Wait for all files."""

    def finish(self, summary: Summary) -> None:
        """Print the log."""
        marked = fingerprinted(summary)
        rules = sorted({finding.rule for _, finding, _ in marked})
        root = _repository(Path.cwd())
        run = {
            "tool": {
                "driver": {
                    "name": "WPC",
                    "version": __version__,
                    "semanticVersion": __version__,
                    "rules": [_rule(code, self._texts.language) for code in rules],
                }
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [
                {
                    "executionSuccessful": not summary.errors,
                    "toolExecutionNotifications": [
                        {
                            "level": "error",
                            "message": {"text": result.error},
                            "locations": [
                                {"physicalLocation": {"artifactLocation": _artifact(result, root)}}
                            ],
                        }
                        for result in summary.errors
                    ],
                }
            ],
            "results": [
                _result(result, finding, fingerprint, rules.index(finding.rule), root)
                for result, finding, fingerprint in marked
            ],
        }
        json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, self._out, indent=2)
        self._out.write("\n")


def _rule(code: str, language: str) -> dict[str, Any]:
    known = EXPLANATIONS.get(code)  # a newer endpoint may have others
    if known is None:
        return {"id": code}
    page = known.page(language)
    description = f"{page.summary} {page.advice}"
    return {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": description},
        "help": {"text": description, "markdown": page.markdown},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["correctness"]},
    }


def _result(
    result: FileResult, finding: Finding, fingerprint: str, rule_index: int, root: Path
) -> dict[str, Any]:
    assert result.source is not None
    text = Text(result.source.text)
    artifact = _artifact(result, root)
    message = finding.message
    if finding.fixes:
        diff = result.diff(finding.fixes[0]).splitlines()[2:]
        if len(diff) <= LONGEST_DIFF_LINES:
            message += "\n\n" + "\n".join(diff)
    answer: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [_location(artifact, text, finding.range)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if finding.related:
        answer["relatedLocations"] = [
            _location(artifact, text, related.range) | {"message": {"text": related.message}}
            for related in finding.related
        ]
    if finding.fixes:
        fix = finding.fixes[0]
        answer["fixes"] = [
            {
                "description": {"text": fix.message},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [_replacement(text, edit) for edit in fix.edits],
                    }
                ],
            }
        ]
    return answer


def _replacement(text: Text, edit: Edit) -> dict[str, Any]:
    return {
        "deletedRegion": _region(text, edit.range),
        "insertedContent": {"text": edit.new_text},
    }


def _location(artifact: dict[str, str], text: Text, range_: Range) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": _region(text, range_)},
    }


def _region(text: Text, range_: Range) -> dict[str, int]:
    return {
        "startLine": range_.start.line + 1,
        "startColumn": text.column(range_.start) + 1,
        "endLine": range_.end.line + 1,
        "endColumn": text.column(range_.end) + 1,
    }


def _artifact(result: FileResult, root: Path) -> dict[str, str]:
    absolute = Path(result.path).absolute()
    if absolute.is_relative_to(root):
        return {"uri": quote(absolute.relative_to(root).as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"uri": absolute.as_uri()}


def _repository(folder: Path) -> Path:
    return next(
        (parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder
    )
