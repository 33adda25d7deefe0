"""Everything that the server says to people, in each of its languages."""

import os

from reference.protocol.languages import language_of
from server.texts.catalog import Plural, Texts
from server.texts.english import ENGLISH
from server.texts.korean import KOREAN

CATALOGS = {"en": ENGLISH, "ko": KOREAN}


def texts_in(locale: str) -> Texts:
    """Return the texts for a locale, or else those in English."""
    return CATALOGS[language_of(locale)]


def system_locale() -> str:
    """Return the locale of messages that the environment asks for."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return "en"


__all__ = ["CATALOGS", "ENGLISH", "Plural", "Texts", "system_locale", "texts_in"]
