"""Many programs in one process: what is rejected, and that none spoils it for the others."""

import random
import re
import textwrap
import time

import pytest

from reference.judge import Judge, Screening
from reference.protocol import Checker, CheckerKind, Entry, Problem, Test, Verdict

DOUBLE = Problem(
    time_limit_s=0.2,
    memory_limit_mib=128,
    tests=(Test(name="one", input="21\n", output="42\n"),),
)
RIGHT = "print(int(input()) * 2)"
WRONG = "print(int(input()) + 2)"
ENDLESS = "while True: pass"

WAYS_TO_BE_RIGHT = [
    RIGHT,
    "import sys\nfor line in sys.stdin: print(int(line) * 2)",
    "import sys\nsys.stdout.write(str(int(sys.stdin.buffer.readline()) * 2))",
    "print(int(open(0).read()) * 2)",
    "print(int(open('/dev/stdin').read()) * 2)",
    "import os\nos.write(1, b'%d' % (int(os.read(0, 100)) * 2))",
    "import io, os\ninput = io.BytesIO(os.read(0, 10**6)).readline\nprint(int(input()) * 2)",
    "import io, sys\nsys.stdin = io.StringIO('21')\nprint(int(input()) * 2)",
    "out = open(1, 'w')\nout.write('42')",
    "def main():\n    out = open('/dev/stdout', 'w')\n    out.write('42')\nmain()",
    "import sys\nprint(42)\nsys.exit()",
    "print(42)\nquit()\nprint(43)",
    "import sys, os\nprint(42)\nsys.stdout.flush()\nos._exit(0)",
    "import atexit\natexit.register(print, 42)",
    "import threading\nthreading.Thread(target=print, args=(42,)).start()",
    "import sys\nsys.setrecursionlimit(10**7)\nf = lambda n: n and 1 + f(n - 1)\n"
    "print(f(20_000) - 19_958)",
    "import sys\nprint(42)\nsys.stdin.close()\nsys.stdout.close()",
    "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"
    "if __name__ == '__main__': print(A(42).x)",
]  # fmt: skip

WAYS_TO_BE_WRONG = [
    WRONG,
    "",
    "if",
    "1 / 0",
    "print(42)\n1 / 0",
    "print(42)\nexit(3)",
    "print(42)\nexit('no')",
    "print(42, flush=True)\nimport os\nos._exit(1)",
    "print(42, flush=True)\nimport os\nos.abort()",
    "import ctypes\nprint(42, flush=True)\nctypes.string_at(0)",
    "import sys\nsys.setrecursionlimit(10**9)\nf = lambda x: sorted([x], key=f)\nf(1)",
    "def f(n): return f(n + 1)\nf(0)",
    "import nosuchmodule",
    "while True:\n    print('spam' * 1000)",
    "print('spam' * 10**6)",
    "import os\nwhile True:\n    os.write(1, bytes(1 << 16))",
    "x = [0] * 10**10",
    "x = []\nwhile True: x.append(bytes(1 << 20))",
    ENDLESS,
    "while True:\n    try:\n        while True: pass\n    except: pass",
    "import time\ntime.sleep(60)",
    "import os, time\nfor fd in range(64):\n    try: os.close(fd)\n    except OSError: pass\n"
    "time.sleep(60)",
]

SPOILERS = [
    "import builtins\nbuiltins.print = builtins.input = None",
    "import builtins\ndel builtins.int, builtins.open",
    "import sys\nsys.stdin = sys.stdout = sys.__stdout__ = None",
    "import os\nfor fd in range(3): os.close(fd)",
    "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'spam' * 100)\n"
    "    except OSError: pass",
    "import os\nos.ftruncate(1, 0)\nopen(0, 'w').write('7')",
    "import os\nos.dup2(1, 0)\nos.lseek(1, 1000, 0)",
    "import sys\nsys.modules.clear()\nsys.path.clear()",
    "import sys\nsys.settrace(lambda *a: 1 / 0)",
    "import sys\nsys.setrecursionlimit(30)",
    "import os\nos.read = os.write = os.lseek = None",
    "import json, gc\njson.dumps = gc.collect = None",
    "import threading, time\n"
    "threading.Thread(target=lambda: [print(7, flush=True) for _ in iter(int, 1)], daemon=True)"
    ".start()",
    "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)",
    "import atexit\nclass A:\n    def __del__(self): print('late')\na = A()\na.a = a",
    "import io\nclass A: pass\na = A()\na.a, a.file = a, open(1, 'w')",
    "import random\nrandom.seed(1)\nrandom.random = None",
    "import os\nfor i in range(40): os.open('/dev/null', 0)",
    "try: open('math.py', 'w').write('1 / 0')\nexcept OSError: pass",
    "x = bytearray(100 << 20)\nimport sys\nsys.kept = x",
]  # fmt: skip


