"""The engine in several processes, with the model that ships: it answers as in one."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from modal_app import engine_process
from modal_app.engine_processes import EngineProcesses
from modal_app.errors import EngineFailedError
from modal_app.service import create_app
from reference.errors import CancelledError, EngineError
from reference.model import RepairModel, load_model
from reference.model.decoding import Search
from reference.model.exploration import Answer
from reference.problems import ProblemBank
from reference.protocol import (
    Problem,
    ProblemReference,
    RepairOptions,
    RepairReport,
    RepairRequest,
    Source,
    Test,
    Verdict,
)
from reference.wpc import WPC

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes in /proc"
)

SUM = Problem(
    titles={"en": "Sum"},
    statements={"en": "Print the sum of two numbers."},
    tests=(
        Test(name="sample-1", input="1 2\n", output="3\n", sample=True),
        Test(name="2", input="5 8\n", output="13\n"),
    ),
)
KNOWN = SUM.model_copy(update={"solutions": ("a, b = map(int, input().split())\nprint(a + b)\n",)})
RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"
WRONG = RIGHT.replace("+", "-")
VERDICTS = {
    RIGHT: Verdict.ACCEPTED,
    WRONG: Verdict.WRONG_ANSWER,
    "print(1 +\n": Verdict.SYNTAX_ERROR,
    "print(int('x'))\n": Verdict.RUNTIME_ERROR,
}
BUDGET_S = 30.0  # the machine may be busy, and answers must not depend on that
UP_S = 120.0


def request(code: str, problem: Problem | str = SUM, **options: object) -> RepairRequest:
    reference = (
        ProblemReference(id=problem)
        if isinstance(problem, str)
        else ProblemReference(inline=problem)
    )
    chosen = RepairOptions.model_validate({"time_budget_s": BUDGET_S, **options})
    return RepairRequest(code=code, problem=reference, options=chosen)


def timeless(report: RepairReport) -> RepairReport:
    return report.model_copy(update={"timings_ms": {}})


def children(pid: int) -> set[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for text in lists for child in text.read_text().split()}


def engines(pid: int) -> set[int]:
    """Return the engine processes that a process has started and that have not ended."""
    found = set()
    for child in children(pid):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if b"engine_worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(child)
    return found


def descendants(pid: int) -> set[int]:
    below = children(pid)
    return below.union(*map(descendants, below))


def await_end(pid: int) -> None:
    """Wait until a process has ended; whose child it is does not matter."""
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([end], [], [], 30)[0], f"process {pid} does not end"
    finally:
        os.close(end)


@pytest.fixture(scope="module")
def model() -> RepairModel:
    model = load_model()
    assert model is not None
    return model


@pytest.fixture(scope="module")
def one(model: RepairModel) -> Iterator[WPC]:
    with WPC(ProblemBank(), model=model) as engine:
        yield engine


@pytest.fixture(scope="module")
def several(model: RepairModel) -> Iterator[EngineProcesses]:
    engine = EngineProcesses((), model, cores=2, size=2)
    assert engine.wait(UP_S)
    yield engine
    engine.close()


Make = Callable[[Callable[[], None]], EngineProcesses]


class Watched:
    """The model's own search, after something else has happened."""

    def __init__(self, search: Search, before: Callable[[], None]) -> None:
        self._search = search
        self._before = before

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        self._before()
        return self._search.search(prompt, draft, width=width, deadline=deadline)

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        return self._search.likelihood(prompt, answer)


class SignalOnce:
    """Sends a signal, the first time it is called, to engine processes started since it was made.

    Attributes
    ----------
    others, hit
        The processes that were there before, and those that got the signal.
    """

    def __init__(self, number: signal.Signals) -> None:
        self.others = engines(os.getpid())
        self.hit: set[int] = set()
        self._number = number

    def __call__(self) -> None:
        if not self.hit:
            self.hit = engines(os.getpid()) - self.others
            for worker in self.hit:
                os.kill(worker, self._number)


