from string import Formatter

import pytest

from reference.edits import Program
from reference.protocol.languages import LANGUAGES
from reference.protocol.rules import RULES
from reference.rules import classify


@pytest.mark.parametrize(
    ("before", "after", "rule", "message"),
    [
        ("if a < b: pass", "if a <= b: pass", "WPC101", "`a < b` should be `a <= b`"),
        ("if a[0] < b: pass", "if b < a[0]: pass", "WPC101", "should be `b < a[0]`"),
        ("x = a[0]", "x = a[1]", "WPC303", "`0` should be `1`"),
        ("x = a[i]", "x = a[i + 1]", "WPC301", "`i` should be `i + 1`"),
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
        ("x = 0\nprint(x)", "x = 5\nprint(x)", "WPC401", "begin with `5`, not with `0`"),
        ("print(x * 3)", "print(x * 7)", "WPC402", "`3` should be `7`"),
        ("print(a)", "print(b)", "WPC403", "`b` is meant here, not `a`"),
        ("print('yes')", "print('Yes')", "WPC501", "`'yes'` should be `'Yes'`"),
        ("print(x)", "print(*x)", "WPC501", "`x` should be `*x`"),
        ("n = input()", "n = int(input())", "WPC502", "`input()` should be `int(input())`"),
        (
            "for i in x:\n  a()\n  b()",
            "for i in x:\n  a()\nb()",
            "WPC601",
            "`b()` belongs in another block",
        ),
        ("x = max(a)", "x = min(a)", "WPC701", "`max` should be `min`"),
        ("x = 1\ny = 2", "x = 1", "WPC801", "`y = 2` should not be here"),
        ("print(m)", "print(m if m < 99 else -1)", "WPC104", "`m` should be `m if m < 99"),
        (
            "if a: b()\nelse: print(0)",
            "if a: b()\nelif c: d()\nelse: print(0)",
            "WPC104",
            "`elif c: d()` is missing here",
        ),
        ("print(a)", "if b: print(a)", "WPC104", "the case `if b: print(a)` is missing here"),
        ("if b: print(a)", "print(a)", "WPC103", "`if b: print(a)` should be `print(a)`"),
        (
            "print(a)",
            "for b in a:\n  if b:\n    c()\n  else:\n    d()\n  e()",
            "WPC900",
            "first, `print(a)` should be `for b in a:`",
        ),
        ("def f():\n  exit()", "def f():\n  return", "WPC105", "`exit()` should be `return`"),
        ("h = int(m / 2)", "h = m // 2", "WPC202", "`int(m / 2)` should be `m // 2`"),
        ("m = max(a, b) + 1", "m = max(a, b + 1)", "WPC204", "should be `max(a, b + 1)`"),
        ("print(f(g(n)) + h(n))", "print(f(g(n) + h(n)))", "WPC204", "should be `f(g(n) + h(n))`"),
        ("x = a[i:i + k + 1]", "x = a[i:i + k]", "WPC301", "`i + k + 1` should be `i + k`"),
        ("y = a[n - i]", "y = a[n - i - 1]", "WPC301", "`n - i` should be `n - i - 1`"),
        ("a[-1] += b", "a[i + 1] += b", "WPC303", "`-1` should be `i + 1`"),
        ("if c % 2 == 1: pass", "if c % 2 == 0: pass", "WPC402", "`1` should be `0`"),
        ("best = 0\nf(best)", "best = a[0]\nf(best)", "WPC401", "begin with `a[0]`"),
        ("s[r] -= -1", "s[r] -= 1", "WPC402", "`-1` should be `1`"),
        ("MOD = 97\nf(MOD)", "MOD = 101\nf(MOD)", "WPC402", "`97` should be `101`"),
        ("v = INF\nf(v)", "v = d[0][0]\nf(v)", "WPC401", "begin with `d[0][0]`"),
        ("v = d[0]\nf(v)", "v = 0\nf(v)", "WPC401", "begin with `0`, not with `d[0]`"),
        ("f(input())", "print(f(input()))", "WPC501", "should be `print(f(input()))`"),
        ("print(a)", "print(' '.join(a))", "WPC501", "`a` should be `' '.join(a)`"),
        ("low = top\nf(low)", "low = 0\nf(low)", "WPC401", "begin with `0`"),
        ("i = max(1, k)", "i = min(max(1, k), n)", "WPC701", "`max(1, k)` should be `min("),
        ("print(a if b else c)", "print(c)", "WPC103", "`a if b else c` should be `c`"),
        ("if s == 'no': pass", "if s == 'NO': pass", "WPC402", "`'no'` should be `'NO'`"),
        ("dp = [0] * n\nf(dp)", "dp = [1] * n\nf(dp)", "WPC401", "begin with `1`, not with `0`"),
        ("d = [0 for _ in a]\nf(d)", "d = [9 for _ in a]\nf(d)", "WPC401", "begin with `9`"),
        ("d = {0: 0, 1: 0}\nf(d)", "d = {0: 1, 1: 0}\nf(d)", "WPC401", "begin with `1`"),
        ("p = [6, 3, 5]\nf(p)", "p = [7, 3, 5]\nf(p)", "WPC402", "`6` should be `7`"),
        ("a[k] = b([0])\nf(p)", "a[k] = b([1])\nf(p)", "WPC402", "`0` should be `1`"),
        ("key = 'ABC'\nf(key)", "key = 'ACB'\nf(key)", "WPC402", "`'ABC'` should be `'ACB'`"),
        ("f('yes')", "f('Yes')", "WPC501", "`'yes'` should be `'Yes'`"),
        ("a + b", "print(a + b)", "WPC501", "`a + b` should be `print(a + b)`"),
        ("r += n - k", "r += len(b) - k", "WPC403", "`len(b)` is meant here"),
        ("d[i] = d[j]", "d[i] = max(d[i], d[j])", "WPC701", "`d[j]` should be `max("),
        ("a.append([k])", "a.append([k, k + 1])", "WPC203", "`[k]` should be `[k, k + 1]`"),
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


def test_every_rule_is_worded_alike_in_every_language() -> None:
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.wordings.keys() == set(LANGUAGES)
        for wording in rule.wordings.values():
            assert placeholders(wording.replace) == {"old", "new"}
            assert placeholders(wording.add) == {"new"}
            assert placeholders(wording.remove) == {"old"}
            assert placeholders(wording.more) == {"count"}


def test_what_looks_the_same_is_not_quoted() -> None:
    before = 'f("""\na""")'
    finding = classify(Program(before), Program(before.replace("a", "b")))
    assert finding.message() == "Wrong constant"


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
