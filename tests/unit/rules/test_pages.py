"""The pages of the rules: alike in all languages, and right about their examples."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference.edits import Program
from reference.judge import Judge
from reference.protocol import Checker, CheckerKind, Problem, Test, Verdict
from reference.protocol.languages import LANGUAGES
from reference.protocol.rules import FAMILIES, RULES
from reference.rules import classify
from server.findings import UNREPAIRED
from server.rules import EXPLANATIONS, Page

ROOT = Path(__file__).parents[3]
EVERY_RULE = pytest.mark.parametrize("code", RULES)
VERDICTS = {code: verdict for verdict, code in UNREPAIRED.items()}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1) as judge:
        yield judge


def test_every_rule_has_a_page_and_no_other() -> None:
    assert set(EXPLANATIONS) == set(RULES)
    for language in LANGUAGES:
        folder = EXPLANATIONS["WPC301"].page(language).path.parent
        assert {path.stem for path in folder.iterdir()} == set(RULES)


@EVERY_RULE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_its_form(code: str, language: str) -> None:
    page = EXPLANATIONS[code].page(language)
    [family] = [family for family in FAMILIES if code.startswith(family.prefix)]

    assert page.title == f"{code}: {RULES[code].title(language)}"
    assert f"\n\n`{RULES[code].name}` · {family.title(language)}\n\n" in page.markdown
    assert page.headings == EXPLANATIONS["WPC301"].page(language).headings
    assert page.summary.endswith(".")
    assert page.advice
    assert set(re.findall(r"WPC\d+", page.markdown)) <= set(RULES)


@EVERY_RULE
def test_languages_have_the_same_example(code: str) -> None:
    english, korean = (EXPLANATIONS[code].page(language) for language in LANGUAGES)

    assert example(english)[:3] == example(korean)[:3]
    assert example(english)[4] == example(korean)[4]
    assert hangul(korean.markdown)
    assert not hangul(english.markdown)


@EVERY_RULE
def test_particles_after_rules_follow_the_last_digit(code: str) -> None:
    markdown = EXPLANATIONS[code].page("ko").markdown
    for digit, particle in re.findall(r"WPC\d\d(\d)(을|를|과|와|은|는|이|가)", markdown):
        closed = digit in "013678"  # 영, 일, 삼, 육, 칠, 팔 end in a consonant
        assert (particle in "을과은이") is closed


@EVERY_RULE
def test_the_wrong_example_fails_its_test_as_the_page_says(judge: Judge, code: str) -> None:
    wrong, given, expected, actual, _ = example(EXPLANATIONS[code].page())

    judged = judge.judge(wrong, problem(given, expected))

    assert judged.verdict is VERDICTS.get(code, Verdict.WRONG_ANSWER)
    if judged.verdict is Verdict.WRONG_ANSWER:
        assert judged.runs[0].run.output == actual
    elif judged.verdict is Verdict.RUNTIME_ERROR:
        assert judged.runs[0].run.stderr.endswith(f"\n{actual}")


@EVERY_RULE
def test_the_right_example_passes(judge: Judge, code: str) -> None:
    _, given, expected, _, right = example(EXPLANATIONS[code].page())

    assert judge.judge(right, problem(given, expected)).accepted


@pytest.mark.parametrize("code", [code for code in RULES if code not in VERDICTS])
def test_the_classifier_names_the_rule_of_the_example(code: str) -> None:
    wrong, _, _, _, right = example(EXPLANATIONS[code].page())

    assert classify(Program(wrong), Program(right)).rule == code


def example(page: Page) -> tuple[str, ...]:
    """Return the wrong program, the input, the expected and the actual output, the right one."""
    assert [language for language, _ in page.blocks] == ["python", *["text"] * 3, "python"]
    return tuple(content for _, content in page.blocks)


def problem(given: str, expected: str) -> Problem:
    return Problem(
        tests=(Test(name="sample-1", input=given, output=expected, sample=True),),
        checker=Checker(kind=CheckerKind.EXACT),
        time_limit_s=1,
        memory_limit_mib=64,
    )


def hangul(text: str) -> bool:
    return re.search("[가-힣]", text) is not None


def test_the_documentation_is_what_the_server_shows(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "docs/make_rules.py", tmp_path], check=True)

    assert contents(tmp_path) == contents(ROOT / "docs/rules")


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