MAY_PASS = (Screening.PASSES, Screening.UNKNOWN)


def screened(judge: Judge, programs: list[str], problem: Problem = DOUBLE) -> list[bool]:
    """What screening says of each program, on the problem's one test."""
    found = dict(judge.screen(programs, problem, problem.tests[:1]))
    return [found[index] in MAY_PASS for index in range(len(programs))]


def test_what_is_right_may_pass(judge):
    found = screened(judge, WAYS_TO_BE_RIGHT)
    assert [p for p, may in zip(WAYS_TO_BE_RIGHT, found, strict=True) if not may] == []


def test_what_is_wrong_is_rejected(judge):
    found = screened(judge, WAYS_TO_BE_WRONG)
    assert [p for p, may in zip(WAYS_TO_BE_WRONG, found, strict=True) if may] == []


def test_what_stops_the_process_stops_no_other_program(judge):
    mixed = [p for wrong in WAYS_TO_BE_WRONG for p in (RIGHT, wrong, WRONG, RIGHT)]
    wanted = [True, False, False, True] * len(WAYS_TO_BE_WRONG)
    assert screened(judge, mixed) == wanted


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_a_program_does_not_spoil_it_for_the_next(judge, spoiler):
    found = screened(judge, [spoiler, RIGHT, WRONG] * 4)
    assert found[1::3] == [True] * 4
    assert found[2::3] == [False] * 4


def test_settings_of_one_program_are_not_those_of_the_next(judge):
    coarse = (
        "from decimal import Decimal, getcontext\ngetcontext().prec = 1\nprint(Decimal(84) / 2)"
    )
    fine = "from decimal import Decimal\nprint(Decimal(84) / 2)"
    deep = (
        "import sys\nsys.setrecursionlimit(3000)\nf = lambda n: n and f(n - 1)\nprint(f(2000) + 42)"
    )
    shallow = deep.replace("sys.setrecursionlimit(3000)", "")
    chance = "import random\nrandom.seed(5)\nprint(random.random())"
    found = screened(judge, [coarse, fine, deep, shallow, chance, RIGHT])
    assert found == [False, True, True, False, False, True]


def test_forged_reports_reject_no_program_of_another_process(judge):
    forged = (
        "import gc, mmap, os\nfor o in gc.get_objects():\n    pass\n"
        "import ctypes, sys\nfor m in [o for o in gc.get_objects() if type(o) is mmap.mmap]:\n"
        "    m[:] = b'\\xff' * len(m)\n"
        "for f in list(sys._current_frames().values()):\n    while f:\n"
        "        ledger = getattr(f.f_locals.get('self'), '_ledger', None)\n"
        "        if ledger: ledger._shared[:] = b'\\xff' * len(ledger._shared)\n"
        "        f = f.f_back\nos._exit(0)"
    )
    assert len(screened(judge, [forged] * 10)) == 10
    assert screened(judge, [WRONG, RIGHT]) == [False, True]
    assert judge.judge(RIGHT, DOUBLE).accepted


MUTABLE = re.compile(r"\b\d+\b|[-+<]|\b(?:i|j|n|low|high|total|best|seen)\b")
REPLACEMENTS = ("0", "1", "2", "<=", ">", "+", "-", "*", "i", "n", "low", "total", "None")
PROGRAMS = {
    "3 9\n": """
        import sys
        n, high = map(int, sys.stdin.readline().split())
        total = 0
        for i in range(1, high + 1):
            if i % n == 0:
                total += i
        print(total)
        """,
    "5\n3 1 4 1 5\n": """
        n = int(input())
        best = list(map(int, input().split()))
        for i in range(n):
            for j in range(n - 1 - i):
                if best[j + 1] < best[j]:
                    best[j], best[j + 1] = best[j + 1], best[j]
        print(*best)
        """,
    "30 17\n": """
        from collections import deque
        n, high = map(int, input().split())
        seen = {0: 0}
        todo = deque([0])
        while todo:
            i = todo.popleft()
            for j in (i + 1, i * 2 + 1):
                if j not in seen and j < n:
                    seen[j] = seen[i] + 1
                    todo.append(j)
        print(seen[high])
        """,
    "1000 97\n": """
        import sys
        sys.setrecursionlimit(5000)
        def total(low, high):
            if high < 2:
                return 1
            return total(low - 1, high - 1) + 1
        n, high = map(int, input().split())
        print(total(n, high) + 2)
        """,
}


