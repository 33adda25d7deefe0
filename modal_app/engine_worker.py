"""An engine process: repairs one program after the other, for the endpoint that started it.

It holds all that a repair needs but the language model, which the endpoint is asked for. It ends
when told to by SIGTERM, or when the endpoint is gone.
"""

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

from tokenizers import Tokenizer

from modal_app.faults import log_fault
from modal_app.messages import (
    Cancel,
    Failed,
    FromProcess,
    LikelihoodAnswer,
    LikelihoodQuestion,
    Question,
    Ready,
    Refused,
    RemoteModel,
    Repair,
    Reply,
    Report,
    SearchAnswer,
    SearchQuestion,
    Setup,
    receive_in_process,
    send,
)
from reference.errors import CancelledError, EngineError
from reference.judge import Judge
from reference.model import RepairModel
from reference.model.exploration import Answer
from reference.problems import ProblemBank
from reference.protocol import RepairRequest
from reference.wpc import WPC


class Endpoint:
    """The endpoint, as this process sees it."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        setup = receive_in_process(connection)
        assert isinstance(setup, Setup)
        self.setup = setup
        self._requests: queue.SimpleQueue[tuple[RepairRequest, threading.Event]]
        self._requests = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="endpoint", daemon=True).start()

    def say(self, message: FromProcess) -> None:
        """Send a message; if nobody is there, this process is about to end."""
        send(self._connection, message)

    def requests(self) -> Iterator[tuple[RepairRequest, threading.Event]]:
        """Yield requests, each with the event that says that nobody waits for it any more."""
        while True:
            yield self._requests.get()

    def ask(self, question: Question) -> Reply:
        """Return what the model answers."""
        self.say(question)
        return self._replies.get()

    def _listen(self) -> None:
        cancelled = threading.Event()
        try:
            while True:
                message = receive_in_process(self._connection)
                if isinstance(message, Repair):
                    cancelled = threading.Event()
                    self._requests.put((message.request, cancelled))
                elif isinstance(message, Cancel):
                    cancelled.set()
                elif not isinstance(message, Setup):
                    self._replies.put(message)
        except (EOFError, OSError):
            pass
        finally:
            os.kill(os.getpid(), signal.SIGTERM)  # the main thread sees to the end


class RemoteSearch:
    """The endpoint's search, as a `reference.model.decoding.Search`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        """See `DraftSearch.search`. A deadline means the same in all processes of a machine."""
        reply = self._endpoint.ask(
            SearchQuestion(prompt=tuple(prompt), draft=tuple(draft), width=width, deadline=deadline)
        )
        if not isinstance(reply, SearchAnswer):
            raise CancelledError
        return list(reply.answers)

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        """See `DraftSearch.likelihood`."""
        reply = self._endpoint.ask(LikelihoodQuestion(prompt=tuple(prompt), answer=tuple(answer)))
        if not isinstance(reply, LikelihoodAnswer):
            raise CancelledError
        return reply.log_probability


def main(descriptor: int) -> None:
    """Serve the endpoint at the other end of a socket, given by its descriptor."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    endpoint = Endpoint(Connection(descriptor))
    setup = endpoint.setup
    bank = ProblemBank(setup.folders)
    judge = Judge(setup.judges, first=setup.first_judge)
    model = None if setup.model is None else _model(setup.model, endpoint)
    with WPC(bank, judge, model, digest=setup.digest) as engine:
        endpoint.say(Ready())
        for request, cancelled in endpoint.requests():
            _answer(endpoint, engine, request, cancelled)


def _model(remote: RemoteModel, endpoint: Endpoint) -> RepairModel:
    return RepairModel(
        remote.name,
        remote.device,
        RemoteSearch(endpoint),
        Tokenizer.from_str(remote.tokenizer),
        remote.calibration,
    )


def _answer(
    endpoint: Endpoint, engine: WPC, request: RepairRequest, cancelled: threading.Event
) -> None:
    try:
        endpoint.say(Report(report=engine.repair(request, cancelled=cancelled)))
    except EngineError as error:
        endpoint.say(Refused.of(error))
    except Exception as fault:
        log_fault(fault)
        endpoint.say(Failed())
