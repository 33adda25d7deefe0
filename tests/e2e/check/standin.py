"""An endpoint on loopback that answers at once and counts what it is asked."""

import contextlib
import http.server
import socket
import threading
from collections import Counter
from typing import Any

from pydantic import TypeAdapter

from reference.protocol import (
    EndpointState,
    EngineInfo,
    Failure,
    Health,
    Position,
    ProblemSummary,
    Range,
    RepairReport,
    RepairRequest,
    Suspect,
    TestSummary,
    Verdict,
)

HEALTH = Health(state=EndpointState.READY, version="1", digest="d1")
PROBLEMS = [ProblemSummary(id="two_sum", titles={"en": "Sum of two"}, tests=3)]


class StandIn:
    """Says that a program is wrong where it contains `WRONG`.

    Parameters
    ----------
    stop_after
        Hold the programs that follow these many until `release` is set.
    together
        Answer only when these many programs are in work at once.

    Attributes
    ----------
    asked
        How often each program was sent.
    most_at_once
        The most requests that were in work at any time.
    asked_enough
        Set when a program is held.
    loaded
        Whether the engine is; set it to `False` for an endpoint that starts anew.
    dropping
        Whether the programs that were held get no answer but a closed connection.
    """

    def __init__(self, stop_after: int | None = None, together: int = 1) -> None:
        self.asked: Counter[str] = Counter()
        self.most_at_once = 0
        self.asked_enough = threading.Event()
        self.release = threading.Event()
        self.dropping = False
        self.loaded = False
        self._stop_after = stop_after
        self._together = threading.Barrier(together)
        self._at_once = 0
        self._lock = threading.Lock()
        stand_in = self

        class Handler(_Handler):
            owner = stand_in

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self.stop()

    def stop(self) -> None:
        """Go away, with every connection."""
        self._server.shutdown()
        self._server.server_close()
        for connection in self._server.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def health(self) -> Health:
        """Say who answers; while the engine is loading, that is not known."""
        return HEALTH if self.loaded else Health(state=EndpointState.STARTING, version="1")

    def repair(self, request: RepairRequest) -> RepairReport | None:
        """Answer, or return `None` to drop the connection."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            enough = self._stop_after is not None and len(self.asked) >= self._stop_after
            if not enough:
                self.asked[request.code] += 1
        try:
            self._together.wait(30)
            if enough and not self.release.is_set():
                self.asked_enough.set()
                self.release.wait()
                if self.dropping:
                    return None
            if enough:
                with self._lock:
                    self.asked[request.code] += 1
            return report_of(request.code)
        finally:
            with self._lock:
                self._at_once -= 1


def report_of(code: str) -> RepairReport:
    engine = EngineInfo(version="1", digest="d1")
    if "WRONG" not in code:
        tests = TestSummary(passed=3, total=3)
        return RepairReport(verdict=Verdict.ACCEPTED, tests=tests, engine=engine)
    start, end = Position(line=0, character=0), Position(line=0, character=5)
    return RepairReport(
        verdict=Verdict.WRONG_ANSWER,
        tests=TestSummary(
            passed=1,
            total=3,
            first_failure=Failure(
                test="1", verdict=Verdict.WRONG_ANSWER, input="", expected="1", actual="2"
            ),
        ),
        suspects=(Suspect(range=Range(start=start, end=end), score=1.0),),
        engine=engine,
    )


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.connections: list[socket.socket] = []

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that left."""

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/v1/health":
            self._answer(self.owner.health().model_dump_json().encode())
        else:
            self.owner.loaded = True  # who asks for problems waits until then
            self._answer(TypeAdapter(list[ProblemSummary]).dump_json(PROBLEMS))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        report = self.owner.repair(RepairRequest.model_validate_json(body))
        if report is None:
            self.close_connection = True
        else:
            self._answer(report.model_dump_json().encode())

    def _answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass
