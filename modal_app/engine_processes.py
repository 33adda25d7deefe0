"""The engine in several processes, since Python in one of them runs on one core."""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from modal_app.engine_process import CANCEL_S, EngineProcess, ProcessLost
from modal_app.errors import EngineFailedError
from modal_app.messages import RemoteModel, Setup
from reference.errors import CancelledError
from reference.judge import Judge
from reference.model import RepairModel
from reference.problems import ProblemBank
from reference.protocol import RepairReport, RepairRequest
from reference.wpc import WPC

MOST_JUDGES = 8  # of one process; many for each would be many times many
ATTEMPTS = 2  # at a request that ends the processes at work on it
REPLACED_S = 30.0  # within which such a request has another process, or fails
PAUSE_S = 1.0  # before another attempt to start a process that could not be started
END_S = 5.0  # that a process may take to end the programs it runs

log = logging.getLogger("wpc.endpoint")


class EngineProcesses(WPC):
    """A `WPC` whose repairs are made by processes of its own, one at a time in each.

    They start in the background. Until they are up, and while one of them is replaced, what they
    have no room for is repaired in this process; after that it waits for its turn. A process that
    ends or hangs is replaced, and its request has another one; never this process, on which all
    others depend.

    Parameters
    ----------
    folders
        Of problems, beside the catalog.
    model
        Stays in this process, where it can answer several questions at the same time.
    cores
        Processors to use.
    size
        Processes.
    """

    def __init__(
        self, folders: Sequence[Path], model: RepairModel | None, *, cores: int, size: int
    ) -> None:
        super().__init__(ProblemBank(folders), Judge(cores), model)
        self._size = size
        self._search = None if model is None else model.search
        self._change = threading.Condition()  # of all that follows
        self._setup = Setup(  # of the next process
            folders=tuple(folders),
            judges=min(cores, MOST_JUDGES),
            first_judge=cores,
            digest=self.health().digest,
            model=None if model is None else _remote(model),
        )
        self._closed = False
        self._living: set[EngineProcess] = set()
        self._up: set[EngineProcess] = set()
        self._idle: list[EngineProcess] = []  # the last one is asked first: what it read, it has
        self._keepers = [
            threading.Thread(target=self._keep, name="engine-keeper", daemon=True)
            for _ in range(size)
        ]
        for keeper in self._keepers:
            keeper.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait until all processes are up; return whether they are."""
        with self._change:
            return self._change.wait_for(lambda: len(self._up) == self._size, timeout_s)

    def repair(
        self, request: RepairRequest, *, cancelled: threading.Event | None = None
    ) -> RepairReport:
        """See `WPC.repair`.

        Raises
        ------
        EngineFailedError
            If the request has ended two processes, or met another fault of ours in one.
        """
        cancelled = cancelled or threading.Event()
        lost = 0
        while lost < ATTEMPTS:
            process = self._take(cancelled, here=not lost)
            if process is None:
                return super().repair(request, cancelled=cancelled)
            try:
                return process.repair(request, cancelled)
            except ProcessLost as error:
                self._forget(process)
                process.kill()  # should it hang, or have closed its socket and go on
                lost += error.begun
            finally:
                self._give_back(process)
        raise EngineFailedError

    def close(self) -> None:
        """End all processes."""
        with self._change:
            self._closed = True
            for process in self._living:
                process.terminate()
            self._change.notify_all()
        until = time.monotonic() + END_S
        for keeper in self._keepers:
            keeper.join(max(0.0, until - time.monotonic()))
        with self._change:
            for process in self._living:
                process.kill()
        for keeper in self._keepers:
            keeper.join()
        super().close()

    def _take(self, cancelled: threading.Event, *, here: bool) -> EngineProcess | None:
        """Return an idle process, or None for this one, which `here` says is allowed."""
        give_up = time.monotonic() + REPLACED_S
        with self._change:
            while not self._idle:
                if self._closed or (here and len(self._up) < self._size):
                    return None
                if cancelled.is_set():
                    raise CancelledError
                if not here and time.monotonic() > give_up:
                    raise EngineFailedError
                self._change.wait(CANCEL_S)
            return self._idle.pop()

    def _give_back(self, process: EngineProcess) -> None:
        with self._change:
            if process in self._up:
                self._idle.append(process)
                self._change.notify()

    def _keep(self) -> None:
        """Have one process up, until this is closed."""
        pause_s = 0.0
        while (process := self._start(pause_s)) is not None:
            pause_s = 0.0 if self._set_up(process) else PAUSE_S
            status = process.wait()
            self._forget(process)
            with self._change:
                self._living.remove(process)
                if not self._closed:
                    log.error("an engine process ended with status %d; it is replaced", status)

    def _start(self, pause_s: float) -> EngineProcess | None:
        """Start a process after a pause, unless this is closed by then."""
        with self._change:
            while not self._change.wait_for(lambda: self._closed, pause_s):
                try:
                    process = EngineProcess(self._setup, self._search)
                except OSError as error:
                    log.error("no engine process can be started: %s", error.strerror)
                    pause_s = PAUSE_S
                    continue
                # No numbers twice: programs of one that was killed may not have ended yet.
                following = self._setup.first_judge + self._setup.judges
                self._setup = self._setup.model_copy(update={"first_judge": following})
                self._living.add(process)
                return process
            return None

    def _set_up(self, process: EngineProcess) -> bool:
        """Have a process take requests; return whether it does."""
        try:
            process.set_up()
        except ProcessLost:
            process.kill()
            return False
        with self._change:
            self._up.add(process)
            self._idle.append(process)
            self._change.notify_all()
        return True

    def _forget(self, process: EngineProcess) -> None:
        """Ask a process no more."""
        with self._change:
            self._up.discard(process)
            if process in self._idle:
                self._idle.remove(process)


def _remote(model: RepairModel) -> RemoteModel:
    return RemoteModel(
        name=model.name,
        device=model.device,
        calibration=model.calibration,
        tokenizer=model.tokenizer.to_str(),
    )
