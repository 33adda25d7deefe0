"""The client against an endpoint on loopback that answers as each test says."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from reference.protocol import (
    EndpointState,
    Health,
    ProblemReference,
    RepairOptions,
    RepairRequest,
    Verdict,
)
from server.config import EndpointSettings
from server.endpoint import (
    Address,
    BadAnswerError,
    BusyError,
    ConnectionState,
    EmbeddedLocator,
    EndpointClient,
    EndpointError,
    EndpointTimeoutError,
    FixedLocator,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
)

from .reports import report

REQUEST = RepairRequest(
    code="print(1)\n",
    problem=ProblemReference(id="two_sum"),
    options=RepairOptions(time_budget_s=0.2),
)
OK = report().model_dump_json()
HEALTH = Health(state=EndpointState.READY, version="1").model_dump_json()

Start = Callable[..., AbstractAsyncContextManager["Stand"]]


class Stand:
    """Answers each connection with the next of some raw HTTP answers, the last for ever."""

    def __init__(self, answers: list[bytes | None]) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            ),
            0,
        )
        self.requests.append(head + await reader.readexactly(length))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:  # hang until the client gives up
            await reader.read()
        else:
            writer.write(answer)
        writer.close()


@pytest.fixture
def start() -> Start:
    @asynccontextmanager
    async def starting(*answers: bytes | None) -> AsyncIterator[Stand]:
        stand = Stand(list(answers))
        server = await asyncio.start_server(stand.answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        stand.url = f"http://127.0.0.1:{port}"
        yield stand
        server.close()

    return starting


def http(status: int, body: str = "", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body.encode())}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body]).encode()


def error(code: str, message: str) -> str:
    return json.dumps({"error": {"code": code, "message": message}})


def client_of(stand: Stand, **options: float) -> EndpointClient:
    settings = EndpointSettings(url=stand.url, token=SecretStr("hush"))
    return EndpointClient(FixedLocator(settings), **options)  # type: ignore[arg-type]


async def test_answer_and_what_is_sent(start: Start) -> None:
    async with start(http(200, OK)) as stand, client_of(stand) as client:
        answer = await client.repair(REQUEST)

    assert answer.verdict is Verdict.WRONG_ANSWER
    [request] = stand.requests
    assert request.startswith(b"POST /v1/repair HTTP/1.1\r\n")
    assert b"Authorization: Bearer hush\r\n" in request
    assert request.endswith(REQUEST.model_dump_json().encode())


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (http(401, error("unauthorized", "no")), UnauthorizedError, "WPC_TOKEN"),
        (http(403), UnauthorizedError, "WPC_TOKEN"),
        (http(404, error("unknown_problem", "No problem x.")), RejectedError, "No problem x."),
        (http(413, error("too_long", "Too long.")), RejectedError, "Too long."),
        (http(404, "<html>"), BadAnswerError, "check its address"),
        (http(302, Location="https://evil.example"), BadAnswerError, "check its address"),
        (http(500, error("internal", "Its log says where.")), BadAnswerError, "Its log says where"),
        (http(200, "<html>"), BadAnswerError, "same version"),
        (http(200, OK[:-1]), BadAnswerError, "same version"),
        (http(200, OK.replace('"version":1', '"version":2')), BadAnswerError, "same version"),
        (http(200, "not compressed", Content_Encoding="gzip"), BadAnswerError, "garbage"),
        (http(200, " " * 9_000_000), BadAnswerError, "too much"),
    ],
)
async def test_useless_answers_are_told_apart_and_not_asked_for_again(
    start: Start, answer: bytes, kind: type[EndpointError], words: str
) -> None:
    async with start(answer) as stand, client_of(stand) as client:
        with pytest.raises(kind, match=words):
            await client.repair(REQUEST)

    assert len(stand.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        http(429, error("busy", "full"), Retry_After="0"),
        http(503, error("starting", "wait"), Retry_After="0"),
        http(503),
        b"",  # closed without a word, as an endpoint that is restarted does
        http(200, OK)[:-40],  # cut off in the middle
    ],
)
async def test_trouble_that_passes_is_waited_out(start: Start, trouble: bytes) -> None:
    async with (
        start(http(200, HEALTH), trouble, trouble, http(200, OK)) as stand,
        client_of(stand) as client,
    ):
        await client.health()
        answer = await client.repair(REQUEST)

    assert answer.verdict is Verdict.WRONG_ANSWER
    assert len(stand.requests) == 4


async def test_answers_that_all_break_off_are_told_apart(start: Start) -> None:
    async with start(http(200, OK)[:-40]) as stand, client_of(stand) as client:
        with pytest.raises(BadAnswerError, match="breaks off its answers"):
            await client.repair(REQUEST)

    assert len(stand.requests) == 3


async def test_patience_ends(start: Start) -> None:
    async with (
        start(http(429, Retry_After="2")) as stand,
        client_of(stand, patience_s=1.0) as client,
    ):
        with pytest.raises(BusyError, match="fewer jobs"):
            await client.repair(REQUEST)

    assert len(stand.requests) == 1  # it would have had to wait longer than it may


async def test_hanging_endpoint_is_given_up(start: Start) -> None:
    async with start(None) as stand, client_of(stand, grace_s=1.0) as client:
        with pytest.raises(EndpointTimeoutError, match="time budget"):
            await client.repair(REQUEST)

    assert len(stand.requests) == 1


async def test_address_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    async with EndpointClient(FixedLocator(EndpointSettings(url=url))) as client:
        with pytest.raises(UnreachableError, match="is it running"):
            await client.health()


async def test_local_endpoint_that_cannot_be_started_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python-that-was-removed"))
    async with EndpointClient(EmbeddedLocator()) as client:
        with pytest.raises(UnreachableError, match=r"could not be started: .*python-that-was"):
            await client.health()


async def test_states_are_told_once_each(start: Start) -> None:
    states: list[ConnectionState] = []
    busy = http(429, Retry_After="0")
    async with start(http(503, Retry_After="0"), busy, busy, http(200, OK)) as stand:
        locator = FixedLocator(EndpointSettings(url=stand.url))
        async with EndpointClient(locator, on_state=states.append) as client:
            await client.repair(REQUEST)
            await client.repair(REQUEST)

    assert states == [ConnectionState.BUSY, ConnectionState.READY]


async def test_endpoint_that_died_is_found_again_once(start: Start) -> None:
    class Locator:
        revivals = 0

        async def address(self) -> Address:
            return Address(url=gone.url)

        async def revive(self, gone: Address) -> Address:
            self.revivals += 1
            return Address(url=fresh.url)

    locator = Locator()
    dead, alive = start(b""), start(http(200, OK))
    async with dead as gone, alive as fresh, EndpointClient(locator) as client:
        assert (await client.repair(REQUEST)).verdict is Verdict.WRONG_ANSWER

    assert (locator.revivals, len(gone.requests), len(fresh.requests)) == (1, 1, 1)


async def test_cancelled_request_is_dropped(start: Start) -> None:
    async with start(None) as stand, client_of(stand) as client:
        task = asyncio.create_task(client.repair(REQUEST))
        while not stand.requests:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_problem_ids_are_quoted(start: Start) -> None:
    async with (
        start(http(404, error("unknown_problem", "none"))) as stand,
        client_of(stand) as client,
    ):
        with pytest.raises(RejectedError):
            await client.problem("../x y")

    assert stand.requests[0].startswith(b"GET /v1/problems/..%2Fx%20y HTTP/1.1")
