"""What a program finds when it runs: input, output, modules, a stack."""

import importlib.util

import pytest

from reference.protocol import Problem, Test, Verdict

LARGE = "".join(f"{n}\n" for n in range(300_000))


@pytest.mark.parametrize(
    "program",
    [
        "n = int(input())\nprint(n, sum(int(input()) for _ in range(n - 1)))",
        "import sys\nn, *rest = map(int, sys.stdin.read().split())\nprint(n, sum(rest))",
        "import sys\nn, *rest = map(int, sys.stdin)\nprint(n, sum(rest))",
        "import sys\nn, *rest = map(int, sys.stdin.buffer.read().split())\nprint(n, sum(rest))",
        "n, *rest = map(int, open(0).read().split())\nprint(n, sum(rest))",
        "n, *rest = map(int, open('/dev/stdin').read().split())\nprint(n, sum(rest))",
        "import os\nn, *rest = map(int, os.read(0, 10**6).split())\nprint(n, sum(rest))",
        "import io, os\ninput = io.BytesIO(os.read(0, 10**6)).readline\n"
        "n = int(input())\nprint(n, sum(int(input()) for _ in range(n - 1)))",
        "import sys\ninput = sys.stdin.readline\n"
        "n = int(input())\nprint(n, sum(int(input()) for _ in range(n - 1)))",
    ],
)
def test_ways_to_read(check, program):
    assert check(program, "3\n10\n20\n", "3 30").accepted


@pytest.mark.parametrize(
    "program",
    [
        "import sys\nprint(sum(map(int, sys.stdin)))",
        "print(sum(map(int, open(0).read().split())))",
        "total = 0\ntry:\n    while True: total += int(input())\nexcept EOFError: print(total)",
    ],
)
def test_input_larger_than_a_pipe(check, program):
    judgement = check(program, LARGE, str(sum(range(300_000))), time_limit_s=10)
    assert judgement.accepted


def test_input_may_be_left_unread(check):
    assert check("print(1)", LARGE, "1").accepted


def test_input_beyond_ascii(check):
    assert check("print(input()[::-1])", "가나다 é 🙂", "🙂 é 다나가").accepted


def test_output_that_is_no_text(check):
    run = check("import sys; sys.stdout.buffer.write(b'\\xff\\xfe ok')").runs[0].run
    assert run.verdict is Verdict.ACCEPTED
    assert run.output == "�� ok"


def test_half_a_character_cannot_be_printed(check):
    judgement = check("print('\\ud83d')")
    assert judgement.verdict in (Verdict.RUNTIME_ERROR, Verdict.WRONG_ANSWER)


def test_output_without_a_final_newline(check):
    assert check("print('done', end='')", wanted="done\n").accepted


@pytest.mark.parametrize(
    "program",
    [
        "out = open(1, 'w')\nout.write('yes')",
        "import io, sys\nsys.stdout = io.TextIOWrapper(open(1, 'wb'))\nprint('yes')",
        "import sys\nsys.stdout.write('yes')\nsys.stdout = None",
        "import atexit, io, os\nbuffer = io.StringIO()\nprint = buffer.write\n"
        "atexit.register(lambda: os.write(1, buffer.getvalue().encode()))\nprint('yes')",
        "def main():\n    out = open('/dev/stdout', 'w')\n    out.write('yes')\nmain()",
    ],
)
def test_output_is_written_out_at_the_end(check, program):
    assert check(program, wanted="yes").accepted


def test_an_event_loop(check):
    program = "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    print(1)\n"
    assert check(program + "asyncio.run(main())", wanted="1").accepted


def test_names_that_an_ordinary_start_gives(check):
    assert check("print(__builtins__.len('ab'))\nquit()\nprint(3)", wanted="2").accepted


def test_the_program_is_the_main_module(check):
    program = """
import sys
from dataclasses import dataclass
import pickle

@dataclass
class Point:
    x: int

if __name__ == "__main__":
    print(sys.argv, sys.modules["__main__"].Point is Point, pickle.loads(pickle.dumps(Point(3))))
"""
    assert check(program, wanted="['main.py'] True Point(x=3)").accepted


