"""What the judge says of programs that are right, wrong, slow, greedy or broken."""

import textwrap

import pytest

from reference.judge import Judge
from reference.protocol import Problem, Test, Verdict

SUMS = Problem(
    tests=tuple(Test(name=f"{a}+{b}", input=f"{a} {b}\n", output=f"{a + b}\n") for a, b in
                ((1, 2), (5, 5), (-3, 3)))
)  # fmt: skip


def test_an_accepted_program(judge):
    judgement = judge.judge("a, b = map(int, input().split())\nprint(a + b)", SUMS)
    assert judgement.accepted
    assert judgement.reason is None
    assert (judgement.passed, judgement.total) == (3, 3)
    assert [run.run.output for run in judgement.runs] == ["3\n", "10\n", "0\n"]


def test_the_verdict_is_that_of_the_first_failure(judge):
    program = "a, b = map(int, input().split())\nprint(a + b if a < 5 else 1 // (a - b))"
    judgement = judge.judge(program, SUMS)
    assert judgement.verdict is Verdict.RUNTIME_ERROR
    verdicts = [run.verdict for run in judgement.runs]
    assert verdicts == [Verdict.ACCEPTED, Verdict.RUNTIME_ERROR, Verdict.ACCEPTED]


def test_stopping_at_a_failure(judge):
    judgement = judge.judge("print(3)", SUMS, stop_at_failure=True)
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert len(judgement.runs) == 2
    assert judgement.total == 3


def test_a_runtime_error_shows_the_program_and_nothing_else(check):
    program = textwrap.dedent(
        """\
        import heapq
        def first(items):
            return items[0]

        print(first([]))
        """
    )
    run = check(program).runs[0].run
    assert run.verdict is Verdict.RUNTIME_ERROR
    assert run.line == 2
    assert 'File "main.py", line 5, in <module>' in run.stderr
    assert "return items[0]" in run.stderr
    assert run.stderr.endswith("IndexError: list index out of range\n")
    assert run.stderr.count("File ") == 2


def test_the_line_of_an_error_inside_a_library_is_the_programs_own(check):
    run = check("import statistics\n\nstatistics.mean([])").runs[0].run
    assert run.line == 2
    assert "statistics.py" not in run.stderr


def test_an_error_in_a_thread_is_located(check):
    program = "import threading\ndef f():\n    1 / 0\nt = threading.Thread(target=f)\nt.start()"
    judgement = check(program, wanted="1")
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.runs[0].run.line == 2
    assert "ZeroDivisionError" in judgement.runs[0].run.stderr


@pytest.mark.parametrize(
    ("ending", "verdict"),
    [
        ("exit()", Verdict.ACCEPTED),
        ("import sys; sys.exit(0)", Verdict.ACCEPTED),
        ("import sys; sys.exit(3)", Verdict.RUNTIME_ERROR),
        ("import sys; sys.exit('gave up')", Verdict.RUNTIME_ERROR),
        ("raise SystemExit", Verdict.ACCEPTED),
        ("import sys, os; sys.stdout.flush(); os._exit(0)", Verdict.ACCEPTED),
        ("import os; os._exit(1)", Verdict.RUNTIME_ERROR),
        ("import os; os.abort()", Verdict.RUNTIME_ERROR),
        ("import ctypes; ctypes.string_at(0)", Verdict.RUNTIME_ERROR),
        ("import atexit; atexit.register(print, 'late')", Verdict.WRONG_ANSWER),
    ],
)
def test_ways_to_end(check, ending, verdict):
    assert check(f"print('yes')\n{ending}", wanted="yes").verdict is verdict


def test_a_syntax_error_is_found_without_running(check):
    judgement = check("print(1)\nif True\n    print(2)")
    assert judgement.verdict is Verdict.SYNTAX_ERROR
    assert judgement.runs[0].run.line == 1
    assert "SyntaxError" in judgement.runs[0].run.stderr
    assert judgement.runs[0].run.output == ""


@pytest.mark.parametrize("program", ["x = '\0'", "x = " + "(" * 5000, "x = " + "-" * 200_000 + "1"])
def test_text_that_no_compiler_takes(check, program):
    assert check(program).verdict is Verdict.SYNTAX_ERROR


def test_an_endless_loop(check):
    judgement = check("while True:\n    pass", time_limit_s=0.2)
    assert judgement.verdict is Verdict.TIME_LIMIT


def test_sleep_counts_against_wall_time(check):
    assert check("import time; time.sleep(60)", time_limit_s=0.1).verdict is Verdict.TIME_LIMIT


@pytest.mark.parametrize(
    "program",
    ["x = [0] * 10**9", "x = []\nwhile True:\n    x.append(bytes(1 << 20))", "b = bytes(1 << 34)"],
)
def test_a_memory_bomb(check, program):
    judgement = check(program, memory_limit_mib=64, time_limit_s=5)
    assert judgement.verdict is Verdict.MEMORY_LIMIT
    assert judgement.runs[0].run.line is not None


def test_memory_that_was_used_and_freed_counts(check):
    program = "x = bytearray(200 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\ndel x\nprint(1)"
    assert check(program, wanted="1", memory_limit_mib=100).verdict is Verdict.MEMORY_LIMIT
    assert check(program, wanted="1", memory_limit_mib=300).verdict is Verdict.ACCEPTED


def test_endless_output(check):
    judgement = check("while True:\n    print('spam' * 100)", time_limit_s=10)
    assert judgement.verdict is Verdict.OUTPUT_LIMIT
    assert len(judgement.runs[0].run.output) <= 1 << 20


def test_a_long_answer_that_is_expected(check):
    line = "spam " * 1000
    program = "for _ in range(300):\n    print('spam ' * 1000)"
    assert check(program, wanted=f"{line}\n" * 300, time_limit_s=10).accepted
    assert check(program, wanted="spam", time_limit_s=10).verdict is Verdict.OUTPUT_LIMIT


def test_endless_talk_on_stderr_keeps_the_end(check):
    program = "import sys\nfor i in range(10**5):\n    print(i, file=sys.stderr)\n1 / 0"
    run = check(program, time_limit_s=10).runs[0].run
    assert run.verdict is Verdict.RUNTIME_ERROR
    assert len(run.stderr) <= 1 << 16
    assert run.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_module_that_is_missing_is_no_fault_of_the_program(check):
    judgement = check("import nosuchmodule.part")
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "nosuchmodule" in judgement.reason


def test_a_name_that_an_installed_module_lacks_is_a_fault(check):
    assert check("from math import nosuchname").verdict is Verdict.RUNTIME_ERROR
    assert check("import os.nosuchname").verdict is Verdict.RUNTIME_ERROR


def test_a_problem_without_tests(judge):
    judgement = judge.judge("print(1)", Problem())
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert judgement.reason


def test_where_nothing_can_be_confined_nothing_runs():
    with Judge(1, sandboxes=[]) as judge:
        assert judge.tier is None
        judgement = judge.judge("print(1)", SUMS)
        assert judgement.verdict is Verdict.NOT_JUDGED
        assert "no sandbox" in judgement.reason
        assert [run.verdict for run in judge.run_all("print(1)", SUMS, [""])] == [
            Verdict.NOT_JUDGED
        ]
        assert [j.verdict for _, j in judge.judge_all(["print(1)"], SUMS)] == [Verdict.NOT_JUDGED]
