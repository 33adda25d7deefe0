"""`--check` and `--explain` in Korean: by the option, the settings, and the environment."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from .conftest import RIGHT, WPC_LSP, WRONG, Check

KOREAN = {"LANG": "ko_KR.UTF-8"}


@pytest.fixture(autouse=True)
def _programs(folder: Path) -> None:
    (folder / "sums" / "right.py").write_text(RIGHT)
    (folder / "sums" / "wrong.py").write_text(WRONG)


def test_the_environment_is_asked_last(check: Check, folder: Path) -> None:
    def message(*options: str, **environ: str) -> str:
        return check("--output-format", "concise", *options, **environ).stdout

    assert "(테스트 sample-1, 입력 5: 기대 출력 15, 실제 출력 10)" in message(**KOREAN)
    assert "expected 15" in message("--locale", "en", **KOREAN)
    (folder / "wpc.toml").write_text('locale = "ko"\n')
    assert "기대 출력 15" in message(LANG="en_US.UTF-8")
    assert "expected 15" in message("--locale", "en")


def test_columns_are_as_wide_as_they_look(check: Check) -> None:
    result = check("sums/wrong.py", **KOREAN)
    lines = result.stdout.splitlines()
    heads = next(line for line in lines if line.split() == ["입력", "기대", "출력", "실제", "출력"])
    values = lines[lines.index(heads) + 1]

    assert result.stderr.startswith("프로그램 1개 검사 (")
    for head, value in (("입력", "5"), ("기대 출력", "15"), ("실제 출력", "10")):
        start = cell_len(heads[: heads.index(head)])
        assert start == cell_len(values[: values.index(value)])


def test_all_but_messages_is_the_same_for_machines(check: Check) -> None:
    english, korean = (
        json.loads(check("--output-format", "json", LANG=locale).stdout)
        for locale in ("en_US.UTF-8", "ko_KR.UTF-8")
    )

    assert texts(english) != texts(korean)
    assert without_texts(english) == without_texts(korean)


def test_the_page_is_korean(check: Check) -> None:
    page = check("--output-format", "html", **KOREAN).stdout
    shown = re.sub(r"<(style|code|pre|td)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)

    assert '<html lang="ko">' in page
    assert "프로그램 2개 중 1개가 오답입니다" in page
    names = {"WPC", "off-by-one", "sample-1", "sums", "wrong", "py"}
    assert set(re.findall(r"[A-Za-z][A-Za-z0-9-]+", shown)) <= names | {"WPC301"}


def test_errors_are_korean(check: Check) -> None:
    missing = check("nowhere.py", **KOREAN)
    option = check("--ignore", "E501", **KOREAN)

    assert missing.stderr == "오류: nowhere.py: 그런 파일이나 폴더가 없습니다\n"
    assert "명령줄: ignore.0: 규칙이 아닙니다: 'E501'" in option.stderr
    assert (missing.returncode, option.returncode) == (2, 2)


def test_an_encoding_without_hangul_is_no_error(check: Check) -> None:
    result = check("sums/wrong.py", PYTHONIOENCODING="ascii", **KOREAN)

    assert result.returncode == 1
    assert result.stdout.isascii()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("options", "locale", "title"),
    [
        ((), "ko_KR.UTF-8", "# WPC301: 1 차이 오류"),
        (("--locale", "ko"), "C.UTF-8", "# WPC301: 1 차이 오류"),
        (("--locale", "en"), "ko_KR.UTF-8", "# WPC301: Off by one"),
        ((), "fr_FR.UTF-8", "# WPC301: Off by one"),
    ],
)
def test_explain(
    environment: dict[str, str], options: tuple[str, ...], locale: str, title: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", WPC_LSP, "--explain", "WPC301", *options],
        capture_output=True,
        encoding="utf-8",
        env=environment | {"LANG": locale},
        timeout=60,
    )

    assert result.stdout.splitlines()[0] == title


def texts(report: object) -> list[str]:
    if isinstance(report, list):
        return [text for item in report for text in texts(item)]
    if not isinstance(report, dict):
        return []
    own = [report["message"]] if "message" in report else []
    return own + [text for value in report.values() for text in texts(value)]


def without_texts(report: object) -> object:
    if isinstance(report, list):
        return [without_texts(item) for item in report]
    if not isinstance(report, dict):
        return report
    return {key: without_texts(value) for key, value in report.items() if key != "message"}
