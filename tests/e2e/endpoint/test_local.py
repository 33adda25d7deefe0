"""One local endpoint per user, found or started, whatever happened to the last one."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from modal_app.local import end_running, find_or_start
from modal_app.registry import LocalEndpointError, Registry

from .processes import ENGINE, FIND, RIGHT, client_of, ended, find, found, repair_body


def healthy(where: dict[str, str]) -> bool:
    with client_of(where) as client:
        return client.get("/v1/health").status_code == 200


def test_starts_one_and_finds_it_again(registry: Registry) -> None:
    first = found()
    assert first["url"].startswith("http://127.0.0.1:")
    assert len(first["token"]) >= 32
    assert found() == first
    assert healthy(first)


def test_finding_needs_neither_the_engine_nor_the_web_framework(registry: Registry) -> None:
    found()
    script = (
        "import sys; from modal_app.local import main; main(); "
        "print(sorted({'fastapi', 'uvicorn', 'pydantic', 'click', 'httpx'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout.splitlines()[1] == "[]"


def test_only_the_user_can_read_how_to_reach_it(registry: Registry) -> None:
    where = found()
    assert stat.S_IMODE(registry.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((registry.folder / "endpoint.json").stat().st_mode) == 0o600
    entry = registry.read()
    assert entry is not None
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(entry.pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "serve" in listed.stdout
    assert where["token"] not in listed.stdout


def test_racing_starters_share_one(registry: Registry) -> None:
    with ThreadPoolExecutor(6) as starters:
        answers = list(starters.map(lambda _: found(), range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert healthy(answers[0])


def test_a_killed_one_is_replaced(registry: Registry) -> None:
    first = found()
    entry = registry.read()
    assert entry is not None
    os.kill(entry.pid, signal.SIGKILL)
    ended(registry)
    second = found()
    assert second["token"] != first["token"]
    assert healthy(second)


def test_a_hung_one_is_replaced(registry: Registry) -> None:
    first = find_or_start(registry)
    os.kill(first.pid, signal.SIGSTOP)
    second = find_or_start(registry, patience_s=0.5)
    assert second.pid != first.pid
    assert healthy({"url": second.url, "token": second.token})


def test_it_is_ended_and_another_one_started(registry: Registry) -> None:
    assert not end_running(registry)
    first = found()
    assert end_running(registry)
    assert registry.read() is None
    with pytest.raises(httpx.ConnectError):
        healthy(first)
    assert healthy(found())


def test_a_hung_one_is_ended_by_force(registry: Registry) -> None:
    first = find_or_start(registry)
    os.kill(first.pid, signal.SIGSTOP)
    assert end_running(registry, drain_s=0.1)
    assert not registry.alive()


def test_one_of_another_version_is_replaced(registry: Registry) -> None:
    first = find_or_start(registry)
    registry.write(replace(first, version="0.0.1"))
    second = find_or_start(registry)
    assert second.pid != first.pid
    assert second.version != "0.0.1"
    with pytest.raises(httpx.ConnectError):
        healthy({"url": first.url, "token": first.token})


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": 1}', '{"url": "http://127.0.0.1:9"}'])
def test_a_spoilt_state_is_replaced(registry: Registry, content: str) -> None:
    (registry.folder / "endpoint.json").write_text(content)
    assert healthy(found())


def test_a_person_can_end_it(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "modal_app.py").write_text("raise SystemExit('imported from the current folder')\n")
    command = [sys.executable, "-c", ENGINE, "stop"]
    found()
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    assert not registry.alive()
    assert registry.read() is None
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)  # there is none by now


def test_whoever_took_the_port_of_a_killed_one_learns_nothing(registry: Registry) -> None:
    first = find_or_start(registry)
    os.kill(first.pid, signal.SIGKILL)
    ended(registry)
    port = int(first.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)) as stranger:
        registry.write(replace(first, pid=os.getpid()))  # its number has gone to another, too
        second = find_or_start(registry)
        assert second.pid not in (first.pid, os.getpid())
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            stranger.accept()


def test_a_token_for_another_endpoint_is_not_used(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WPC_TOKEN", "for-a-server-elsewhere")
    assert found()["token"] != "for-a-server-elsewhere"


def test_it_ends_when_nobody_asks_and_takes_its_state_along(registry: Registry) -> None:
    find_or_start(registry, idle_s=0.3)
    ended(registry)
    assert registry.read() is None


def test_neither_the_end_of_the_editor_nor_an_interrupt_reaches_it(registry: Registry) -> None:
    editor = subprocess.Popen(
        [sys.executable, "-c", f"{FIND}\nimport time; time.sleep(60)"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert editor.stdout is not None
    with editor, editor.stdout:
        where = json.loads(editor.stdout.readline())
        os.killpg(editor.pid, signal.SIGINT)
        editor.wait(10)
        assert healthy(where)
    assert healthy(where)


def test_the_users_own_modules_are_not_imported(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "homework"
    folder.mkdir()
    for name in ("json", "reference", "server", "modal_app", "http", "click", "fastapi"):
        (folder / f"{name}.py").write_text(f"raise SystemExit('imported {name}')\n")
    assert healthy(found(cwd=folder))


def test_a_failed_start_says_why(registry: Registry, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "uvicorn.py").write_text("raise ImportError('uvicorn was not installed whole')\n")
    result = find(env=os.environ | {"PYTHONPATH": str(broken)})
    assert result.returncode == 1
    assert result.stdout == ""
    assert "uvicorn was not installed whole" in result.stderr
    assert str(registry.log_path) in result.stderr
    assert healthy(found()), "the next start, with the cause mended, must succeed"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make another user's folder")
def test_a_folder_of_another_user_is_refused(registry: Registry) -> None:
    os.chown(registry.folder, 12345, 12345)
    try:
        with pytest.raises(LocalEndpointError, match="not a folder of yours"):
            Registry()
    finally:
        os.chown(registry.folder, os.getuid(), os.getgid())


def test_a_folder_open_to_others_is_closed(registry: Registry) -> None:
    registry.folder.chmod(0o777)
    Registry()
    assert stat.S_IMODE(registry.folder.stat().st_mode) == 0o700


def test_a_thousand_requests_of_many_clients(registry: Registry) -> None:
    where = found()
    with client_of(where) as client:
        while client.get("/v1/health").json()["state"] != "ready":
            time.sleep(0.02)

    def ask(rounds: int) -> list[httpx.Response]:
        with client_of(where) as client:
            return [
                answer
                for _ in range(rounds)
                for answer in (
                    client.get("/v1/health"),
                    client.get("/hello"),
                    client.get("/v1/problems/no_such_problem"),
                    client.post("/v1/repair", json=repair_body() | {"version": 7}),
                    client.post("/v1/repair", json=repair_body(RIGHT)),
                )
            ]

    with ThreadPoolExecutor(20) as clients:
        answers = [answer for batch in clients.map(ask, [10] * 20) for answer in batch]
    assert len(answers) == 1000
    for kind, statuses in enumerate(({200}, {200}, {404}, {422}, {200, 429})):
        assert {answer.status_code for answer in answers[kind::5]} <= statuses
    repairs = answers[4::5]
    assert all(answer.json()["verdict"] == "accepted" for answer in repairs if answer.is_success)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in repairs if answer.is_error)
    assert healthy(where)
    log = registry.log_path.read_text()
    assert "input().split()" not in log
    assert where["token"] not in log
