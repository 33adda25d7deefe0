"""An endpoint on loopback whose every answer a test decides: how the server bears the worst."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from reference.protocol import (
    Edit,
    EndpointState,
    EngineInfo,
    Failure,
    Fix,
    Health,
    Position,
    Problem,
    ProblemSummary,
    Range,
    RepairReport,
    RepairRequest,
    Source,
    Suspect,
    Test,
    TestSummary,
    Verdict,
)

ENGINE = EngineInfo(version="test", model="test-model", device="cpu", sandbox="bubblewrap")
TITLES = {"two_sum": "Sum of two", "count_up": "Count up", "echo_line": "Echo a line"}


@dataclass
class Answer:
    """An HTTP answer, well formed or not."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    truncated: bool = False


Route = Callable[[bytes], Awaitable[Answer]]


def report_of(request: RepairRequest, engine: EngineInfo = ENGINE) -> RepairReport:
    """Judge a program by what its author marked: `WRONG` is to become `RIGHT`.

    `WRONG_BY_MODEL` is a fix that a model made and no test verified.
    """
    places = list(re.finditer(r"WRONG(_BY_MODEL)?", request.code))
    if not places:
        tests = TestSummary(passed=3, total=3)
        return RepairReport(verdict=Verdict.ACCEPTED, tests=tests, engine=engine)
    failure = Failure(
        test="2", verdict=Verdict.WRONG_ANSWER, input="1 2\n", expected="3\n4\n", actual="3\n5\n"
    )
    edits = tuple(Edit(range=range_of(request.code, p), new_text="RIGHT") for p in places)
    by_model = bool(places[0][1])
    fix = Fix(
        edits=edits,
        range=edits[0].range,
        rule="WPC301",
        message="The range ends one too early",
        source=Source.MODEL if by_model else Source.MUTATION,
        verified=not by_model,
        passed=2 if by_model else 3,
        total=3,
        confidence=0.5,
        diff="@@ -1 +1 @@\n-WRONG\n+RIGHT\n",
    )
    return RepairReport(
        verdict=Verdict.WRONG_ANSWER,
        tests=TestSummary(passed=2, total=3, first_failure=failure),
        suspects=(Suspect(range=edits[0].range, score=1.0),),
        fixes=(fix,),
        engine=engine,
    )


def range_of(code: str, match: re.Match[str]) -> Range:
    return Range(start=_position(code, match.start()), end=_position(code, match.end()))


def _position(code: str, offset: int) -> Position:
    line = len(re.findall(r"\r\n|\r|\n", code[:offset]))
    start = max((m.end() for m in re.finditer(r"\r\n|\r|\n", code[:offset])), default=0)
    return Position(line=line, character=len(code[start:offset].encode("utf-16-le")) // 2)


class ScriptedEndpoint:
    """Speaks HTTP/1.1 on a port of its own; `repair` may be replaced while it runs.

    Attributes
    ----------
    requests
        The programs that were sent, in order.
    arrived
        Gets an item for every repair request, before it is answered.
    """

    def __init__(self) -> None:
        self.requests: list[RepairRequest] = []
        self.arrived: asyncio.Queue[RepairRequest] = asyncio.Queue()
        self.abandoned: asyncio.Queue[RepairRequest] = asyncio.Queue()
        self.repair: Callable[[RepairRequest], Awaitable[Answer]] = self.well
        self.url = ""
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.url = "http://{}:{}".format(*self._server.sockets[0].getsockname()[:2])

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for writer in tuple(self._connections):
            writer.transport.abort()

    @staticmethod
    async def well(request: RepairRequest) -> Answer:
        return Answer(body=report_of(request).model_dump_json().encode())

    async def _answer(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/v1/repair":
            request = RepairRequest.model_validate_json(body)
            self.requests.append(request)
            self.arrived.put_nowait(request)
            try:
                return await self.repair(request)
            except asyncio.CancelledError:
                self.abandoned.put_nowait(request)
                raise
        if path == "/v1/problems":
            summaries = [
                ProblemSummary(id=id, titles={"en": title}, tests=3).model_dump(mode="json")
                for id, title in TITLES.items()
            ]
            return Answer(body=json.dumps(summaries).encode())
        if path.startswith("/v1/problems/"):
            return Answer(body=_problem(path.rpartition("/")[2]).model_dump_json().encode())
        health = Health(state=EndpointState.READY, version="test", sandbox="bubblewrap")
        return Answer(body=health.model_dump_json().encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path, _ = head.decode().split(" ", 2)
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                answering = asyncio.ensure_future(self._answer(method, path, body))
                gone = asyncio.ensure_future(reader.read(1))
                await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not answering.done():
                    answering.cancel()
                    return
                gone.cancel()
                await asyncio.wait({gone})
                answer = answering.result()
                headers = {"Content-Length": str(len(answer.body)), **(answer.headers or {})}
                lines = [f"HTTP/1.1 {answer.status} X", *(f"{k}: {v}" for k, v in headers.items())]
                writer.write("\r\n".join([*lines, "", ""]).encode())
                writer.write(
                    answer.body[: len(answer.body) // 2] if answer.truncated else answer.body
                )
                if answer.truncated:
                    return
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()


def _problem(id: str) -> Problem:
    return Problem(
        id=id,
        titles={"en": TITLES[id]},
        statements={"en": "Add two numbers."},
        tests=(Test(name="sample-1", input="1 2\n", output="3\n", sample=True),),
    )
