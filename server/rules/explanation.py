"""Rules by code or name, and their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from reference.protocol.languages import language_of
from reference.protocol.rules import RULES
from server.errors import UserError
from server.rules.page import Page, read_page
from server.texts import Texts


class UnknownRuleError(UserError):
    """A rule that does not exist; the text names close ones."""


@dataclass(frozen=True)
class Explanation:
    """What a rule means, in every language."""

    code: str

    @property
    def name(self) -> str:
        """The rule's name, such as `off-by-one`."""
        return RULES[self.code].name

    def page(self, locale: str = "en") -> Page:
        """Return the explanation in a language, or else in English."""
        return _page(self.code, language_of(locale))


EXPLANATIONS: Mapping[str, Explanation] = {code: Explanation(code) for code in RULES}


def explanation(rule: str) -> Explanation:
    """Return the explanation of a rule, by its code or name.

    Raises
    ------
    UnknownRuleError
        Where there is no such rule.
    """
    by_name = {known.name: known for known in EXPLANATIONS.values()}
    known = EXPLANATIONS.get(rule.upper()) or by_name.get(rule.lower())
    if known is None:
        close = get_close_matches(rule.upper(), RULES) or get_close_matches(rule.lower(), by_name)

        def wording(texts: Texts) -> str:
            if close:
                hint = texts.did_you_mean.format(names=texts.or_.join(close))
            else:
                hint = texts.known_are.format(names=", ".join(RULES))
            return texts.unknown_rule.format(rule=rule, hint=hint)

        raise UnknownRuleError(wording)
    return known


@cache
def _page(code: str, language: str) -> Page:
    return read_page(code, language)
