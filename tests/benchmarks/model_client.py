"""Processes that ask the model of another one for proposals, as a container's engine processes do.

They make the prompts and read the answers, each on a processor of its own; the process with the
model searches.
"""

import contextlib
import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from reference.model.decoding import Search
from reference.model.repair_model import RepairModel
from tests.benchmarks.data import Question

ROOT = Path(__file__).parents[2]
STARTED_S = 120.0  # until all have started


@dataclass(frozen=True)
class Setup:
    """What a client needs."""

    tokenizer: str
    questions: Sequence[Question]
    seconds: float


class Server(BaseManager):
    """What a client sees of the process with the model."""


Server.register("search")
Server.register("setup")
Server.register("start")


def ask(
    search: Search,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    *,
    clients: int,
    seconds: float,
) -> tuple[list[float], float]:
    """Have processes ask one question after the other; return the seconds of each, and in all."""
    setup = Setup(tokenizer.to_str(), questions, seconds)
    start = threading.Barrier(clients, timeout=STARTED_S)

    class Serving(BaseManager):
        pass

    Serving.register("search", callable=lambda: search, exposed=("search",))
    Serving.register("setup", callable=lambda: setup)
    Serving.register("start", callable=lambda: start, exposed=("wait",))
    key = secrets.token_hex()
    server = Serving(("127.0.0.1", 0), key.encode()).get_server()
    threading.Thread(target=_serve, args=(server,), daemon=True).start()
    command = [sys.executable, "-m", "tests.benchmarks.model_client", str(server.address[1]), key]
    processes = [
        subprocess.Popen([*command, str(number)], cwd=ROOT, stdout=subprocess.PIPE)
        for number in range(clients)
    ]
    answers = [json.loads(process.communicate()[0]) for process in processes]
    server.stop_event.set()
    begun, ended = min(one["begun"] for one in answers), max(one["ended"] for one in answers)
    return [taken for one in answers for taken in one["taken"]], ended - begun


def _serve(server: Any) -> None:
    with contextlib.suppress(SystemExit):  # which is how it ends
        server.serve_forever()


def main(port: int, key: str, number: int) -> None:
    """Ask, beginning with the question of a number, until the time is over; print how it went."""
    server = Server(("127.0.0.1", port), key.encode())
    server.connect()
    setup: Setup = server.setup()._getvalue()  # type: ignore[attr-defined]
    search = server.search()  # type: ignore[attr-defined]
    model = RepairModel("client", "", search, Tokenizer.from_str(setup.tokenizer))
    server.start().wait()  # type: ignore[attr-defined]
    begun = time.monotonic()
    taken: list[float] = []
    for question in islice(cycle(setup.questions), number % len(setup.questions), None):
        start = time.monotonic()
        if start > begun + setup.seconds:
            break
        question.ask(model)
        taken.append(time.monotonic() - start)
    print(json.dumps({"begun": begun, "ended": time.monotonic(), "taken": taken}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
