"""The rules: what kinds of error there are, and what they are called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of error.

    Parameters
    ----------
    code
        Such as `WPC301`.
    name
        Such as `off-by-one`.
    titles
        A few words for a message, by language.
    """

    code: str
    name: str
    titles: dict[str, str]

    def title(self, locale: str = "en") -> str:
        """Return the title in a language, or else in English."""
        return self.titles.get(locale.replace("_", "-").split("-")[0].lower(), self.titles["en"])


def _rule(code: str, name: str, en: str, ko: str) -> Rule:
    return Rule(f"WPC{code}", name, {"en": en, "ko": ko})


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        # What a program does wrong, where no fix is known.
        _rule("001", "wrong-answer", "Wrong answer", "오답"),
        _rule("002", "runtime-error", "Runtime error", "런타임 오류"),
        _rule("003", "time-limit", "Time limit exceeded", "시간 초과"),
        _rule("004", "memory-limit", "Memory limit exceeded", "메모리 초과"),
        _rule("005", "output-limit", "Too much output", "출력 초과"),
        _rule("006", "syntax-error", "Syntax error", "문법 오류"),
        # What is wrong with it.
        _rule("101", "comparison-operator", "Wrong comparison", "비교 연산자 오류"),
        _rule("102", "logical-operator", "Wrong logical operator", "논리 연산자 오류"),
        _rule("103", "incomplete-condition", "Wrong condition", "조건식 오류"),
        _rule("104", "missing-case", "Missing case", "경우 처리 누락"),
        _rule("105", "control-jump", "Wrong jump", "제어 흐름 오류"),
        _rule("201", "arithmetic-operator", "Wrong arithmetic operator", "산술 연산자 오류"),
        _rule("202", "division-kind", "Wrong kind of division", "나눗셈 종류 오류"),
        _rule("203", "missing-offset", "Wrong term", "계산식 항 오류"),
        _rule("204", "modulo-or-precedence", "Wrong modulus or precedence", "나머지·우선순위 오류"),
        _rule("301", "off-by-one", "Off by one", "1 차이 오류"),
        _rule("302", "loop-bounds", "Wrong loop bounds", "반복 범위 오류"),
        _rule("303", "index-or-slice", "Wrong index or slice", "인덱스·슬라이스 오류"),
        _rule("401", "wrong-initial-value", "Wrong initial value", "초깃값 오류"),
        _rule("402", "wrong-constant", "Wrong constant", "상수 오류"),
        _rule("403", "wrong-variable", "Wrong variable", "변수 오류"),
        _rule("501", "output-format", "Wrong output format", "출력 형식 오류"),
        _rule("502", "input-parsing", "Wrong reading of the input", "입력 처리 오류"),
        _rule("601", "indentation-scope", "Wrong indentation", "들여쓰기 오류"),
        _rule("701", "wrong-function", "Wrong function", "함수 오류"),
        _rule("801", "statement-added-or-removed", "Wrong statement", "문장 누락·잉여"),
        _rule("900", "rewrite", "Several things to change", "여러 곳 수정 필요"),
    )
}

__all__ = ["RULES", "Rule"]
