"""Every rule."""

from reference.protocol.rules.rule import Rule, Wording, english, korean


def _rule(code: str, name: str, en: Wording, ko: Wording) -> Rule:
    return Rule(f"WPC{code}", name, {"en": en, "ko": ko})


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        # What a program does wrong, where no fix is known.
        _rule("001", "wrong-answer", english("Wrong answer"), korean("오답")),
        _rule("002", "runtime-error", english("Runtime error"), korean("런타임 오류")),
        _rule("003", "time-limit", english("Time limit exceeded"), korean("시간 초과")),
        _rule("004", "memory-limit", english("Memory limit exceeded"), korean("메모리 초과")),
        _rule("005", "output-limit", english("Too much output"), korean("출력 초과")),
        _rule("006", "syntax-error", english("Syntax error"), korean("문법 오류")),
        # What is wrong with it.
        _rule(
            "101",
            "comparison-operator",
            english("Wrong comparison"),
            korean("비교 연산자 오류"),
        ),
        _rule(
            "102",
            "logical-operator",
            english("Wrong logical operator"),
            korean("논리 연산자 오류"),
        ),
        _rule(
            "103",
            "incomplete-condition",
            english("Wrong condition"),
            korean("조건식 오류"),
        ),
        _rule(
            "104",
            "missing-case",
            english("Missing case", add="the case `{new}` is missing here"),
            korean(
                "경우 처리 누락",
                "`{old}` 대신 경우를 나누어 `{new}` 형태로 써야 합니다",
                "여기에 `{new}` 경우가 빠져 있습니다",
            ),
        ),
        _rule("105", "control-jump", english("Wrong jump"), korean("제어 흐름 오류")),
        _rule(
            "201",
            "arithmetic-operator",
            english("Wrong arithmetic operator"),
            korean("산술 연산자 오류"),
        ),
        _rule(
            "202",
            "division-kind",
            english("Wrong kind of division"),
            korean("나눗셈 종류 오류"),
        ),
        _rule("203", "missing-offset", english("Wrong term"), korean("계산식 항 오류")),
        _rule(
            "204",
            "modulo-or-precedence",
            english("Wrong modulus or precedence"),
            korean("나머지·우선순위 오류"),
        ),
        _rule("301", "off-by-one", english("Off by one"), korean("1 차이 오류")),
        _rule("302", "loop-bounds", english("Wrong loop bounds"), korean("반복 범위 오류")),
        _rule(
            "303",
            "index-or-slice",
            english("Wrong index or slice"),
            korean("인덱스·슬라이스 오류"),
        ),
        _rule(
            "401",
            "wrong-initial-value",
            english("Wrong initial value", "begin with `{new}`, not with `{old}`"),
            korean("초깃값 오류", "초깃값은 `{old}` 대신 `{new}` 값이어야 합니다"),
        ),
        _rule(
            "402",
            "wrong-constant",
            english("Wrong constant"),
            korean("상수 오류", "`{old}` 대신 `{new}` 값을 써야 합니다"),
        ),
        _rule(
            "403",
            "wrong-variable",
            english("Wrong variable", "`{new}` is meant here, not `{old}`"),
            korean("변수 오류", "여기에는 `{old}` 대신 `{new}` 값을 써야 합니다"),
        ),
        _rule(
            "501",
            "output-format",
            english("Wrong output"),
            korean("출력 오류"),
        ),
        _rule(
            "502",
            "input-parsing",
            english("Wrong reading of the input"),
            korean("입력 처리 오류"),
        ),
        _rule(
            "601",
            "indentation-scope",
            english("Wrong indentation", remove="`{old}` belongs in another block"),
            korean("들여쓰기 오류", remove="`{old}` 문장은 다른 블록에 있어야 합니다"),
        ),
        _rule(
            "701",
            "wrong-function",
            english("Wrong function"),
            korean("함수 오류"),
        ),
        _rule(
            "801",
            "statement-added-or-removed",
            english("Wrong statement"),
            korean(
                "문장 누락·잉여",
                add="여기에 `{new}` 문장이 빠져 있습니다",
                remove="여기에 `{old}` 문장이 없어야 합니다",
            ),
        ),
        _rule(
            "900",
            "rewrite",
            english("Several things to change", "first, `{old}` should be `{new}`"),
            korean("여러 곳 수정 필요", "먼저 `{old}` 대신 `{new}` 형태로 써야 합니다"),
        ),
    )
}
