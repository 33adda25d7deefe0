import http.server
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from .conftest import RIGHT, WPC_LSP, WRONG, Check


def test_findings_are_1_and_what_is_right_0(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(RIGHT)
    clean = check("sums")
    (folder / "sums" / "b.py").write_text(WRONG)
    wrong = check("sums", "--output-format", "concise")

    assert (clean.returncode, clean.stdout) == (0, ""), clean.stderr
    assert "1 program checked" in clean.stderr
    assert "no errors found" in clean.stderr
    assert wrong.returncode == 1, wrong.stderr
    assert wrong.stdout.startswith("sums/b.py:2:")
    assert "(test sample-1, input 5: expected 15, got 10)" in wrong.stdout
    assert "1 wrong" in wrong.stderr


def test_exit_zero_hides_findings_but_no_failure(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    assert check("--exit-zero").returncode == 0
    assert check("--exit-zero", "nowhere").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["--problem", "sume"], "no problem 'sume'"),
        (["--select", "E501"], "'E501' is no rule"),
        (["--time-budget", "99"], "time-budget"),
        (["--endpoint", "ftp://a"], "is no endpoint"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
        (["--output-format", "xml"], "xml"),
        (["--output-file", "no/such/folder"], "cannot be written"),
        (["-", "sums"], "Give - alone"),
        (["--stdin-filename", "a.py"], "give - as well"),
        (["--watch", "nowhere"], "nowhere: no such file or folder"),
        (["--jobs", "0"], "0"),
        (["--baseline", "a.json", "--write-baseline", "b.json"], "Give --baseline or"),
    ],
)
def test_usage_and_configuration_errors_are_2(
    check: Check, folder: Path, arguments: list[str], words: str
) -> None:
    (folder / "sums" / "a.py").write_text(RIGHT)

    result = check(*arguments)

    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_broken_configuration_is_2(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(RIGHT)
    (folder / "wpc.toml").write_text("selct = ['WPC']\n")

    result = check()

    assert result.returncode == 2
    assert "did you mean 'select'?" in result.stderr


def test_endpoint_out_of_reach_is_2(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    result = check("--endpoint", "http://127.0.0.1:9", "--exit-zero")

    assert result.returncode == 2
    assert "cannot be reached" in result.stderr
    assert result.stdout == ""


def test_refused_credentials_are_2(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)
    with http.server.HTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        result = check("--endpoint", f"http://127.0.0.1:{server.server_port}", WPC_TOKEN="hush")
        server.shutdown()

    assert result.returncode == 2
    assert "refuses the credentials" in result.stderr
    assert "hush" not in result.stderr + result.stdout


def test_file_that_cannot_be_read_is_2_and_the_others_are_checked(
    check: Check, folder: Path
) -> None:
    (folder / "sums" / "a.py").write_bytes(b"x = '\xff'\n")
    (folder / "sums" / "b.py").write_text(WRONG)

    result = check("--output-format", "concise")

    assert result.returncode == 2
    assert "sums/a.py: is not UTF-8" in result.stderr
    assert result.stdout.startswith("sums/b.py:2:")


def test_file_without_a_problem_is_skipped_and_counted(check: Check, folder: Path) -> None:
    (folder / "other.py").write_text("print(1)\n")

    result = check()

    assert result.returncode == 0
    assert "1 file solves no problem that WPC knows" in result.stderr
    assert "# wpc: problem=ID" in result.stderr


def test_what_is_no_program_is_skipped_with_a_reason(check: Check, folder: Path) -> None:
    (folder / "sums" / "long.py").write_text("#" * 300_000)
    (folder / "sums" / "lesson.ipynb").write_text("{}")

    result = check("sums", "sums/lesson.ipynb")

    assert result.returncode == 0
    assert "sums/long.py: skipped: it is longer than 200 KiB" in result.stderr
    assert "sums/lesson.ipynb: skipped: notebooks are not checked" in result.stderr


def test_name_with_a_line_end_stays_on_its_line(check: Check, folder: Path) -> None:
    (folder / "sums" / "a\nb.py").write_text(WRONG)
    (folder / "sums" / "c\nd.py").write_bytes(b"\xff")

    result = check("--output-format", "concise")

    assert result.stdout.startswith("sums/a\u240ab.py:2:")
    assert "error: sums/c\u240ad.py: is not UTF-8" in result.stderr


def test_file_and_a_link_to_it_are_fixed_once(check: Check, folder: Path) -> None:
    (folder / "sums" / "b.py").write_text(WRONG)
    (folder / "sums" / "a.py").symlink_to("b.py")

    result = check("--fix")

    assert result.returncode == 0, result.stderr
    assert "1 fixed" in result.stderr
    assert (folder / "sums" / "a.py").is_symlink()


def test_unknown_problem_in_a_comment_is_2(check: Check, folder: Path) -> None:
    (folder / "other.py").write_text("# wpc: problem=leap_day\nprint(1)\n")

    result = check()

    assert result.returncode == 2
    assert "other.py: There is no problem 'leap_day'; did you mean leap_days" in result.stderr


def test_check_options_need_check() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WPC_LSP, "--fix"], capture_output=True, text=True, timeout=60
    )

    assert result.returncode == 2
    assert "--check" in result.stderr


class _Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(401)

    def log_message(self, *_: object) -> None:
        pass
