"""Reports of an endpoint, written by hand."""

from reference.protocol import (
    Edit,
    EngineInfo,
    Failure,
    Fix,
    Position,
    Range,
    RepairReport,
    Source,
    TestSummary,
    Verdict,
)

DIGEST = "d1"
ENGINE = EngineInfo(version="1", digest=DIGEST)


def range_at(line: int, start: int, end: int) -> Range:
    return Range(start=Position(line=line, character=start), end=Position(line=line, character=end))


def failure(**changes: object) -> Failure:
    values = {
        "test": "sample-1",
        "verdict": Verdict.WRONG_ANSWER,
        "input": "5\n",
        "expected": "15\n",
        "actual": "10\n",
    }
    return Failure.model_validate(values | changes)


def fix(*edits: tuple[Range, str], **changes: object) -> Fix:
    values = {
        "edits": [Edit(range=place, new_text=text) for place, text in edits],
        "range": edits[0][0],
        "rule": "WPC301",
        "message": "Off by one: `n` should be `n + 1`",
        "source": Source.MUTATION,
        "verified": True,
        "passed": 3,
        "total": 3,
        "confidence": 0.5,
        "diff": "",
    }
    return Fix.model_validate(values | changes)


def report(*fixes: Fix, **changes: object) -> RepairReport:
    values = {
        "verdict": Verdict.WRONG_ANSWER,
        "tests": TestSummary(passed=2, total=3, first_failure=failure()),
        "fixes": fixes,
        "engine": ENGINE,
    }
    return RepairReport.model_validate(values | changes)
