"""Why nothing was judged, in the user's language: for what the real judge says."""

import re

import pytest

from reference.judge import Judge
from reference.protocol import Verdict
from reference.wpc import WPC

from .conftest import problem, request

HANGUL = re.compile("[가-힣]")
ECHO = problem(("1\n", "1\n"))


@pytest.mark.parametrize(
    ("code", "asked", "reason"),
    [
        ("print(1)", problem(), "문제에 테스트가 없습니다."),
        ("import nowhere_to_be", ECHO, "nowhere_to_be 모듈이 이곳에 설치되어 있지 않습니다."),
        (
            "print(2)",
            problem(("", "1\n"), checker={"unique": False}),
            "정답이 여러 개인 문제인데, 이를 판정하는 검사 프로그램이 없습니다.",
        ),
    ],
)
def test_korean(engine: WPC, code: str, asked: object, reason: str) -> None:
    report = engine.repair(request(code, asked, locale="ko-KR"))

    assert report.verdict is Verdict.NOT_JUDGED
    assert report.reason == reason
    english = engine.repair(request(code, asked)).reason
    assert english
    assert not HANGUL.search(english)


def test_a_judge_that_runs_nothing_says_why() -> None:
    with WPC(judge=Judge(workers=1)) as closed:
        closed.close()
        report = closed.repair(request("print(1)", ECHO, locale="ko"))

    assert report.reason == "채점기가 닫혀 아무것도 실행하지 않았습니다."


def test_a_machine_without_a_sandbox() -> None:
    with WPC(judge=Judge(workers=1, sandboxes=())) as engine:
        report = engine.repair(request("print(1)", ECHO, locale="ko"))

    assert report.reason
    assert report.reason.startswith("이 컴퓨터에서 쓸 수 있는 샌드박스가 없어")
