"""Many clients at once, and processes that die under them."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from .processes import RIGHT, SUM, Serve, client_of

VERDICTS = {
    "accepted": RIGHT,
    "wrong_answer": RIGHT.replace("+", "*"),
    "syntax_error": "print(1 +\n",
    "runtime_error": "print(int('x'))\n",
}


def judges(pid: int) -> set[int]:
    """Return the groups of the sandboxed processes that the endpoint has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for text in lists for child in text.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_killed_judges_are_replaced_and_their_requests_answered(serve: Serve) -> None:
    process, where = serve()
    rounds, clients = 6, 12
    answered: list[tuple[str, httpx.Response]] = []
    halfway = threading.Event()

    def ask(number: int) -> None:
        with client_of(where) as client:
            for turn in range(rounds):
                expected = list(VERDICTS)[(number + turn) % len(VERDICTS)]
                body = {
                    "code": VERDICTS[expected],
                    "problem": SUM,
                    "options": {"time_budget_s": 10.0, "max_fixes": 0},
                }
                while (response := client.post("/v1/repair", json=body)).status_code == 429:
                    time.sleep(float(response.headers["Retry-After"]))
                answered.append((expected, response))
                if len(answered) > rounds * clients // 2:
                    halfway.set()

    with client_of(where) as client:
        while client.get("/v1/health").json()["state"] != "ready":
            time.sleep(0.02)
    with ThreadPoolExecutor(clients) as threads:
        asking = [threads.submit(ask, number) for number in range(clients)]
        assert halfway.wait(60)
        killed = judges(process.pid)
        assert killed
        for judge in killed:
            os.killpg(judge, signal.SIGKILL)
        for one in asking:
            one.result(60)
    assert len(answered) == rounds * clients
    for expected, response in answered:
        assert response.status_code == 200, response.text
        assert response.json()["verdict"] == expected
    assert judges(process.pid)
    assert not judges(process.pid) & killed
