"""Finds this user's local endpoint, or starts it; and ends it.

`main` prints one line of JSON, `{"url", "token"}`; `stop` prints nothing. Editors come and go;
the endpoint is a process of its own, shared by all of them, and ends by itself when nobody has
asked it anything for a while.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

from modal_app.registry import Entry, LocalEndpointError, Registry
from modal_app.version import VERSION

IDLE_S = 15 * 60.0
HEALTH_TIMEOUT_S = 2.0
PATIENCE_S = 10.0
POLL_S = 0.05
DRAIN_S = 35.0  # a little more than the longest request that an ending endpoint may finish
STOP_DRAIN_S = 3.0  # of one that is to end now; who still asks it, asks the next
START_TIMEOUT_S = 60.0
LOG_LINES = 15

# `-c` puts the current folder on the path; a `json.py` of the user's must not be imported.
COMMAND = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; from modal_app.cli import main; main()"
)


def find_or_start(
    registry: Registry, *, idle_s: float = IDLE_S, patience_s: float = PATIENCE_S
) -> Entry:
    """Return this user's endpoint, which answers by now, though it may still be loading.

    Parameters
    ----------
    registry
        The user's runtime folder.
    idle_s
        Seconds without a request after which an endpoint started here ends.
    patience_s
        Seconds that an endpoint which lives may take to answer before it is replaced.

    Raises
    ------
    LocalEndpointError
        It cannot be started; the message holds the last lines of its log.
    """
    entry = registry.read()
    if entry is not None and entry.version == VERSION and registry.alive() and _answers(entry):
        return entry
    with registry.start_lock().acquire(timeout=START_TIMEOUT_S + DRAIN_S):
        entry = _living(registry, patience_s)
        if entry is not None:
            return entry
        return _start(registry, idle_s)


def main() -> None:
    """Find or start the endpoint; print where it is, or why it is not."""
    try:
        entry = find_or_start(Registry())
    except (LocalEndpointError, OSError) as error:
        sys.exit(f"No local endpoint: {error}")
    print(json.dumps({"url": entry.url, "token": entry.token}), flush=True)


def end_running(registry: Registry, *, drain_s: float = STOP_DRAIN_S) -> bool:
    """End this user's endpoint, whatever state it is in; return whether there was one.

    Parameters
    ----------
    drain_s
        Seconds that it may take to answer what it was asked.

    Raises
    ------
    LocalEndpointError
        It does not end.
    """
    with registry.start_lock().acquire(timeout=START_TIMEOUT_S + DRAIN_S):
        entry = registry.read()
        if not registry.alive():
            return False
        if entry is None:
            raise LocalEndpointError(f"one is running, but {registry.folder} does not say where.")
        try:
            _end(registry, entry, signal.SIGTERM, drain_s)
        except LocalEndpointError:
            _end(registry, entry, signal.SIGKILL)
        registry.clear()
        return True


def stop() -> None:
    """End the endpoint, if one runs; print why it does not end."""
    try:
        end_running(Registry())
    except (LocalEndpointError, OSError) as error:
        sys.exit(f"The local endpoint could not be ended: {error}")


def _answers(entry: Entry) -> bool:
    connection = http.client.HTTPConnection(urlsplit(entry.url).netloc, timeout=HEALTH_TIMEOUT_S)
    try:
        connection.request("GET", "/v1/health", headers={"Authorization": f"Bearer {entry.token}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _living(registry: Registry, patience_s: float) -> Entry | None:
    """Return the endpoint if one lives and will do; end one that lives and will not."""
    deadline = time.monotonic() + patience_s
    while registry.alive():
        entry = registry.read()
        if entry is None:  # on its way out, or only just up
            if time.monotonic() > deadline + DRAIN_S:
                raise LocalEndpointError(
                    f"one is running, but {registry.folder} does not say where. End it by hand."
                )
        elif entry.version != VERSION:
            _end(registry, entry, signal.SIGTERM)
        elif _answers(entry):
            return entry
        elif time.monotonic() > deadline:
            _end(registry, entry, signal.SIGKILL)
        time.sleep(POLL_S)
    registry.clear()
    return None


def _end(
    registry: Registry, entry: Entry, number: signal.Signals, patience_s: float = DRAIN_S
) -> None:
    # The life lock is held, so the process number is the endpoint's own.
    with contextlib.suppress(ProcessLookupError):
        os.kill(entry.pid, number)
    deadline = time.monotonic() + patience_s
    while registry.alive():
        if time.monotonic() > deadline:
            raise LocalEndpointError(f"process {entry.pid} does not end. End it by hand.")
        time.sleep(POLL_S)


def _start(registry: Registry, idle_s: float) -> Entry:
    command = [sys.executable, "-c", COMMAND, "serve", "--register", f"--idle={idle_s}"]
    with registry.log_path.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=registry.folder,
            # A token that is set there is meant for another endpoint; this one makes its own.
            env={name: value for name, value in os.environ.items() if name != "WPC_TOKEN"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # A session of its own: neither a terminal's Ctrl-C nor the editor's end reaches it.
            start_new_session=True,
        )
    assert process.stdout is not None
    with process.stdout:
        announced = process.stdout.readline()  # or its end, if the process dies
    entry = registry.read()
    if not announced or entry is None:
        code = process.wait(START_TIMEOUT_S)
        lines = registry.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(f"  {line}" for line in lines[-LOG_LINES:])
        raise LocalEndpointError(
            f"it ended at once, with status {code}. The end of {registry.log_path}:\n{tail}"
        )
    return entry