def test_a_byte_order_mark_and_foreign_line_ends(check):
    assert check("\ufeffprint(1)\r\nprint(2)\rprint(3)\n", wanted="1 2 3").accepted


def test_threads_are_waited_for(check):
    program = """
import sys, threading
def main():
    print(sum(range(10)))
threading.stack_size(1 << 27)
sys.setrecursionlimit(1 << 20)
threading.Thread(target=main).start()
"""
    assert check(program, wanted="45").accepted


def test_deep_recursion(check):
    program = """
import sys
sys.setrecursionlimit(10**7)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
print(depth(50_000))
"""
    assert check(program, wanted="50000", time_limit_s=10).accepted


def test_deep_recursion_in_a_thread(check):
    program = """
import sys, threading
sys.setrecursionlimit(10**7)
threading.stack_size(256 << 20)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
t = threading.Thread(target=lambda: print(depth(50_000)))
t.start(); t.join()
"""
    assert check(program, wanted="50000", time_limit_s=10).accepted


def test_recursion_is_limited_as_everywhere(check):
    program = "def f(n):\n    return n and f(n - 1)\n"
    assert check(program + "print(f(990))", wanted="0").accepted
    judgement = check(program + "f(2000)")
    assert judgement.verdict is Verdict.RUNTIME_ERROR
    assert judgement.runs[0].run.line == 1
    assert "RecursionError" in judgement.runs[0].run.stderr
    assert len(judgement.runs[0].run.stderr) < 2000


def test_endless_recursion_ends_alone(check):
    program = "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    f()\nf()"
    verdict = check(program, time_limit_s=20, memory_limit_mib=64).verdict
    assert verdict in (Verdict.RUNTIME_ERROR, Verdict.MEMORY_LIMIT)
    assert check("print(1)", wanted="1").accepted


def test_installed_packages(check):
    if importlib.util.find_spec("numpy") is None:
        pytest.skip("numpy is not installed")
    program = "import numpy as np\nprint(int(np.arange(10).reshape(2, 5).sum()))"
    assert check(program, wanted="45").accepted


def test_the_work_folder_is_empty(check):
    assert check("import os; print(os.listdir(), os.listdir('.'))", wanted="[] []").accepted


def test_traced_lines(judge):
    program = "n = int(input())\nfor i in range(n):\n    if i > 100:\n        print(i)\nprint(n)"
    problem = Problem(tests=(Test(name="three", input="3", output="3"),))
    run = judge.judge(program, problem, trace=True).runs[0].run
    assert run.verdict is Verdict.ACCEPTED
    assert set(run.lines) == {0, 1, 2, 4}
    assert run.lines[2] == 3
    assert judge.judge(program, problem).runs[0].run.lines is None


def test_lines_are_traced_up_to_the_end_of_an_endless_program(judge):
    problem = Problem(tests=(Test(name="none", input="", output=""),), time_limit_s=0.2)
    run = judge.judge("x = 0\nwhile True:\n    x += 1\nprint(x)", problem, trace=True).runs[0].run
    assert run.verdict is Verdict.TIME_LIMIT
    assert set(run.lines) == {0, 1, 2}
    assert run.lines[2] > 1000


def test_a_program_that_was_too_slow_once_has_less_time_for_other_tests(judge):
    tests = tuple(Test(name=str(n), input=f"{n}", output=f"{n}") for n in range(4))
    problem = Problem(tests=tests, time_limit_s=1.0)
    program = "n = int(input())\nwhile n: pass\nprint(n)"
    judgement = judge.judge(program, problem)
    slow, right = Verdict.TIME_LIMIT, Verdict.ACCEPTED
    assert [run.verdict for run in judgement.runs] == [right, slow, slow, slow]
    assert judgement.runs[1].run.seconds >= problem.time_limit_s
    assert judgement.verdict is slow
