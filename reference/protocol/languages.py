"""The languages that messages come in."""

LANGUAGES = ("en", "ko")


def language_of(locale: str) -> str:
    """Return the language of a locale such as `ko_KR.UTF-8` or `ko-KR`; English for others."""
    language = locale.replace("_", "-").split("-")[0].split(".")[0].lower()
    return language if language in LANGUAGES else "en"
