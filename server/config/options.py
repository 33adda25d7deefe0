"""Options as they are written down, before anything is resolved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as PydanticError

from reference.protocol.repair import MAX_TIME_BUDGET_S
from server.errors import UserError, Wording
from server.texts import Texts

RulePrefix = Annotated[
    str,
    BeforeValidator(lambda rule: rule.upper() if isinstance(rule, str) else rule),
    StringConstraints(pattern=r"^WPC\d{0,3}$"),
]


class ConfigError(UserError):
    """A configuration that cannot be used; the text says where, what, and what to do."""


class Options(BaseModel):
    """What one place (a file, the command line, an editor) says; `None` where it says nothing.

    Parameters
    ----------
    problems
        Globs of files, relative to the configuration's folder, and the problem that they solve:
        the id of one in the bank, or a problem's folder (a relative path with a `/` in it). The
        first glob that matches wins.
    select, ignore
        Rules, or beginnings of them such as `WPC3`; `ignore` wins.
    per_file_ignores
        Globs of files and the rules to ignore there.
    exclude
        Globs of files and folders that are not checked.
    time_budget
        Seconds that the engine may spend on one program.
    locale
        Language of messages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    problems: Mapping[str, str] | None = None
    select: tuple[RulePrefix, ...] | None = None
    ignore: tuple[RulePrefix, ...] | None = None
    per_file_ignores: Mapping[str, tuple[RulePrefix, ...]] | None = None
    exclude: tuple[str, ...] | None = None
    time_budget: float | None = Field(default=None, gt=0, le=MAX_TIME_BUDGET_S)
    locale: str | None = Field(default=None, min_length=2)


def kebab_case(name: str) -> str:
    """Spell an option as configuration files do: `time-budget`."""
    return name.replace("_", "-")


def camel_case(name: str) -> str:
    """Spell an option as editors do: `timeBudget`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def parse_options(table: Mapping[str, Any], spell: Callable[[str], str], where: Wording) -> Options:
    """Read options from a table.

    Parameters
    ----------
    spell
        How an option's name is spelt in this table: `kebab_case` or `camel_case`.
    where
        Says what to call the table in an error, such as `/home/ada/wpc.toml`.

    Raises
    ------
    ConfigError
        Where a key is unknown or a value is not what it should be.
    """
    names = {spell(name): name for name in Options.model_fields}
    for key in table:
        if key not in names:
            close = get_close_matches(key, names, n=1, cutoff=0.5)
            raise ConfigError(_unknown(key, close, names, where))
    try:
        return Options.model_validate({names[key]: value for key, value in table.items()})
    except PydanticError as error:
        raise ConfigError(_invalid(error, spell, where)) from None


def _unknown(key: str, close: Sequence[str], names: Iterable[str], where: Wording) -> Wording:
    def wording(texts: Texts) -> str:
        if close:
            hint = texts.did_you_mean.format(names=repr(close[0]))
        else:
            hint = texts.known_are.format(names=", ".join(names))
        return texts.unknown_option.format(where=where(texts), option=key, hint=hint)

    return wording


def _invalid(error: PydanticError, spell: Callable[[str], str], where: Wording) -> Wording:
    first = error.errors(include_url=False)[0]
    option, *rest = (str(part) for part in first["loc"])
    place = ".".join([spell(option), *rest])

    def wording(texts: Texts) -> str:
        at = f"{where(texts)}: {place}"
        if first["type"] == "string_pattern_mismatch":
            return texts.not_a_rule.format(where=at, value=first["input"])
        rule = first["msg"].lower()
        return texts.not_valid.format(where=at, rule=rule, value=first["input"])

    return wording
