import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from .processes import ENGINE, RIGHT, Serve, client_of, repair_body

ENDLESS = "while True:\n    pass\n"


def wait_until_ready(client: httpx.Client) -> None:
    while client.get("/v1/health").json()["state"] != "ready":
        time.sleep(0.02)


def test_serves_repairs_and_ends_on_a_signal(serve: Serve) -> None:
    process, where = serve()
    with client_of(where) as client:
        wait_until_ready(client)
        report = client.post("/v1/repair", json=repair_body()).json()
        assert report["verdict"] == "accepted"
        assert httpx.get(f"{where['url']}/hello", trust_env=False).status_code == 401
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=30)
    assert process.returncode == 0, log
    assert where["token"] not in log


def test_a_request_under_way_is_answered_before_it_ends(serve: Serve) -> None:
    process, where = serve()
    with client_of(where) as client:
        wait_until_ready(client)
    body = json.dumps(repair_body(ENDLESS, 3.0)).encode()
    connection = http.client.HTTPConnection(where["url"].removeprefix("http://"), timeout=60)
    connection.putrequest("POST", "/v1/repair")
    for name, value in (
        ("Authorization", f"Bearer {where['token']}"),
        ("Content-Length", str(len(body))),
        ("Expect", "100-continue"),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    connection.sock.recv(1, socket.MSG_PEEK)  # that it may go on: the request is under way
    process.send_signal(signal.SIGTERM)
    connection.send(body)
    assert connection.getresponse().status == 200
    assert process.wait(30) == 0


def test_ends_when_nobody_asks(serve: Serve) -> None:
    process, where = serve("--idle=0.5")
    with client_of(where) as client:
        assert client.get("/hello").status_code == 200
    _, log = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "idle" in log


def test_a_client_that_leaves_does_not_keep_its_place(serve: Serve) -> None:
    _, where = serve()
    with client_of(where) as client:
        wait_until_ready(client)
        for _ in range(4 * (os.cpu_count() or 1)):
            with contextlib.suppress(httpx.ReadTimeout):
                client.post("/v1/repair", json=repair_body(ENDLESS, 30.0), timeout=0.05)
        assert client.post("/v1/repair", json=repair_body()).json()["verdict"] == "accepted"


def test_the_token_may_come_from_the_environment(serve: Serve) -> None:
    _, where = serve(env=os.environ | {"WPC_TOKEN": "chosen"})
    assert where["token"] == "chosen"
    with client_of(where) as client:
        assert client.get("/hello").status_code == 200


def test_serves_problems_of_a_folder(serve: Serve, tmp_path: Path) -> None:
    problem = tmp_path / "school" / "adding_up"
    (problem / "tests").mkdir(parents=True)
    (problem / "solutions").mkdir()
    (problem / "problem.toml").write_text('title = "Adding up"\n')
    (problem / "statement.md").write_text("Add the two numbers.\n")
    (problem / "tests" / "sample-1.in").write_text("1 2\n")
    (problem / "tests" / "sample-1.out").write_text("3\n")
    (problem / "solutions" / "plain.py").write_text(RIGHT)
    _, where = serve("--problems", str(tmp_path / "school"))
    with client_of(where) as client:
        wait_until_ready(client)
        assert client.get("/v1/problems/adding_up").json()["titles"] == {"en": "Adding up"}
        request = {"code": RIGHT, "problem": {"id": "adding_up"}}
        assert client.post("/v1/repair", json=request).json()["verdict"] == "accepted"


def test_a_folder_that_holds_no_problems_is_said(tmp_path: Path) -> None:
    (tmp_path / "Not An Id").mkdir()
    (tmp_path / "Not An Id" / "problem.toml").write_text('title = "A problem"\n')
    result = subprocess.run(
        [sys.executable, "-c", ENGINE, "serve", "--problems", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    assert "Not An Id" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_said(serve: Serve, tmp_path: Path) -> None:
    _, where = serve()
    port = where["url"].rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "-c", ENGINE, "serve", "--port", port],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_help_needs_neither_the_engine_nor_the_web_framework(tmp_path: Path) -> None:
    script = (
        "import sys, modal_app.cli\n"
        "try: modal_app.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'fastapi', 'uvicorn', 'pydantic', 'reference', 'modal'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert result.stdout.splitlines()[-1] == "[]"
    for command in ("serve", "problems", "evaluate"):
        assert command in result.stdout
