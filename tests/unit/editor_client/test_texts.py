"""What the extension says, it says in Korean, too."""

import json
import re
from pathlib import Path

EXTENSION = Path(__file__).parents[3] / "editor-client" / "vscode"
SAID = re.compile(r"""\bt\(\s*(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")""")
PLACE = re.compile(r"\{\d\}")


def read(name: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((EXTENSION / name).read_text("utf-8"))
    return texts


def test_every_text_of_the_manifest_is_there_in_both_languages() -> None:
    manifest = (EXTENSION / "package.json").read_text("utf-8")
    english, korean = read("package.nls.json"), read("package.nls.ko.json")
    assert set(re.findall(r'"%([\w.]+)%"', manifest)) == set(english) == set(korean)
    for key, text in english.items():
        assert re.findall(r"\(command:.*?\)", text) == re.findall(r"\(command:.*?\)", korean[key])


def test_every_text_of_the_code_is_there_in_korean_with_its_places() -> None:
    said = {
        single or double
        for source in (EXTENSION / "src").glob("*.ts")
        for single, double in SAID.findall(source.read_text("utf-8"))
    }
    korean = read("l10n/bundle.l10n.ko.json")
    assert said == set(korean)
    for english, text in korean.items():
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(text))
