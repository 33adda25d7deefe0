"""Messages out of order, twice, broken, cancelled: each request gets one answer."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from reference.protocol import RepairRequest

from .editor import TCP_SERVER
from .endpoint import Answer, ScriptedEndpoint
from .wire import Wire

PARSE_ERROR, INVALID_REQUEST, NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800


def code(answer: dict[str, Any]) -> int:
    return int(answer["error"]["code"])


async def test_requests_before_initialize_and_after_shutdown_are_refused(wire: Wire) -> None:
    wire.notify("textDocument/didOpen", {"nonsense": True})
    assert code(await wire.ask(1, "textDocument/hover", {})) == NOT_INITIALIZED
    await wire.begin()
    assert code(await wire.ask(2, "initialize", {"capabilities": {}})) == INVALID_REQUEST
    await wire.ask(3, "shutdown")
    assert code(await wire.ask(4, "shutdown")) == INVALID_REQUEST
    wire.notify("exit")
    assert await wire.wait() == 0


async def test_exit_without_shutdown_is_an_error(wire: Wire) -> None:
    await wire.begin()
    wire.notify("exit")
    assert await wire.wait() == 1


async def test_the_server_ends_with_its_client(wire: Wire) -> None:
    await wire.begin()
    assert wire.process.stdin
    wire.process.stdin.close()
    assert await wire.wait() == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", PARSE_ERROR),
        (b"\xff\xfe", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"null", INVALID_REQUEST),
        (b'{"method": "shutdown", "id": 1}', INVALID_REQUEST),
        (b'{"jsonrpc": "1.0", "method": "shutdown", "id": 1}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "method": 7}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "method": "shutdown", "id": {}}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "method": "shutdown", "id": null}', INVALID_REQUEST),
    ],
    ids=range(10),
)
async def test_what_is_no_message_is_answered_without_an_id(
    wire: Wire, body: bytes, expected: int
) -> None:
    await wire.begin()
    wire.send_body(body)
    assert code(await wire.answer(None)) == expected
    assert await wire.end() == 0


async def test_requests_that_make_no_sense_are_answered(wire: Wire) -> None:
    await wire.begin()
    assert code(await wire.ask(1, "textDocument/rename", {})) == NOT_FOUND
    assert code(await wire.ask(2, "textDocument/hover", {"position": []})) == INVALID_PARAMS
    assert code(await wire.ask(3, "textDocument/hover", None)) == INVALID_PARAMS
    command = "workspace/executeCommand"
    assert code(await wire.ask(4, command, {"command": "rm"})) == INVALID_PARAMS
    assert code(await wire.ask(5, command, {"command": "wpc.check"})) == INVALID_PARAMS
    arguments = {"command": "wpc.check", "arguments": [{"no": "uri"}]}
    assert code(await wire.ask(6, command, arguments)) == INVALID_PARAMS
    for arguments in ([1], [{}, []], ["file:///a.py"], ["a", "b", "c"]):
        wrong = {"command": "wpc.chooseProblem", "arguments": arguments}
        assert code(await wire.ask(str(arguments), command, wrong)) == INVALID_PARAMS
    hover = {"textDocument": {"uri": "file:///nowhere.py"}, "position": {"line": 9, "character": 9}}
    assert (await wire.ask("7", "textDocument/hover", hover))["result"] is None
    assert await wire.end() == 0


async def test_notifications_that_make_no_sense_are_ignored(wire: Wire) -> None:
    await wire.begin()
    document = {"uri": "file:///nowhere.py", "version": 1}
    for method, params in (
        ("textDocument/didOpen", None),
        ("textDocument/didOpen", {"textDocument": 3}),
        ("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "x"}]}),
        ("textDocument/didClose", {"textDocument": document}),
        ("textDocument/didSave", {"textDocument": document}),
        ("$/cancelRequest", {"id": 99}),
        ("$/cancelRequest", {}),
        ("window/workDoneProgress/cancel", {"token": "x"}),
        ("$/unknown", {}),
        ("unknown", []),
    ):
        wire.notify(method, params)
    wire.send(id="no such request", result=1)
    wire.send(id=[], error={})
    assert await wire.end() == 0
    assert [message for message in wire.received if message.get("error")] == []


async def test_headers_may_come_in_any_form_and_in_pieces(wire: Wire) -> None:
    await wire.begin()
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/rename"}'
    head = b"Content-Type: application/vscode-jsonrpc\r\ncontent-length:%d\r\n\r\n" % len(body)
    for byte in head + body:
        wire.send_raw(bytes([byte]))
    assert code(await wire.answer(1)) == NOT_FOUND
    wire.send_raw(b"Content-Length: x\r\n\r\n")
    assert code(await wire.ask(2, "textDocument/rename")) == NOT_FOUND
    assert await wire.end() == 0


@pytest.mark.parametrize("head", [b"Content-Length: 999999999999\r\n\r\n", b"x" * 100_000])
async def test_a_stream_beyond_repair_ends_the_session(wire: Wire, head: bytes) -> None:
    await wire.begin()
    wire.send_raw(head)
    assert await wire.wait() == 1


async def test_an_id_that_is_in_use_is_refused(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    release = asyncio.Event()

    async def slow(request: RepairRequest) -> Answer:
        await release.wait()
        return await endpoint.well(request)

    endpoint.repair = slow
    await wire.begin(endpoint=endpoint.url, run="manual")
    uri = (tmp_path / "two_sum.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "WRONG"}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    check = {"command": "wpc.check", "arguments": [uri]}
    wire.send(id=1, method="workspace/executeCommand", params=check)
    await endpoint.arrived.get()
    assert code(await wire.ask(1, "workspace/executeCommand", check)) == INVALID_REQUEST
    wire.received.clear()
    release.set()
    assert (await wire.answer(1))["result"] == "two_sum: 2 of 3 tests pass."
    assert await wire.end() == 0


async def test_shutdown_answers_what_is_still_in_work(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    async def hang(request: RepairRequest) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    endpoint.repair = hang
    await wire.begin(endpoint=endpoint.url, run="manual")
    for number in range(5):
        uri = (tmp_path / str(number) / "two_sum.py").as_uri()
        item = {"uri": uri, "languageId": "python", "version": 1, "text": "WRONG"}
        wire.notify("textDocument/didOpen", {"textDocument": item})
        check = {"command": "wpc.check", "arguments": [uri]}
        wire.send(id=number, method="workspace/executeCommand", params=check)
        await endpoint.arrived.get()

    assert await wire.end() == 0

    answers = [m for m in wire.received if isinstance(m.get("id"), int) and "method" not in m]
    assert sorted(m["id"] for m in answers) == list(range(5))
    assert {code(m) for m in answers} == {CANCELLED}


async def test_a_trace_is_written_where_the_client_wants_one(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    await wire.begin(endpoint=endpoint.url)
    uri = (tmp_path / "two_sum.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "SECRET = WRONG"}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    check = {"command": "wpc.check", "arguments": [uri]}
    await wire.ask(1, "workspace/executeCommand", check)
    assert not any(m.get("method") == "$/logTrace" for m in wire.received)

    wire.notify("$/setTrace", {"value": "messages"})
    await wire.ask(2, "workspace/executeCommand", check)

    [trace] = [m["params"]["message"] for m in wire.received if m.get("method") == "$/logTrace"]
    assert trace.startswith(f"{uri}: wrong_answer on two_sum, 1 fixes")
    logged = [m["params"] for m in wire.received if "log" in m.get("method", "")]
    assert "SECRET" not in str(logged)
    assert await wire.end() == 0


async def test_every_client_of_a_tcp_server_has_a_session_of_its_own(
    home: dict[str, str],
) -> None:
    server = await asyncio.create_subprocess_exec(
        *TCP_SERVER, env=home, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert server.stderr
        port = int((await server.stderr.readline()).decode().rpartition(":")[2])
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            params = {"capabilities": {}}
            message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
            body = json.dumps(message).encode()
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            await reader.readuntil(b"\r\n\r\n")
            assert b'"positionEncoding"' in await reader.read(4096)
            writer.close()
    finally:
        server.terminate()
        await server.communicate()


@pytest.mark.parametrize("answer", [None, 7, {}, [], [3], [None, {"run": "manual"}, 1, 2]])
async def test_settings_of_any_shape_hold_nothing_up(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path, answer: Any
) -> None:
    capabilities = {"workspace": {"configuration": True}}
    options = {"endpoint": endpoint.url}
    params = {"capabilities": capabilities, "initializationOptions": options}
    await wire.ask(1, "initialize", params)
    wire.notify("initialized", {})
    uri = (tmp_path / "two_sum.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "WRONG"}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    check = {"command": "wpc.check", "arguments": [uri]}
    wire.send(id=2, method="workspace/executeCommand", params=check)
    asked = await wire.request("workspace/configuration")
    wire.send(id=asked["id"], result=answer)
    assert (await wire.answer(2))["result"] == "two_sum: 2 of 3 tests pass."
    assert await wire.end() == 0
