"""Errors that are for a person to read."""

from collections.abc import Callable

from server.texts import ENGLISH, Texts

Wording = Callable[[Texts], str]


class UserError(Exception):
    """Something that the user can do something about; the text says what.

    It is put into words only where it is shown, in the language of whoever reads it there; as a
    string, and so in logs, it is English.

    Parameters
    ----------
    wording
        Takes the text from a catalog and fills it in. A text that comes from elsewhere has the
        language that it has.
    """

    def __init__(self, wording: Wording | str) -> None:
        super().__init__(wording)
        self._wording: Wording = (lambda _: wording) if isinstance(wording, str) else wording

    def text(self, texts: Texts) -> str:
        """Return the text in the language of a catalog."""
        return self._wording(texts)

    def __str__(self) -> str:
        return self._wording(ENGLISH)