@pytest.fixture
def watched(model: RepairModel) -> Iterator[Make]:
    """Return a function that makes an engine of one process, which acts before it searches."""
    made: list[EngineProcesses] = []

    def make(before: Callable[[], None]) -> EngineProcesses:
        search = Watched(model.search, before)
        alike = RepairModel(model.name, model.device, search, model.tokenizer, model.calibration)
        made.append(EngineProcesses((), alike, cores=1, size=1))
        assert made[0].wait(UP_S)
        return made[0]

    yield make
    made[0].close()


@pytest.mark.parametrize("code", VERDICTS)
@pytest.mark.parametrize("problem", [SUM, KNOWN, Problem()], ids=["sum", "known", "no tests"])
@pytest.mark.parametrize("locale", ["en", "ko"])
def test_answers_as_one_process_does(
    one: WPC, several: EngineProcesses, code: str, problem: Problem, locale: str
) -> None:
    asked = request(code, problem, locale=locale)
    one.repair(asked)  # what the model has read before changes the last digits of its scores
    assert timeless(several.repair(asked)) == timeless(one.repair(asked))


def test_processes_a_program_as_one_process_does(one: WPC, several: EngineProcesses) -> None:
    chosen = next(iter(one.bank.ids()))
    code = one.bank.get(chosen).solutions[0]
    assert several.process(code, chosen) == one.process(code, chosen)
    with pytest.raises(SyntaxError):
        several.process("x = (\n", chosen)


def test_the_model_stays_here_and_is_asked_from_there(several: EngineProcesses) -> None:
    assert several.repair(request(WRONG)).fixes[0].source is Source.MODEL
    workers = engines(os.getpid())
    assert len(workers) >= 2
    for worker in workers:
        assert "onnxruntime" not in Path(f"/proc/{worker}/maps").read_text()


def test_the_processes_load_neither_the_service_nor_a_network() -> None:
    script = (
        "import sys, modal_app.engine_worker; print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "tokenizers" in loaded
    assert not loaded & {"fastapi", "onnxruntime", "starlette", "torch", "uvicorn"}


def test_before_they_are_up_requests_are_answered_here(model: RepairModel) -> None:
    engine = EngineProcesses((), model, cores=1, size=1)
    try:
        assert engine.repair(request(RIGHT)).verdict is Verdict.ACCEPTED
    finally:
        engine.close()


async def test_errors_are_those_of_one_process(tmp_path: Path) -> None:
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "problem.toml").write_text("title = \n")
    engine = EngineProcesses((tmp_path,), None, cores=1, size=1)
    assert engine.wait(UP_S)
    alone = WPC(ProblemBank((tmp_path,)))
    statuses = {}
    for problem in ("torn", "digit_sun"):
        with pytest.raises(EngineError) as here:
            alone.repair(request(RIGHT, problem))
        with pytest.raises(EngineError) as there:
            engine.repair(request(RIGHT, problem))
        assert type(there.value) is type(here.value)
        assert vars(there.value) == vars(here.value)
        assert str(there.value) == str(here.value)
        transport = httpx.ASGITransport(create_app(engine))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            body = request(RIGHT, problem).model_dump(mode="json")
            response = await client.post("/v1/repair", json=body)
        statuses[response.json()["error"]["code"]] = response.status_code
    assert statuses == {"broken_problem": 500, "unknown_problem": 404}
    engine.close()
    alone.close()


def test_a_repair_that_nobody_waits_for_any_more_ends(watched: Make) -> None:
    others = engines(os.getpid())
    cancelled = threading.Event()
    engine = watched(cancelled.set)
    before = engines(os.getpid()) - others
    with pytest.raises(CancelledError):
        engine.repair(request(WRONG), cancelled=cancelled)
    assert engine.repair(request(RIGHT)).verdict is Verdict.ACCEPTED
    assert engines(os.getpid()) - others == before


