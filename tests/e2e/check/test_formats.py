import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from pydantic_sarif.model import (  # type: ignore[import-untyped]
    StaticAnalysisResultsFormatSarifVersion210JsonSchema,
)

from .conftest import RIGHT, WRONG, Check


@pytest.fixture(autouse=True)
def _programs(folder: Path) -> None:
    (folder / "sums" / "right.py").write_text(RIGHT)
    (folder / "sums" / "한글 😀.py").write_text(f"s = '😀'; {WRONG}")
    (folder / "sums" / "wrong.py").write_text(WRONG)


def test_full(check: Check) -> None:
    lines = check("sums/wrong.py").stdout.splitlines()

    assert lines[0].startswith("sums/wrong.py:2:")
    assert lines[1:3] == ["1 │ n = int(input())", "2 │ print(sum(range(n)))"]
    assert lines[3].endswith("^ expected 15, got 10")
    assert [line.split() for line in lines[5:7]] == [
        ["input", "expected", "actual"],
        ["5", "15", "10"],
    ]
    assert lines[-3:] == ["2 - print(sum(range(n)))", "2 + print(sum(range(n + 1)))", ""]


def test_files_come_in_order_whichever_is_ready_first(check: Check) -> None:
    result = check("sums/wrong.py", "sums", "--jobs", "2", "--output-format", "concise")

    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "sums/wrong.py",
        "sums/한글 😀.py",
    ]


def test_json(check: Check) -> None:
    files = {
        file["path"]: file for file in json.loads(check("--output-format", "json").stdout)["files"]
    }
    [finding] = files["sums/한글 😀.py"]["findings"]

    assert files["sums/right.py"]["findings"] == []
    assert files["sums/right.py"]["verdict"] == "accepted"
    assert finding["failing_test"]["expected"] == "15\n"
    assert finding["fix"]["verified"] is True
    [edit] = finding["fix"]["edits"]
    assert edit["start"]["line"] == 2
    assert finding["start"]["line"] == 2


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "junit", "html"])
def test_report_on_nothing_is_a_report(check: Check, folder: Path, name: str) -> None:
    (folder / "empty").mkdir()

    result = check("empty", "--output-format", name, "--endpoint", "http://127.0.0.1:9")

    assert result.returncode == 0
    assert "No Python files" in result.stderr
    if name in ("json", "sarif", "gitlab"):
        json.loads(result.stdout)
    elif name == "junit":
        assert not list(ET.fromstring(result.stdout).iter("testcase"))
    else:
        assert result.stdout.startswith("<!doctype html>")


def test_sarif(check: Check) -> None:
    output = check("--output-format", "sarif").stdout
    StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate_json(output)
    log = json.loads(output)
    [run] = log["runs"]
    results = run["results"]

    assert log["version"] == "2.1.0"
    assert len(results) == 2
    location = results[0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "sums/wrong.py", "uriBaseId": "%SRCROOT%"}
    assert run["tool"]["driver"]["rules"][results[0]["ruleIndex"]]["id"] == results[0]["ruleId"]
    assert results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "sums/%ED%95%9C%EA%B8%80%20%F0%9F%98%80.py"
    )
    assert (
        len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 2
    )
    [change] = results[0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"]


def test_sarif_without_findings_still_has_results(check: Check) -> None:
    log = json.loads(check("--output-format", "sarif", "sums/right.py").stdout)

    assert log["runs"][0]["results"] == []


def test_fingerprints_outlive_line_shifts(check: Check, folder: Path) -> None:
    def fingerprints() -> list[str]:
        issues = json.loads(check("--output-format", "gitlab").stdout)
        return [issue["fingerprint"] for issue in issues]

    before = fingerprints()
    (folder / "sums" / "wrong.py").write_text(f"# a line more\n\n{WRONG}")

    assert before == fingerprints()
    assert len(set(before)) == 2


def test_github(check: Check) -> None:
    lines = check("--output-format", "github").stdout.splitlines()

    assert len(lines) == 2
    assert lines[0].startswith("::error title=WPC (WPC")
    assert ",file=sums/wrong.py,line=2," in lines[0]


def test_junit(check: Check) -> None:
    root = ET.fromstring(check("--output-format", "junit").stdout)

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "2", "0")
    [suite] = root
    assert suite.get("name") == "sums"
    failing = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failing == ["sums/wrong.py", "sums/한글 😀.py"]


@pytest.mark.parametrize("name", ["full", "concise", "json", "sarif", "github", "gitlab", "junit"])
def test_every_format_exits_alike_and_can_go_to_a_file(
    check: Check, folder: Path, name: str
) -> None:
    result = check("--output-format", name, "--output-file", "report")

    assert result.returncode == 1
    assert result.stdout == ""
    assert "wrong.py" in (folder / "report").read_text(encoding="utf-8")


def test_colour_only_when_asked_for(check: Check) -> None:
    assert "\x1b[" not in check().stdout
    assert "\x1b[" in check("--color", "always", NO_COLOR="").stdout


def test_output_of_a_program_cannot_steer_the_terminal(check: Check, folder: Path) -> None:
    (folder / "sums" / "wrong.py").write_text("print('\\x1b[2J\\x07')\n")

    assert "\x1b" not in check("sums/wrong.py").stdout


def test_statistics(check: Check) -> None:
    result = check("--statistics", "--output-format", "concise")

    rules = [line.split()[-1] for line in result.stderr.splitlines() if "WPC" in line]
    assert rules
