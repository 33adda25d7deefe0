"""Thousands of messages, many of them nonsense, and a model of what must come of them."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from .endpoint import ScriptedEndpoint
from .wire import Wire

MESSAGES = 20_000
EDITS = 10_000
PIECES = ("a", "é", "😀", "\n", "\r\n", "\r", "\x0c", "\u2028", "\t", " ", "x = 1\n", "")

REQUESTS = (
    "textDocument/hover",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/diagnostic",
    "codeAction/resolve",
    "workspace/executeCommand",
    "textDocument/rename",
    "initialize",
)
COMMANDS = (
    "wpc.describe",
    "wpc.ignoreFinding",
    "wpc.listProblems",
    "wpc.restartEndpoint",
    "wpc.showServerLog",
    "wpc.showStatus",
    "rm",
)
NOTIFICATIONS = (
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didSave",
    "textDocument/didClose",
    "$/cancelRequest",
    "$/setTrace",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "window/workDoneProgress/cancel",
    "notebookDocument/didOpen",
    "nothing",
)


def params(draw: random.Random, depth: int = 0) -> Any:
    """Return parameters that are often nearly right."""
    uri = f"file:///fuzz/{draw.randrange(4)}/two_sum.py"
    place = {"line": draw.randrange(-1, 5), "character": draw.randrange(-1, 9)}
    kinds: list[Any] = [
        None,
        draw.randrange(-(2**40), 2**40),
        "".join(draw.choices(PIECES, k=5)),
        {"uri": uri, "version": draw.randrange(5), "languageId": "python", "text": "WRONG\n"},
        {"line": "1"},
        [],
    ]
    if depth > 3 or draw.random() < 0.1:
        return draw.choice(kinds)
    whole: dict[str, Any] = {
        "textDocument": kinds[3],
        "position": place,
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
        "contentChanges": [
            {"text": "RIGHT"},
            {"range": {"start": place, "end": place}, "text": ""},
        ],
        "command": draw.choice(COMMANDS),
        "arguments": [uri],
        "settings": {"wpc": {"run": draw.choice(("manual", "onSave", 7))}},
        "event": {"added": [], "removed": []},
        "changes": [],
        "value": "verbose",
        "id": draw.randrange(MESSAGES),
        "title": "",
        "data": {"uri": uri, "outcome": "1", "finding": 0, "fix": 0},
    }
    for key in draw.sample(sorted(whole), draw.randrange(3)):
        if draw.random() < 0.5:
            del whole[key]
        else:
            whole[key] = params(draw, depth + 1)
    return whole


async def test_every_request_is_answered_once_whatever_else_is_sent(
    wire: Wire, endpoint: ScriptedEndpoint
) -> None:
    draw = random.Random(2024)
    await wire.begin(endpoint=endpoint.url)
    sent = []
    for number in range(MESSAGES):
        chance = draw.random()
        if chance < 0.5:
            sent.append(number)
            wire.send(id=number, method=draw.choice(REQUESTS), params=params(draw))
        elif chance < 0.9:
            wire.notify(draw.choice(NOTIFICATIONS), params(draw))
        elif chance < 0.95:
            message = json.dumps({"jsonrpc": "2.0", "method": "x", "params": params(draw)}).encode()
            cut = bytearray(message[: draw.randrange(1, len(message))])
            cut[draw.randrange(len(cut))] = draw.randrange(256)
            wire.send_body(bytes(cut))
        else:
            wire.send(id=draw.choice((None, "x", [], number)), result=params(draw))
        if number % 500 == 0:
            assert wire.process.stdin
            await wire.process.stdin.drain()
    assert await wire.end() == 0

    answers = Counter(m["id"] for m in wire.received if "method" not in m and m["id"] in set(sent))
    assert answers == dict.fromkeys(sent, 1)


async def test_the_servers_text_is_the_clients_after_many_edits(
    wire: Wire, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    draw = random.Random(7)
    await wire.begin(endpoint=endpoint.url, run="manual")
    uri = (tmp_path / "two_sum.py").as_uri()
    units: list[bytes] = []  # the text in UTF-16, a unit an item
    item = {"uri": uri, "languageId": "python", "version": 0, "text": ""}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    for version in range(1, EDITS + 1):
        starts = line_starts(units)
        begin, end = sorted(draw.choices(boundaries(units), k=2))
        if len(units) < 400:
            end = min(end, begin + 2) if end - begin > 2 and not splits(units, begin + 2) else begin
        text = "".join(draw.choices(PIECES, k=draw.randrange(4)))
        place = {"start": position(starts, begin), "end": position(starts, end)}
        change = {"range": place, "text": text}
        wire.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
        )
        units[begin:end] = split(text)
        if version % 50 == 0:
            hover = {"textDocument": {"uri": uri}, "position": place["start"]}
            wire.send(id=version, method="textDocument/hover", params=hover)
        if version % 1000 == 0:
            check = {"command": "wpc.check", "arguments": [uri]}
            await wire.ask(f"check {version}", "workspace/executeCommand", check)
            assert endpoint.requests[-1].code == b"".join(units).decode("utf-16-le")
    assert await wire.end() == 0
    assert {m["id"] for m in wire.received if isinstance(m.get("id"), int)} == set(
        range(50, EDITS + 1, 50)
    )


def split(text: str) -> list[bytes]:
    data = text.encode("utf-16-le")
    return [data[i : i + 2] for i in range(0, len(data), 2)]


def splits(units: list[bytes], at: int) -> bool:
    """Whether a place lies inside a character or a line's end, where no client edits."""
    if at >= len(units):
        return False
    inside_character = 0xDC <= units[at][1] < 0xE0
    return inside_character or (units[at] == b"\n\0" and at > 0 and units[at - 1] == b"\r\0")


def boundaries(units: list[bytes]) -> list[int]:
    return [at for at in range(len(units) + 1) if not splits(units, at)]


def line_starts(units: list[bytes]) -> list[int]:
    ends = (b"\n\0", b"\r\0")
    starts = [0]
    for at, unit in enumerate(units):
        crlf = unit == b"\r\0" and at + 1 < len(units) and units[at + 1] == b"\n\0"
        if unit in ends and not crlf:
            starts.append(at + 1)
    return starts


def position(starts: list[int], at: int) -> dict[str, int]:
    line = max(i for i, start in enumerate(starts) if start <= at)
    return {"line": line, "character": at - starts[line]}
