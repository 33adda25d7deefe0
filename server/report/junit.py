"""JUnit XML, which most CI systems show."""

import re
import xml.etree.ElementTree as ET
from itertools import groupby

from rich.console import Console

from server.check.result import FileResult, Summary
from server.report.concise import position
from server.texts import Texts

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitReport:
    """Prints one suite for each problem, with one case for each program."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._out = console.file
        self._texts = texts

    def add(self, result: FileResult) -> None:
        """Wait for all files."""

    def finish(self, summary: Summary) -> None:
        """Print the document."""
        root = ET.Element("testsuites", name="wpc-lsp")
        none = self._texts.no_problem_suite

        def suite(result: FileResult) -> str:
            return result.problem or none

        for name, results in groupby(sorted(summary.results, key=suite), key=suite):
            _add_suite(root, name, list(results))
        for count in ("tests", "failures", "errors", "skipped"):
            root.set(count, str(sum(int(each.get(count, "0")) for each in root)))
        ET.indent(root)
        self._out.write('<?xml version="1.0" encoding="utf-8"?>\n')
        self._out.write(ET.tostring(root, encoding="unicode") + "\n")


def _add_suite(root: ET.Element, name: str, results: list[FileResult]) -> None:
    suite = ET.SubElement(
        root,
        "testsuite",
        name=_clean(name),
        tests=str(len(results)),
        failures=str(sum(bool(result.findings) for result in results)),
        errors=str(sum(result.error is not None for result in results)),
        skipped=str(sum(result.skipped is not None for result in results)),
    )
    for result in results:
        case = ET.SubElement(
            suite, "testcase", classname=_clean(name), name=_clean(result.path), time="0"
        )
        case.set("file", _clean(result.path))
        for finding in result.findings:
            line, column = position(result, finding)
            failure = ET.SubElement(
                case, "failure", type=finding.rule, message=_clean(finding.message)
            )
            diff = result.diff(finding.fixes[0]) if finding.fixes else ""
            failure.text = _clean(f"{result.path}:{line}:{column}: {finding.message}\n{diff}")
        if result.error is not None:
            ET.SubElement(case, "error", message=_clean(result.error))
        if result.skipped is not None:
            ET.SubElement(case, "skipped", message=_clean(result.skipped))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
