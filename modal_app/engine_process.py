"""An engine process, as the endpoint that starts it sees it."""

import subprocess
import sys
import threading
import time
from multiprocessing import Pipe

from modal_app.errors import EngineFailedError
from modal_app.messages import (
    Cancel,
    FromProcess,
    LikelihoodAnswer,
    LikelihoodQuestion,
    NoAnswer,
    Question,
    Ready,
    Refused,
    Repair,
    Reply,
    Report,
    SearchAnswer,
    Setup,
    ToProcess,
    receive_from_process,
    send,
)
from reference.model.decoding import Search
from reference.protocol import RepairReport, RepairRequest

CANCEL_S = 0.05  # until a process hears that nobody waits for its answer
HUNG_S = 30.0  # after a request's time budget: a process that has not answered never will

# What is imported is what this process would import, whatever lies in the current folder.
COMMAND = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from modal_app.engine_worker import main; main(int(sys.argv[1]))"
)


class ProcessLost(Exception):  # noqa: N818
    """A process ended before it answered, or hangs; `begun`: whether it may have been at work."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__("An engine process was lost.")
        self.begun = begun


class EngineProcess:
    """A process of `engine_worker`, for one thread at a time.

    It is a program of its own, since a fork of one that holds a GPU and threads would inherit
    both in no state to be used; and a session of its own, so that what is sent to the endpoint's
    group, such as Ctrl-C, does not end it in the middle of a request.

    Parameters
    ----------
    setup
        What its engine is made of.
    search
        The model that it may ask; None where `setup` names none.
    """

    def __init__(self, setup: Setup, search: Search | None) -> None:
        self._setup = setup
        self._search = search
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, str(theirs.fileno()), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # who reads ours expects what we say
                start_new_session=True,
            )

    def set_up(self) -> None:
        """Tell it what it needs, and wait until it takes requests.

        Raises
        ------
        ProcessLost
            If it does not come to that.
        """
        self._send(self._setup, begun=True)
        if not isinstance(self._receive(), Ready):
            raise ProcessLost(begun=True)

    def repair(self, request: RepairRequest, cancelled: threading.Event) -> RepairReport:
        """Have it repair a program; answer its questions to the model meanwhile.

        Raises
        ------
        EngineError
            What the engine there raises.
        ProcessLost
            If it ends before it answers, or does not answer for long after the time budget.
        """
        give_up = time.monotonic() + request.options.time_budget_s + HUNG_S
        self._send(Repair(request=request), begun=False)
        reply: Reply | None = None
        fault: Exception | None = None
        told = False
        while True:
            if cancelled.is_set() and not told:
                self._send(Cancel(), begun=True)
                told = True
            if reply is not None:
                self._send(reply, begun=True)
                reply = None
            if not self._connection.poll(CANCEL_S):
                if time.monotonic() > give_up:
                    raise ProcessLost(begun=True)
                continue
            message = self._receive()
            if isinstance(message, Question):
                try:
                    reply = self._reply(message)
                except Exception as error:
                    fault, reply = error, NoAnswer()
            elif fault is not None:
                raise fault
            elif isinstance(message, Refused):
                raise message.error()
            elif isinstance(message, Report):
                return message.report
            else:
                raise EngineFailedError

    def wait(self) -> int:
        """Wait until it has ended; return its status, as `subprocess` has it."""
        return self._process.wait()

    def terminate(self) -> None:
        """Tell it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def _reply(self, question: Question) -> Reply:
        assert self._search is not None
        if isinstance(question, LikelihoodQuestion):
            likelihood = self._search.likelihood(question.prompt, question.answer)
            return LikelihoodAnswer(log_probability=likelihood)
        answers = self._search.search(
            question.prompt, question.draft, width=question.width, deadline=question.deadline
        )
        return SearchAnswer(answers=tuple(answers))

    def _send(self, message: ToProcess, *, begun: bool) -> None:
        try:
            send(self._connection, message)
        except OSError:
            raise ProcessLost(begun=begun) from None

    def _receive(self) -> FromProcess:
        try:
            return receive_from_process(self._connection)
        except (EOFError, OSError):
            raise ProcessLost(begun=True) from None
