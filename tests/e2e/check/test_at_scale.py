import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from modal_app.registry import Registry

from .conftest import WPC_LSP, WRONG, Check
from .standin import StandIn

FILES = 60


@pytest.fixture
def programs(folder: Path) -> list[str]:
    """Write many programs, all of them wrong and no two alike; return their paths."""
    (folder / "two_sum").mkdir()
    names = [f"two_sum/{number:03}.py" for number in range(FILES)]
    for number, name in enumerate(names):
        (folder / name).write_text(f"x = {number}  # WRONG\n")
    return names


def paths_of(output: str) -> list[str]:
    return [line.split(":")[0] for line in output.splitlines()]


def test_many_files_are_asked_for_at_once_but_never_more_than_jobs(
    check: Check, programs: list[str]
) -> None:
    with StandIn(together=5) as endpoint:
        result = check("--endpoint", endpoint.url, "-j", "5", "--output-format", "concise")

    assert result.returncode == 1, result.stderr
    assert paths_of(result.stdout) == programs
    assert set(endpoint.asked.values()) == {1}
    assert len(endpoint.asked) == FILES
    assert endpoint.most_at_once == 5


def test_unchanged_programs_are_not_asked_for_again(
    check: Check, folder: Path, programs: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    arguments = ["--cache-dir", tmp_path_factory.mktemp("cache"), "--output-format", "concise"]
    with StandIn() as endpoint:
        first = check("--endpoint", endpoint.url, *arguments)
        (folder / programs[3]).write_text("right = 1\n")
        second = check("--endpoint", endpoint.url, *arguments)
        check("--endpoint", endpoint.url, *arguments, "--time-budget", "1")

    assert paths_of(second.stdout) == [name for name in paths_of(first.stdout) if "003" not in name]
    assert endpoint.asked.pop("x = 3  # WRONG\n") == 1
    assert set(endpoint.asked.values()) == {2}  # once, and once with another budget


def test_endpoint_that_starts_anew_is_not_asked_for_what_it_said_before(
    check: Check, folder: Path, programs: list[str]
) -> None:
    arguments = ["--cache-dir", "cache", "--output-format", "concise"]
    with StandIn() as endpoint:
        first = check("--endpoint", endpoint.url, *arguments)
        endpoint.loaded = False
        second = check("--endpoint", endpoint.url, *arguments)

    assert first.stdout == second.stdout != ""
    assert set(endpoint.asked.values()) == {1}


def test_cache_that_cannot_be_written_is_no_error(
    check: Check, folder: Path, programs: list[str]
) -> None:
    (folder / "file").write_text("")
    with StandIn() as endpoint:
        result = check("--endpoint", endpoint.url, "--cache-dir", "file/cache")

    assert result.returncode == 1
    assert f"{FILES} programs checked" in result.stderr


def test_full_disk_for_the_cache_is_no_error(
    environment: dict[str, str], check: Check, folder: Path, programs: list[str]
) -> None:
    full = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (99, 99)); {WPC_LSP}"
    with StandIn() as endpoint:
        arguments = ["--endpoint", endpoint.url, "--cache-dir", "cache"]
        command = [sys.executable, "-c", full, "--check", *arguments, "--output-format", "concise"]
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
        )
        assert (result.returncode, paths_of(result.stdout)) == (1, programs), result.stderr
        assert [path for path in (folder / "cache").rglob("*") if path.is_file()] == []

        check(*arguments)
        check(*arguments)
    assert set(endpoint.asked.values()) == {2}  # with room, reports are kept


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_full_disk_for_the_report_is_2(check: Check, programs: list[str]) -> None:
    with StandIn() as endpoint:
        result = check("--endpoint", endpoint.url, "--output-file", "/dev/full")

    assert result.returncode == 2
    assert "/dev/full: cannot be written" in result.stderr


def test_interrupted_check_goes_on_where_it_stopped(
    environment: dict[str, str], folder: Path, programs: list[str], check: Check
) -> None:
    arguments = ["--cache-dir", "cache", "--output-format", "concise", "-j", "1"]
    with StandIn(stop_after=20) as endpoint:
        with start(environment, folder, "--endpoint", endpoint.url, *arguments) as process:
            assert endpoint.asked_enough.wait(60)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert f"of {FILES} files; the same command goes on" in errors
        assert "Traceback" not in errors

        before = set(endpoint.asked)
        endpoint.release.set()
        result = check("--endpoint", endpoint.url, *arguments)

    assert paths_of(result.stdout) == programs
    assert len(endpoint.asked) == FILES
    assert {endpoint.asked[code] for code in before} == {1}


def test_endpoint_that_drops_its_connections_loses_and_repeats_nothing(
    environment: dict[str, str], folder: Path, programs: list[str]
) -> None:
    arguments = ["--no-cache", "--output-format", "concise", "-j", "4"]
    with StandIn(stop_after=20) as endpoint:
        endpoint.dropping = True
        with start(environment, folder, "--endpoint", endpoint.url, *arguments) as process:
            assert endpoint.asked_enough.wait(60)
            endpoint.release.set()
            output, errors = process.communicate(timeout=60)

    assert process.returncode == 1, errors
    assert paths_of(output) == programs
    assert set(endpoint.asked.values()) == {1}


def test_endpoint_that_goes_away_leaves_what_was_found(
    environment: dict[str, str], folder: Path, programs: list[str]
) -> None:
    with StandIn(stop_after=20) as endpoint:
        endpoint.dropping = True
        arguments = ["--endpoint", endpoint.url, "--no-cache", "--output-format", "concise"]
        with start(environment, folder, *arguments, "-j", "2") as process:
            assert endpoint.asked_enough.wait(60)
            process.send_signal(signal.SIGSTOP)
            endpoint.__exit__()
            process.send_signal(signal.SIGCONT)
            output, errors = process.communicate(timeout=120)

    assert process.returncode == 2
    assert paths_of(output) == programs[: len(paths_of(output))] != []
    assert errors.count("cannot be reached") == 1
    assert "could not be checked" in errors


def test_local_endpoint_killed_in_the_middle_is_started_again(
    environment: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        (folder / "sums" / f"{number}.py").write_text(f"# {number}\n{WRONG}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", environment["XDG_RUNTIME_DIR"])
    with start(environment, folder, "--output-format", "concise", "-j", "1") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        entry = Registry().read()
        assert entry is not None
        os.kill(entry.pid, signal.SIGKILL)
        output, errors = process.communicate(timeout=120)

    assert process.returncode == 1, errors
    assert paths_of(first + output) == [f"sums/{number}.py" for number in range(8)]


def start(
    environment: dict[str, str], folder: Path, *arguments: str | Path
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WPC_LSP, "--check", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder,
        env=environment,
    )
