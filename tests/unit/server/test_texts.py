"""The catalogs of texts: alike in every language, and used as they are meant."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from reference.protocol.languages import LANGUAGES, language_of
from server.texts import CATALOGS, ENGLISH, Plural, Texts, system_locale, texts_in

SERVER = Path(__file__).parents[3] / "server"
KEYS = [field.name for field in fields(Texts)]
PARTICLE = re.compile(r"\}[`'\"]?(은|는|이|가|을|를|와|과|로|으로|이다|입니다)(?=[\s.,]|$)")


def test_there_is_a_catalog_for_every_language() -> None:
    assert set(CATALOGS) == set(LANGUAGES)
    assert all(catalog.language == language for language, catalog in CATALOGS.items())


@pytest.mark.parametrize("key", KEYS)
def test_languages_have_the_same_placeholders(key: str) -> None:
    english = getattr(ENGLISH, key)
    for catalog in CATALOGS.values():
        text = getattr(catalog, key)
        assert type(text) is type(english)
        forms = (text,) if isinstance(text, str) else text
        assert all(forms)
        assert placeholders(forms[-1]) == placeholders(
            english if isinstance(english, str) else english.other
        )
        assert all(placeholders(form) <= placeholders(forms[-1]) for form in forms)


@pytest.mark.parametrize("key", KEYS)
def test_no_korean_particle_follows_a_value(key: str) -> None:
    text = getattr(CATALOGS["ko"], key)
    for form in (text,) if isinstance(text, str) else text:
        assert not PARTICLE.search(form)


def test_every_text_is_filled_as_it_is_written() -> None:
    filled = [use for path in SERVER.rglob("*.py") for use in uses(path)]

    assert len(filled) > 40
    for key, names in filled:
        text = getattr(ENGLISH, key)
        wanted = placeholders(text.other if isinstance(text, Plural) else text)
        assert names == wanted - ({"count"} if isinstance(text, Plural) else set()), key


def test_every_text_is_used() -> None:
    sources = "".join(
        path.read_text("utf-8")
        for path in (*SERVER.rglob("*.py"), *SERVER.rglob("*.jinja"))
        if path.parent.name != "texts"
    )

    assert not [key for key in KEYS if not re.search(rf"\.{key}\b", sources)]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        *(("ko", "ko"), ("ko_KR.UTF-8", "ko"), ("ko-KR", "ko"), ("KO", "ko"), ("en-GB", "en")),
        *(("de", "en"), ("C", "en"), ("C.UTF-8", "en"), ("", "en")),
    ],
)
def test_a_locale_has_a_language(locale: str, language: str) -> None:
    assert language_of(locale) == texts_in(locale).language == language


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko_KR.UTF-8"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "C"}, "C"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR"}, "ko_KR"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_environment_has_a_locale(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], locale: str
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)

    assert system_locale() == locale


def uses(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield the key of each text that a module fills, and the names that it gives."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "of")
            and isinstance(node.func.value, ast.Attribute)
            and node.func.value.attr in KEYS
        ):
            yield node.func.value.attr, {keyword.arg or "" for keyword in node.keywords}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