def test_many_at_once_are_all_answered(several: EngineProcesses) -> None:
    codes = [*VERDICTS] * 10
    with ThreadPoolExecutor(16) as threads:
        reports = threads.map(lambda code: several.repair(request(code, max_fixes=0)), codes)
        assert [report.verdict for report in reports] == [VERDICTS[code] for code in codes]


def test_idle_processes_that_die_are_replaced(several: EngineProcesses) -> None:
    before = engines(os.getpid())
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    for worker in before:
        await_end(worker)
    assert several.repair(request(WRONG)).fixes[0].verified
    while len(engines(os.getpid())) < len(before):  # until others have taken their places
        assert several.repair(request(RIGHT)).verdict is Verdict.ACCEPTED
    assert not engines(os.getpid()) & before


def test_a_request_whose_process_dies_is_answered_by_another(one: WPC, watched: Make) -> None:
    kill = SignalOnce(signal.SIGKILL)
    expected = one.repair(request(WRONG))
    engine = watched(kill)
    assert timeless(engine.repair(request(WRONG))) == timeless(expected)
    assert len(kill.hit) == 1
    assert len(engines(os.getpid()) - kill.others - kill.hit) == 1


def test_a_request_whose_process_hangs_is_answered_by_another(
    watched: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_process, "HUNG_S", 5.0)
    stop = SignalOnce(signal.SIGSTOP)
    engine = watched(stop)
    assert engine.repair(request(WRONG, time_budget_s=3.0)).fixes[0].verified
    assert len(stop.hit) == 1
    for worker in stop.hit:
        await_end(worker)


async def test_a_request_that_ends_every_process_is_refused(
    watched: Make,
) -> None:
    others = engines(os.getpid())
    asked = 0

    def kill() -> None:
        nonlocal asked
        asked += 1
        for worker in engines(os.getpid()) - others:
            os.kill(worker, signal.SIGKILL)

    engine = watched(kill)
    transport = httpx.ASGITransport(create_app(engine))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", timeout=UP_S
    ) as client:
        response = await client.post("/v1/repair", json=request(WRONG).model_dump(mode="json"))
    assert response.status_code == 500
    assert response.json()["error"]["code"] == EngineFailedError.code
    assert asked == 2
    assert engine.wait(UP_S)
    assert engine.repair(request(RIGHT)).verdict is Verdict.ACCEPTED


def test_a_fault_of_the_model_is_that_of_one_process(
    watched: Make,
) -> None:
    others = engines(os.getpid())

    def fail() -> None:
        raise ValueError("no room")

    engine = watched(fail)
    before = engines(os.getpid()) - others
    with pytest.raises(ValueError, match="no room"):
        engine.repair(request(WRONG))
    assert engine.repair(request(RIGHT)).verdict is Verdict.ACCEPTED
    assert engines(os.getpid()) - others == before


def test_closing_leaves_nothing() -> None:
    others = children(os.getpid())
    engine = EngineProcesses((), None, cores=2, size=2)
    assert engine.wait(UP_S)
    started = children(os.getpid()) - others
    below = started.union(*map(descendants, started))
    assert len(below) > len(started)  # the judges' processes
    engine.close()
    for process in below:
        await_end(process)
    report = engine.repair(request(RIGHT))
    assert report.verdict is Verdict.NOT_JUDGED
    assert not children(os.getpid()) & started


def test_nothing_outlives_an_endpoint_that_is_killed() -> None:
    script = (
        "from modal_app.engine_processes import EngineProcesses\n"
        "engine = EngineProcesses((), None, cores=2, size=2)\n"
        f"print(engine.wait({UP_S}), flush=True)\n"
        "input()\n"
    )
    endpoint = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with endpoint:
        assert endpoint.stdout is not None
        assert endpoint.stdout.readline() == "True\n"
        below = descendants(endpoint.pid)
        assert len(engines(endpoint.pid)) == 2
        endpoint.kill()
    for process in below:
        await_end(process)
