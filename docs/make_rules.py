"""Write docs/rules: the rules' pages, as they come with the server, and an index by family.

python docs/make_rules.py
"""

import sys
from pathlib import Path

from reference.protocol.languages import LANGUAGES
from reference.protocol.rules import FAMILIES, RULES
from server.rules import EXPLANATIONS

_INTRODUCTIONS = {
    "en": (
        "# Rules\n\n"
        "Every finding has a rule: what kind of error it is. Where a fix is known, the fix tells; "
        "where none is known, what the judge says. `wpc-lsp --explain WPC301` prints a page, in "
        "English or Korean, and an editor's link on a finding's code opens it: the page that came "
        "with the server, in your language, which needs no network.\n\n"
        "[한국어](ko/README.md)\n"
    ),
    "ko": (
        "# 규칙\n\n"
        "진단마다 어떤 종류의 오류인지 알려 주는 규칙이 있습니다. 수정안이 있으면 수정안이, 없으면 "
        "채점 결과가 규칙을 정합니다. `wpc-lsp --explain WPC301` 명령은 설명을 한국어나 영어로 "
        "출력하고, 편집기에서 진단의 코드에 걸린 링크를 누르면 서버와 함께 설치된 설명이 사용자의 "
        "언어로 열립니다. 네트워크는 필요하지 않습니다.\n\n"
        "[English](../README.md)\n"
    ),
}


def write(folder: Path) -> None:
    """Write all pages to a folder, English in it and other languages below."""
    for language in LANGUAGES:
        place = folder if language == "en" else folder / language
        place.mkdir(parents=True, exist_ok=True)
        (place / "README.md").write_text(_index(language), encoding="utf-8")
        for code, known in EXPLANATIONS.items():
            page = known.page(language).markdown
            (place / f"{code}.md").write_text(page, encoding="utf-8")


def _index(language: str) -> str:
    parts = [_INTRODUCTIONS[language]]
    for family in FAMILIES:
        rows = [
            f"- [{code}]({code}.md) `{rule.name}`: {rule.title(language)}"
            for code, rule in RULES.items()
            if code.startswith(family.prefix)
        ]
        parts.append("\n".join([f"## {family.title(language)}", "", *rows, ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("rules"))
