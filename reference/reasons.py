"""Why nothing was judged, in the user's language.

Reasons arise in English, deep in the judge, where nobody knows the user; they are known here by
their texts.
"""

import re
from string import Formatter

from reference.judge.judge import CLOSED, NO_SANDBOX, NO_TESTS
from reference.judge.session import NO_MODULE, OUT_OF_TIME, SEVERAL_ANSWERS
from reference.protocol.languages import language_of

OTHER_ANSWERS = (
    "More than one answer is right for this problem: its accepted programs print others than its "
    "tests expect. It needs a checker program."
)
NOT_ALLOWED = "Running was not allowed."
TOO_DEEP = "The program's expressions are nested too deeply to look for a fix."

REASONS: dict[str, dict[str, str]] = {
    "ko": {
        NO_TESTS: "문제에 테스트가 없습니다.",
        OUT_OF_TIME: "모든 테스트를 실행하기 전에 정해진 시간이 끝났습니다.",
        SEVERAL_ANSWERS: "정답이 여러 개인 문제인데, 이를 판정하는 검사 프로그램이 없습니다.",
        OTHER_ANSWERS: (
            "정답이 여러 개인 문제입니다. 정답으로 인정된 프로그램들이 테스트의 기대 출력과 다른 "
            "답을 출력합니다. 검사 프로그램이 필요합니다."
        ),
        NO_MODULE: "{module} 모듈이 이곳에 설치되어 있지 않습니다.",
        NO_SANDBOX: (
            "이 컴퓨터에서 쓸 수 있는 샌드박스가 없어 아무것도 실행하지 않았습니다 ({tried}). "
            "사용자 네임스페이스나 Landlock을 허용하거나, 다른 컴퓨터의 엔드포인트를 사용하세요."
        ),
        CLOSED: "채점기가 닫혀 아무것도 실행하지 않았습니다.",
        NOT_ALLOWED: "실행이 허용되지 않았습니다.",
        TOO_DEEP: "식이 너무 깊게 중첩되어 있어 고칠 곳을 찾지 않았습니다.",
    }
}


def in_language(reason: str, locale: str) -> str:
    """Return a reason in a language; what is not known in it stays as it is."""
    for template, translation in REASONS.get(language_of(locale), {}).items():
        if found := _pattern(template).fullmatch(reason):
            return translation.format(**found.groupdict())
    return reason


def _pattern(template: str) -> re.Pattern[str]:
    parts = Formatter().parse(template)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.*)" if name else "") for text, name, *_ in parts),
        re.DOTALL,
    )
