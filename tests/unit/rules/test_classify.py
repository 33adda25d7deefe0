import pytest

from reference.edits import Program
from reference.protocol.rules import RULES
from reference.rules import classify


@pytest.mark.parametrize(
    ("before", "after", "rule", "message"),
    [
        ("if a < b: pass", "if a <= b: pass", "WPC101", "`a < b` should be `a <= b`"),
        ("if a and b: pass", "if a or b: pass", "WPC102", "`a and b` should be `a or b`"),
        ("if a: pass", "if a and b > 0: pass", "WPC103", "`a` should be `a and b > 0`"),
        ("x = 1", "x = 1\nif x: pass", "WPC104", "`if x: pass` is missing here"),
        ("for i in x:\n  break", "for i in x:\n  continue", "WPC105", "`break` should be"),
        ("x = a + b", "x = a - b", "WPC201", "`a + b` should be `a - b`"),
        ("x += 1", "x -= 1", "WPC201", "`x += 1` should be `x -= 1`"),
        ("x = a / b", "x = a // b", "WPC202", "`a / b` should be `a // b`"),
        ("x = a", "x = a + 1", "WPC203", "`a` should be `a + 1`"),
        ("x = a", "x = a % 7", "WPC204", "`a` should be `a % 7`"),
        ("x = a + b * c", "x = (a + b) * c", "WPC204", "`a + b * c` should be"),
        (
            "for i in range(n): pass",
            "for i in range(n + 1): pass",
            "WPC301",
            "`n` should be `n + 1`",
        ),
        ("for i in range(n): pass", "for i in range(2, n): pass", "WPC302", "`range(n)` should be"),
        ("x = a[0]", "x = a[-1]", "WPC303", "`0` should be `-1`"),
        ("x = a[1:]", "x = a[2:]", "WPC301", "`1` should be `2`"),
        ("x = 0\nprint(x)", "x = 5\nprint(x)", "WPC401", "`0` should be `5`"),
        ("print(x * 3)", "print(x * 7)", "WPC402", "`3` should be `7`"),
        ("print(a)", "print(b)", "WPC403", "`a` should be `b`"),
        ("print('yes')", "print('Yes')", "WPC501", "`'yes'` should be `'Yes'`"),
        ("print(x)", "print(*x)", "WPC501", "`x` should be `*x`"),
        ("n = input()", "n = int(input())", "WPC502", "`input()` should be `int(input())`"),
        (
            "for i in x:\n  a()\n  b()",
            "for i in x:\n  a()\nb()",
            "WPC601",
            "Wrong indentation",
        ),
        ("x = max(a)", "x = min(a)", "WPC701", "`max` should be `min`"),
        ("x = 1\ny = 2", "x = 1", "WPC801", "`y = 2` should not be here"),
        ("a = 1\nb = 1\nc = 1\nd = 1", "a = 2\nb = 2\nc = 2\nd = 2", "WPC900", "3 more changes"),
    ],
)
def test_an_edit_falls_under_its_rule(before: str, after: str, rule: str, message: str) -> None:
    finding = classify(Program(before), Program(after))
    assert finding.rule == rule
    text = finding.message("en")
    assert text.startswith(RULES[rule].title("en"))
    assert message in text


def test_the_span_is_the_smallest_wrong_part() -> None:
    before = "n = 3\nfor i in range(1, n):\n    print(i)\n"
    finding = classify(Program(before), Program(before.replace("n)", "n + 1)")))
    assert finding.span is not None
    start, end = finding.span
    assert before[start:end] == "n"
    assert before.count("\n", 0, start) == 1


@pytest.mark.parametrize(
    ("locale", "start"),
    [("ko", "비교 연산자 오류: `a < b` 대신"), ("ko-KR", "비교"), ("fr", "Wrong comparison: ")],
)
def test_messages_come_in_the_users_language_or_in_english(locale: str, start: str) -> None:
    finding = classify(Program("a < b"), Program("a > b"))
    assert finding.message(locale).startswith(start)


def test_every_rule_has_a_title_in_both_languages() -> None:
    assert all(rule.titles.keys() == {"en", "ko"} for rule in RULES.values())
    assert all(code == rule.code for code, rule in RULES.items())
