"""Options as they are written down, before anything is resolved."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as PydanticError

from reference.protocol.repair import MAX_TIME_BUDGET_S

RulePrefix = Annotated[
    str,
    BeforeValidator(lambda rule: rule.upper() if isinstance(rule, str) else rule),
    StringConstraints(pattern=r"^WPC\d{0,3}$"),
]


class ConfigError(Exception):
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


def parse_options(table: Mapping[str, Any], spell: Callable[[str], str], where: str) -> Options:
    """Read options from a table.

    Parameters
    ----------
    spell
        How an option's name is spelt in this table: `kebab_case` or `camel_case`.
    where
        What to call the table in an error, such as `/home/ada/wpc.toml`.

    Raises
    ------
    ConfigError
        Where a key is unknown or a value is not what it should be.
    """
    names = {spell(name): name for name in Options.model_fields}
    for key in table:
        if key not in names:
            close = get_close_matches(key, names, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(names)}."
            raise ConfigError(f"{where}: unknown option {key!r}; {hint}")
    try:
        return Options.model_validate({names[key]: value for key, value in table.items()})
    except PydanticError as error:
        raise ConfigError(f"{where}: {_explain(error, spell)}") from None


def _explain(error: PydanticError, spell: Callable[[str], str]) -> str:
    first = error.errors(include_url=False)[0]
    option, *rest = (str(part) for part in first["loc"])
    place = ".".join([spell(option), *rest])
    if first["type"] == "string_pattern_mismatch":
        return f"{place}: {first['input']!r} is no rule; write one such as WPC301 or WPC3."
    return f"{place}: {first['msg'].lower()}, and {first['input']!r} is not."
