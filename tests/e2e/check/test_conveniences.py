import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from .conftest import RIGHT, WPC_LSP, WRONG, Check, end_endpoint


def test_baseline_hides_what_is_known_only(check: Check, folder: Path) -> None:
    (folder / "sums" / "old.py").write_text(WRONG)
    written = check("--write-baseline", "known.json")
    (folder / "sums" / "old.py").write_text(f"\n\n{WRONG}")
    known = check("--baseline", "known.json")
    (folder / "sums" / "new.py").write_text(WRONG)
    new = check("--baseline", "known.json", "--output-format", "concise")

    assert written.returncode == 0
    assert list(json.loads((folder / "known.json").read_text())["findings"]) == ["sums/old.py"]
    assert known.returncode == 0
    assert new.returncode == 1
    assert [line.split(":")[0] for line in new.stdout.splitlines()] == ["sums/new.py"]


def test_no_baseline_is_written_of_half_a_check(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)
    (folder / "sums" / "b.py").write_bytes(b"\xff")

    result = check("--write-baseline", "known.json")

    assert result.returncode == 2
    assert "known.json was not written" in result.stderr
    assert not (folder / "known.json").exists()


def test_globs_of_the_command_line_are_relative_to_the_working_folder(
    check: Check, folder: Path
) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    assert check("--exclude", "sums/a.py").returncode == 0
    assert check("--exclude", "sums/").returncode == 0
    assert check("--exclude", "a.py/").returncode == 1
    assert check("--per-file-ignores", "sums/*.py:WPC").returncode == 0
    assert check("--per-file-ignores", "other/*.py:WPC").returncode == 1


@pytest.mark.parametrize("content", [None, "", '{"version": 2, "findings": {}}', "[]"])
def test_missing_or_broken_baseline_is_2(check: Check, folder: Path, content: str | None) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)
    if content is not None:
        (folder / "known.json").write_text(content)

    result = check("--baseline", "known.json")

    assert result.returncode == 2
    assert "known.json" in result.stderr
    assert result.stdout == ""


def test_watching_checks_again_after_a_change(environment: dict[str, str], folder: Path) -> None:
    file = folder / "sums" / "a.py"
    file.write_text(WRONG)
    with subprocess.Popen(
        [sys.executable, "-c", WPC_LSP, "--check", "--watch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    ) as process:
        assert process.stderr is not None
        before = _read_until(process.stderr, "Watching")
        file.write_text(RIGHT)
        after = _read_until(process.stderr, "Watching")
        process.send_signal(signal.SIGINT)
        process.wait(30)

    assert "1 wrong" in before
    assert "no errors found" in after
    assert process.returncode == 130


def test_page_is_whole_and_lets_no_program_speak(check: Check, folder: Path) -> None:
    (folder / "sums" / "<b>.py").write_text(f"# </td><script>alert(1)</script>\n{WRONG}")

    page = check("--output-format", "html").stdout

    assert page.startswith("<!doctype html>")
    assert "1 of 1 program is wrong" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "<ins>" in page


@pytest.mark.parametrize(
    ("rule", "words"), [("WPC301", "range(1, n + 1)"), ("off-by-one", "WPC301"), ("wpc006", "#")]
)
def test_explain(rule: str, words: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", WPC_LSP, "--explain", rule],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert result.returncode == 0
    assert words in result.stdout


def test_unknown_rule_is_2() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WPC_LSP, "--explain", "WPC310"],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert result.returncode == 2
    assert "did you mean" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", WPC_LSP, "--completion", shell],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert result.returncode == 0
    assert "_WPC_LSP_COMPLETE" in result.stdout


def test_modules_of_the_users_folder_are_never_imported(
    environment: dict[str, str], folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("json.py", "server.py", "reference.py", "modal_app.py", "asyncio.py"):
        (folder / name).write_text(f"open('imported', 'a').write('{name} ')\n")
    (folder / "sums" / "a.py").write_text(WRONG)
    command = Path(sys.executable).with_name("wpc-lsp")
    fresh = tmp_path_factory.mktemp("runtime")
    fresh.chmod(0o700)

    result = subprocess.run(
        [command, "--check", "sums"],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment | {"XDG_RUNTIME_DIR": str(fresh)},
        timeout=120,
    )

    assert result.returncode == 1, result.stderr
    assert not (folder / "imported").exists()
    end_endpoint(fresh)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_and_only_there(
    environment: dict[str, str], folder: Path
) -> None:
    for number in range(3):
        (folder / "sums" / f"{number}.py").write_text(f"# {number}\n{RIGHT}")
    terminal, end = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", WPC_LSP, "--check", "--no-cache"],
        stdout=subprocess.PIPE,
        stderr=end,
        cwd=folder,
        env=environment | {"TERM": "xterm-256color", "NO_COLOR": ""},
    ) as process:
        os.close(end)
        shown = b""
        try:
            while data := os.read(terminal, 65536):
                shown += data
        except OSError:  # what Linux says when the other end is closed
            pass
        assert process.stdout is not None
        output = process.stdout.read()
    os.close(terminal)

    assert process.returncode == 0
    assert output == b""
    assert b"checking" in shown
    assert re.search(rb"[123]/3", re.sub(rb"\x1b\[[0-9;]*m", b"", shown))


def _read_until(stream: IO[str], word: str) -> str:
    lines: list[str] = []
    for line in stream:
        lines.append(line)
        if word in line:
            break
    return "".join(lines)