def mutants(program: str, count: int) -> list[str]:
    """The program, and others that differ from it in one token."""
    chance = random.Random(program)
    places = list(MUTABLE.finditer(program))
    made = [program]
    for place in chance.choices(places, k=count):
        made.append(program[: place.start()] + chance.choice(REPLACEMENTS) + program[place.end() :])
    return made


@pytest.mark.parametrize("given", PROGRAMS)
def test_screening_agrees_with_judging(judge, given):
    programs = mutants(textwrap.dedent(PROGRAMS[given]), 100)
    problem = Problem(time_limit_s=0.3)
    (answer,) = judge.run_all(programs[0], problem, [given])
    tests = (Test(name="one", input=given, output=answer.output),)
    problem = problem.model_copy(update={"tests": tests})
    judged = dict(judge.judge_all(programs, problem))
    found = screened(judge, programs, problem)
    assert found[0]
    assert found.count(False) > 50
    wrong = [
        programs[index]
        for index, may in enumerate(found)
        if may != judged[index].accepted and judged[index].verdict is not Verdict.TIME_LIMIT
    ]
    assert wrong == []


def test_functions(judge):
    problem = Problem(
        entry=Entry.FUNCTION,
        prelude="class Node:\n    def __init__(self, value): self.value = value",
        tests=(Test(name="one", input="value(Node([3, 1]))", output="[1, 3]"),),
        time_limit_s=0.5,
    )
    programs = [
        "def value(node):\n    return sorted(node.value)",
        "def value(node):\n    return node.value",
        "def value(node):\n    print('spam')\n    node.value.sort()\n    return node.value",
        "def value(node):\n    return tuple(sorted(node.value))",
        "def values(node):\n    return [1, 3]",
        "import os\nos._exit(0)",
        "def value(node):\n    while True: pass",
        "Node = None\ndef value(node):\n    return [1, 3]",
        "class Node:\n    def __init__(self, v): pass\ndef value(node):\n    return [1, 3]",
        "def value(node):\n    return node",
    ]
    wanted = [judge.judge(program, problem).accepted for program in programs]
    assert wanted == [True, False, True, False, False, False, False, False, True, False]
    assert screened(judge, programs, problem) == wanted


@pytest.mark.parametrize(
    ("checker", "printed", "may_pass"),
    [
        (Checker(kind=CheckerKind.EXACT), "'42'", True),
        (Checker(kind=CheckerKind.EXACT), "' 42'", False),
        (Checker(kind=CheckerKind.FLOAT), "41.9999999", True),
        (Checker(kind=CheckerKind.FLOAT), "41.9", False),
        (Checker(unique=False), "41", False),
        (Checker(kind=CheckerKind.PROGRAM, program="print('no')"), "41", True),
        (Checker(kind=CheckerKind.PROGRAM, program="print('accepted')"), "1 / 0", False),
    ],
)
def test_checkers(judge, checker, printed, may_pass):
    problem = DOUBLE.model_copy(update={"checker": checker})
    assert screened(judge, [f"print({printed})"] * 2, problem) == [may_pass] * 2


def test_large_input_and_output(judge):
    given = "".join(f"{n}\n" for n in range(200_000))
    test = Test(name="large", input=given, output=given)
    problem = Problem(time_limit_s=10)
    programs = ["import sys\nprint(sys.stdin.read())", "print(*range(200_000))", WRONG] * 3
    found = dict(judge.screen(programs, problem, [test]))
    passes, fails = Screening.PASSES, Screening.FAILS
    assert [found[index] for index in range(9)] == [passes, passes, fails] * 3


def test_nothing_to_screen(judge):
    assert list(judge.screen([], DOUBLE, DOUBLE.tests)) == []


def test_answers_come_at_a_deadline(judge):
    problem = DOUBLE.model_copy(update={"time_limit_s": 20.0})
    deadline = time.monotonic() + 0.3
    found = dict(judge.screen([ENDLESS] * 100, problem, problem.tests, deadline=deadline))
    assert found == dict.fromkeys(range(100), Screening.UNKNOWN)
    assert screened(judge, [RIGHT, WRONG]) == [True, False]


