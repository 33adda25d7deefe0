from pathlib import Path

import pytest

from .conftest import RIGHT, WRONG, Check

CRLF_WRONG = b"\xef\xbb\xbf# h\xc3\xa9\r\n" + WRONG.replace("\n", "\r\n").encode()
CRLF_RIGHT = b"\xef\xbb\xbf# h\xc3\xa9\r\n" + RIGHT.replace("\n", "\r\n").encode()


def test_fix_writes_what_passes_and_keeps_mark_and_line_ends(check: Check, folder: Path) -> None:
    file = folder / "sums" / "a.py"
    file.write_bytes(CRLF_WRONG)

    result = check("--fix")

    assert result.returncode == 0, result.stderr
    assert file.read_bytes() == CRLF_RIGHT
    assert "1 fixed" in result.stderr
    assert check().returncode == 0


def test_fix_can_still_fail_a_build(check: Check, folder: Path) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    assert check("--fix", "--exit-non-zero-on-fix").returncode == 1


def test_diff_prints_what_patch_takes_and_writes_nothing(check: Check, folder: Path) -> None:
    file = folder / "sums" / "a.py"
    file.write_text(WRONG)

    result = check("--diff", "--fix")

    assert result.returncode == 1
    assert result.stdout == (
        "--- sums/a.py\n+++ sums/a.py\n@@ -1,2 +1,2 @@\n n = int(input())\n"
        "-print(sum(range(n)))\n+print(sum(range(n + 1)))\n"
    )
    assert file.read_text() == WRONG


@pytest.mark.parametrize("name", [None, "sums/main.py"])
def test_standard_input_is_fixed_to_standard_output(
    check: Check, folder: Path, name: str | None
) -> None:
    source = WRONG if name else f"# wpc: problem=./sums\n{WRONG}"
    arguments = ["--stdin-filename", name] if name else []

    result = check("-", "--fix", *arguments, stdin=source)

    assert result.returncode == 0, result.stderr
    assert result.stdout == source.replace("range(n)", "range(n + 1)")
    assert name or "<stdin>" in result.stderr


def test_standard_input_is_checked(check: Check) -> None:
    result = check("-", "--problem", "./sums", "--output-format", "concise", stdin=WRONG)

    assert result.returncode == 1
    assert result.stdout.startswith("<stdin>:2:")


def test_ignored_findings_are_not_fixed(check: Check, folder: Path) -> None:
    file = folder / "sums" / "a.py"
    source = WRONG.replace("range(n)))", "range(n)))  # wpc: ignore")
    file.write_text(source)

    assert check("--fix").returncode == 0
    assert file.read_text() == source
