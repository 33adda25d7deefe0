"""One judge for many programs and threads: order, deadlines, cancellation, recovery."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reference.judge import Judge
from reference.protocol import Problem, Test, Verdict

DOUBLE = Problem(
    time_limit_s=30,
    tests=tuple(Test(name=str(n), input=str(n), output=str(2 * n)) for n in range(1, 4)),
)
RIGHT = "print(int(input()) * 2)"
WRONG = "print(int(input()) + 1)"
ENDLESS = "while True: pass"


def test_many_programs(judge):
    programs = [RIGHT, WRONG, "1 / 0", "if", RIGHT] * 20
    judgements = dict(judge.judge_all(programs, DOUBLE))
    assert sorted(judgements) == list(range(100))
    for index, judgement in judgements.items():
        assert judgement.accepted == (programs[index] is RIGHT)
    assert len(judgements[0].runs) == 3
    assert len(judgements[1].runs) == 2
    assert len(judgements[2].runs) == 1


def test_chosen_tests(judge):
    chosen = DOUBLE.tests[:1]
    assert judge.judge(WRONG, DOUBLE, chosen).accepted
    assert [j.accepted for _, j in judge.judge_all([WRONG], DOUBLE, chosen)] == [True]


def test_a_deadline_ends_a_run(judge):
    judgement = judge.judge(ENDLESS, DOUBLE, deadline=time.monotonic() + 0.2)
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "time budget" in judgement.reason
    assert judgement.total == 3


def test_a_failure_known_at_the_deadline_is_told(judge):
    program = "n = int(input())\nwhile n > 1: pass\nprint(0)"
    judgement = judge.judge(program, DOUBLE, deadline=time.monotonic() + 0.5)
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert len(judgement.runs) == 1


def test_a_deadline_that_has_passed(judge):
    past = time.monotonic() - 1
    assert judge.judge(RIGHT, DOUBLE, deadline=past).verdict is Verdict.NOT_JUDGED
    judgements = list(judge.judge_all([RIGHT] * 5, DOUBLE, deadline=past))
    assert [j.verdict for _, j in judgements] == [Verdict.NOT_JUDGED] * 5
    (run,) = judge.run_all(RIGHT, DOUBLE, ["1"], deadline=past)
    assert run.verdict is Verdict.NOT_JUDGED


def test_leaving_early_frees_the_workers(judge):
    results = judge.judge_all([RIGHT] + [ENDLESS] * 99, DOUBLE)
    index, judgement = next(results)
    assert index == 0
    assert judgement.accepted
    results.close()
    assert judge.judge(RIGHT, DOUBLE).accepted


def test_nobody_waits_for_tests_after_a_failure(judge):
    program = "n = int(input())\nwhile n > 2: pass\nprint(n + 1)"
    patient = DOUBLE.model_copy(update={"time_limit_s": 3600})
    judgement = judge.judge(program, patient, stop_at_failure=True)
    assert [run.test.name for run in judgement.runs] == ["1", "2"]
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.total == 3
    assert judge.judge(RIGHT, DOUBLE).accepted


def test_many_threads(judge):
    verdicts = []

    def work(program):
        for _ in range(5):
            verdicts.append((program, judge.judge(program, DOUBLE).verdict))

    threads = [threading.Thread(target=work, args=(p,)) for p in (RIGHT, WRONG) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(verdicts) == 30
    wanted = {RIGHT: Verdict.ACCEPTED, WRONG: Verdict.WRONG_ANSWER}
    assert all(verdict is wanted[program] for program, verdict in verdicts)


def test_outputs_of_inputs(judge):
    runs = judge.run_all("print(10 // int(input()))", DOUBLE, ["2", "0", "5"])
    assert [run.output for run in runs] == ["5\n", "", "2\n"]
    assert runs[1].verdict is Verdict.RUNTIME_ERROR


def children() -> set[int]:
    """Process ids of what this process has started and not yet reaped."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


@pytest.fixture
def started(judge, sandboxes):
    """A judge of its own for this kind of sandbox, and the process id of its one sandbox."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs /proc to find the sandbox")
    before = children()
    with Judge(1, sandboxes=sandboxes) as own:
        assert own.judge(RIGHT, DOUBLE).accepted
        (pid,) = children() - before
        yield own, pid


def test_a_dead_sandbox_is_replaced(started):
    judge, pid = started
    os.killpg(pid, signal.SIGKILL)
    assert judge.judge(RIGHT, DOUBLE).accepted


@pytest.mark.parametrize("given", ["1", "1" * 1_000_000], ids=["small", "large"])
def test_a_stopped_sandbox_does_not_hold_up_the_caller(started, given):
    judge, pid = started
    os.killpg(pid, signal.SIGSTOP)
    tests = [Test(name="one", input=given, output="2")]
    judgement = judge.judge(RIGHT, DOUBLE, tests, deadline=time.monotonic() + 0.2)
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert judge.judge(RIGHT, DOUBLE).accepted


def test_a_closed_judge_runs_nothing_and_leaves_nothing(started):
    judge, pid = started
    judge.close()
    assert pid not in children()
    judgement = judge.judge(RIGHT, DOUBLE)
    assert judgement.verdict is Verdict.NOT_JUDGED
    assert "closed" in judgement.reason


def test_closing_ends_the_runs_in_progress(started):
    judge, pid = started
    judgements = []
    idle = descendants(pid)
    thread = threading.Thread(target=lambda: judgements.append(judge.judge(ENDLESS, DOUBLE)))
    thread.start()
    while descendants(pid) == idle:  # the run has not begun
        time.sleep(0)
    judge.close()
    thread.join(timeout=10)
    assert [judgement.verdict for judgement in judgements] == [Verdict.NOT_JUDGED]
    assert pid not in children()


def test_a_sandbox_ends_with_the_process_that_started_it(judge):
    """Also when that process is killed in the middle of a run."""
    script = (
        "from reference.judge import Judge\nfrom reference.judge.tiers import candidates\n"
        "from reference.protocol import Problem, Test\n"
        f"judge = Judge(1, sandboxes=[s for s in candidates() if s.tier == {judge.tier!r}])\n"
        "problem = Problem(tests=(Test(name='a', input='', output=''),), time_limit_s=30)\n"
        "print(judge.tier, flush=True)\n"
        "judge.judge('import time\\nwhile True: time.sleep(1)', problem)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == judge.tier
    below = descendants(process.pid)
    assert below
    process.kill()
    process.wait()
    process.stdout.close()
    give_up = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/cmdline").exists() for pid in below):
        assert time.monotonic() < give_up, "a sandbox outlived its judge"


def descendants(pid: int) -> set[int]:
    """Process ids of what `pid` has started, at all depths."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="root alone gives users")
def test_judges_of_other_numbers_give_programs_other_users(judge, sandboxes):
    if judge.tier != "bubblewrap":
        pytest.skip("programs have this user here")
    program = "import os\nprint(os.getuid())"
    with Judge(1, sandboxes=sandboxes) as one, Judge(1, first=1, sandboxes=sandboxes) as other:
        (mine,), (yours,) = (each.run_all(program, Problem(), [""]) for each in (one, other))
    assert mine.output != yours.output