def test_slow_programs_are_told_apart(judge):
    found = dict(judge.screen([ENDLESS, RIGHT, WRONG] * 3, DOUBLE, DOUBLE.tests))
    slow, passes, fails = Screening.SLOW, Screening.PASSES, Screening.FAILS
    assert [found[index] for index in range(9)] == [slow, passes, fails] * 3


def test_a_slow_program_that_is_in_time_may_pass(judge):
    problem = DOUBLE.model_copy(update={"time_limit_s": 2.0})
    slow = f"import time\nwhile time.process_time() < 0.7: pass\n{RIGHT}"
    assert screened(judge, [slow, WRONG, slow, RIGHT], problem) == [True, False, True, True]


LOOPS = [
    "while True:\n    x = 1",
    "def f():\n    while True:\n        yield 1\nfor x in f(): x",
    "def f(n):\n    return n < 0 or f(n - 1) and f(n - 1)\nf(60)",
    "import sys\nn = int(input())\nwhile n:\n    if n > 0:\n        n += 1",
    "x = [1]\nfor y in x:\n    x.append(y)",
    "sum(1 for x in iter(int, 1))",
]


def test_too_many_steps_end_a_program_long_before_its_time(judge):
    problem = DOUBLE.model_copy(update={"time_limit_s": 30.0})
    quick = f"for i in range(5000):\n    pass\n{RIGHT}"
    assert screened(judge, [quick], problem) == [True]
    programs = [program for loop in (*LOOPS, quick) for program in (loop, RIGHT, WRONG)]
    found = dict(judge.screen(programs, problem, problem.tests, steps={"one": 1000}))
    slow, passes, fails = Screening.SLOW, Screening.PASSES, Screening.FAILS
    assert [found[index] for index in range(21)] == [slow, passes, fails] * 7


def test_a_program_that_catches_the_end_of_its_steps_is_slow(judge):
    caught = "try:\n    while True:\n        x = 1\nexcept BaseException: print(42)"
    found = dict(judge.screen([caught, RIGHT], DOUBLE, DOUBLE.tests, steps={"one": 100}))
    assert found == {0: Screening.SLOW, 1: Screening.PASSES}


def test_steps_change_no_depth_of_recursion(judge):
    deep = "f = lambda n: n and f(n - 1)\nprint(f({}) + 42)"
    programs = [deep.format(depth) for depth in (900, 980, 990, 1100)]
    judged = [judge.judge(program, DOUBLE).accepted for program in programs]
    found = dict(judge.screen(programs, DOUBLE, DOUBLE.tests, steps={"one": 10_000}))
    assert [found[index] is Screening.PASSES for index in range(4)] == judged


SEVERAL = DOUBLE.model_copy(
    update={
        "tests": tuple(
            Test(name=str(n), input=f"{n}\n" * size, output=f"{2 * n}\n")
            for n, size in ((21, 1), (4, 3), (0, 1), (700, 50))
        )
    }
)


def test_several_tests(judge):
    programs = [
        RIGHT,
        WRONG,
        "n = int(input())\nif n: print(2 * n)",
        "n = int(input())\nprint(2 * n if n < 700 else n)",
        "import sys\nprint(int(sys.stdin.read().split()[-1]) * 2)",
        "n = int(input())\nassert n\nprint(n * 2)",
        f"{RIGHT}\nimport math\nmath.pi = 3",
        f"{RIGHT}\nimport sys, os\nsys.stdout.flush()\nos._exit(0)",
        "n = int(input())\nwhile n == 700: pass\nprint(2 * n)",
        "open('/dev/stdin', 'r+').write('7')",
    ] * 3
    found = dict(judge.screen(programs, SEVERAL, SEVERAL.tests))
    passes, fails, unknown = Screening.PASSES, Screening.FAILS, Screening.UNKNOWN
    wanted = [passes, fails, fails, fails, passes, fails, unknown, unknown, Screening.SLOW, fails]
    assert [found[index] for index in range(30)] == wanted * 3


def test_leaving_early_frees_the_workers(judge):
    problem = DOUBLE.model_copy(update={"time_limit_s": 2.0})
    results = judge.screen([ENDLESS] * 1000, problem, problem.tests)
    _, found = next(results)
    assert found is Screening.SLOW
    results.close()
    assert judge.judge(RIGHT, problem).accepted


def test_where_nothing_can_be_confined_everything_may_pass():
    with Judge(1, sandboxes=[]) as judge:
        assert screened(judge, [RIGHT, WRONG]) == [True, True]
