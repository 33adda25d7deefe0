"""A rule, and how it is put into words."""

from dataclasses import dataclass

from reference.protocol.languages import language_of


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a rule in one language.

    Parameters
    ----------
    title
        A few words that begin every message.
    replace, add, remove
        What to change: templates that hold `{old}` and `{new}`, or the one that there is.
    one_more, more
        That `{count}` other places must change, too.
    """

    title: str
    replace: str
    add: str
    remove: str
    one_more: str
    more: str


def english(
    title: str,
    replace: str = "`{old}` should be `{new}`",
    add: str = "`{new}` is missing here",
    remove: str = "`{old}` should not be here",
) -> Wording:
    """Return a wording in English."""
    return Wording(
        title, replace, add, remove, " (and one more change)", " (and {count} more changes)"
    )


def korean(
    title: str,
    replace: str = "`{old}` 대신 `{new}` 형태로 써야 합니다",
    add: str = "여기에 `{new}` 부분이 빠져 있습니다",
    remove: str = "여기에 `{old}` 부분이 없어야 합니다",
) -> Wording:
    """Return a wording in Korean, in which no particle follows a value."""
    return Wording(
        title, replace, add, remove, " (그 밖에 1곳 더 수정)", " (그 밖에 {count}곳 더 수정)"
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of error.

    Parameters
    ----------
    code
        Such as `WPC301`.
    name
        Such as `off-by-one`.
    wordings
        By language.
    """

    code: str
    name: str
    wordings: dict[str, Wording]

    def title(self, locale: str = "en") -> str:
        """Return a few words in a language, or else in English."""
        return self.wordings[language_of(locale)].title

    def message(self, old: str, new: str, changes: int = 1, locale: str = "en") -> str:
        """Return what to change, as one sentence without a full stop.

        Parameters
        ----------
        old, new
            The wrong part and what should stand there; one is empty where something is missing
            or too many, and both where it is better not quoted.
        changes
            Places that must change, this one included.
        """
        wording = self.wordings[language_of(locale)]
        text = wording.title
        if old != new:
            template = wording.replace if old and new else wording.add if new else wording.remove
            text += f": {template.format(old=old, new=new)}"
        if changes == 2:
            text += wording.one_more
        elif changes > 2:
            text += wording.more.format(count=changes - 1)
        return text
