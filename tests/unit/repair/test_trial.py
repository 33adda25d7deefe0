import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future

from reference.judge import Judge, TestRun
from reference.repair.trial import Trial
from tests.unit.repair.conftest import problem

DOUBLE = problem(("1", "2"), ("3", "6"))
SENT, WRONG, RIGHT = (f"print(int(input()) {change})" for change in ("+ 3", "- 1", "* 2"))
TIME_S = 10.0
TRACED_AFTER_S = 3.5  # a larger share of the time than there is for a look at whole programs


def test_time_spent_on_tracing_makes_no_program_pass() -> None:
    with Judge(2) as judge:
        runs = judge.judge(SENT, DOUBLE).runs
        traced: Future[Sequence[TestRun]] = Future()
        timer = threading.Timer(TRACED_AFTER_S, traced.set_result, [runs])
        trial = Trial(judge, DOUBLE, runs, (), lambda *_: None, traced, threading.Event())
        timer.start()
        texts = [WRONG, f"{WRONG}\n", RIGHT]
        assert trial.adopted(texts, 3, time.monotonic() + TIME_S) == [2]
