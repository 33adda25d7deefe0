"""How outputs and values are compared."""

import pytest

from reference.protocol import Verdict


@pytest.mark.parametrize(
    ("checker", "wanted", "printed", "same"),
    [
        ({"kind": "tokens"}, "1 2\n3", "1  2 3\n\n", True),
        ({"kind": "tokens"}, "1 2", "12", False),
        ({"kind": "tokens"}, "Yes", "yes", False),
        ({"kind": "tokens"}, "1.0", "1", False),
        ({"kind": "exact"}, "a b\nc\n", "a b  \nc", True),
        ({"kind": "exact"}, "a b\nc", "a  b\nc", False),
        ({"kind": "exact"}, "a\n\nb", "a\nb", False),
        ({"kind": "float"}, "0.333333333", "0.3333333", True),
        ({"kind": "float"}, "0.333333333", "0.3333", False),
        ({"kind": "float"}, "1000000.0", "1000000.5", True),
        ({"kind": "float", "tolerance": 1e-9}, "1000000.0", "1000000.5", False),
        ({"kind": "float"}, "3", "3.0000001", True),
        ({"kind": "float"}, "area 2.5", "area 2.50000", True),
        ({"kind": "float"}, "area 2.5", "size 2.5", False),
        ({"kind": "float"}, "1 2", "1 2 3", False),
        ({"kind": "float"}, "nan", "nan", True),
        ({"kind": "float"}, "1", "nan", False),
        ({"kind": "float"}, "1", "inf", False),
        ({"kind": "float"}, "1e-7", "0", True),
        ({"kind": "float"}, "1000", "1_000", False),
    ],
)
def test_outputs(check, checker, wanted, printed, same):
    judgement = check(f"print({printed!r})", wanted=wanted, checker=checker)
    assert judgement.accepted == same


PAIRS = """
import json, sys
data = json.load(sys.stdin)
try:
    a, b = map(int, data["actual"].split())
except ValueError:
    print("two numbers are needed")
else:
    print("accepted" if a + b == int(data["input"]) else f"{a} + {b} is not {data['input']}")
"""


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("3 7", Verdict.ACCEPTED),
        ("10 0", Verdict.ACCEPTED),
        ("3 8", Verdict.WRONG_ANSWER),
        ("accepted", Verdict.WRONG_ANSWER),
    ],
)
def test_a_program_decides(check, printed, verdict):
    checker = {"kind": "program", "program": PAIRS}
    assert check(f"print({printed!r})", "10", "5 5", checker=checker).verdict is verdict


@pytest.mark.parametrize("program", ["raise ValueError('bad')", "if:", "import os; os._exit(1)"])
def test_a_broken_checker_is_no_fault_of_the_program(check, program):
    judgement = check("print(1)", checker={"kind": "program", "program": program})
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "checker" in judgement.reason


def test_the_checker_is_confined(check):
    program = "import os\ntry: os.listdir('/root')\nexcept OSError: print('accepted')"
    program += "\nelse: print('accepted' if len(os.listdir('/root')) < 2 else 'escaped')"
    assert check("print(1)", checker={"kind": "program", "program": program}).accepted


@pytest.mark.parametrize(
    ("value", "wanted", "same"),
    [
        ("[1, 2]", "[1, 2]", True),
        ("(1, 2)", "[1, 2]", False),
        ("[1, (2, 3)]", "[1, [2, 3]]", False),
        ("{1, 2}", "{2, 1}", True),
        ("{1, 2}", "frozenset({2, 1})", False),
        ("{'a': [1], 'b': 2}", "{'b': 2, 'a': [1]}", True),
        ("{'a': (1,)}", "{'a': [1]}", False),
        ("dict.fromkeys('ab', 0)", "{'a': 0, 'b': 0}", True),
        ("__import__('collections').Counter('aab')", "{'a': 2, 'b': 1}", True),
        ("1 == 1", "1", True),
        ("1", "1.0", True),
        ("'1'", "1", False),
        ("None", "None", True),
        ("0", "None", False),
        ("10**5000", "10**5000", True),
        ("0.1 + 0.2", "0.3", False),
        ("float('nan')", "float('nan')", True),
        ("'가\\ud800'", "'가\\ud800'", True),
        ("b'x'", "b'x'", True),
        ("1 + 2j", "1 + 2j", True),
        ("__import__('fractions').Fraction(1, 2)", "__import__('fractions').Fraction(2, 4)", True),
    ],
)
def test_values(check, value, wanted, same):
    judgement = check(f"def f():\n    return {value}", "f()", wanted, entry="function")
    assert judgement.verdict is (Verdict.ACCEPTED if same else Verdict.WRONG_ANSWER)


def test_values_within_a_tolerance(check):
    options = {"entry": "function", "checker": {"kind": "float"}}
    assert check("def f(): return [0.1 + 0.2, 1]", "f()", "[0.3, 1]", **options).accepted
    assert not check("def f(): return [0.31]", "f()", "[0.3]", **options).accepted


def test_the_output_of_a_function_entry_is_the_value(check):
    program = "print('debugging')\ndef double(text):\n    print(text)\n    return text * 2"
    judgement = check(program, "double('ab')", "'abab'", entry="function")
    assert judgement.accepted
    assert judgement.runs[0].run.output == "'abab'"


def test_a_prelude_gives_names(check):
    prelude = """
class Node:
    def __init__(self, value, rest=None):
        self.value = value
        self.rest = rest

def chain(*values):
    return Node(values[0], chain(*values[1:])) if values else None
"""
    program = """
def reverse(node):
    result = None
    while node:
        result = Node(node.value, result)
        node = node.rest
    return result
"""
    options = {"entry": "function", "prelude": prelude}
    assert check(program, "reverse(chain(1, 2, 3))", "chain(3, 2, 1)", **options).accepted
    assert not check(program, "reverse(chain(1, 2, 3))", "chain(3, 1, 2)", **options).accepted


def test_a_function_that_fails(check):
    judgement = check("def f(x):\n    return 1 // x", "f(0)", "1", entry="function")
    assert judgement.verdict is Verdict.RUNTIME_ERROR
    assert judgement.runs[0].run.line == 1
    judgement = check("def g(): pass", "f(0)", "1", entry="function")
    assert judgement.verdict is Verdict.RUNTIME_ERROR
    assert "'f' is not defined" in judgement.runs[0].run.stderr


def test_the_program_does_not_see_what_is_expected(check):
    program = """
class Same:
    def __eq__(self, other):
        return True
    __hash__ = None

def f():
    return Same()
"""
    assert not check(program, "f()", "41", entry="function").accepted
    assert not check("def f(): raise SystemExit(0)", "f()", "None", entry="function").accepted


def test_a_value_that_holds_itself(check):
    judgement = check("x = []\nx.append(x)\ndef f(): return x", "f()", "[]", entry="function")
    assert judgement.verdict is Verdict.RUNTIME_ERROR


def test_an_expected_value_that_has_none(check):
    judgement = check("def f(): return 1", "f()", "nosuchname", entry="function")
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "only" in judgement.reason
