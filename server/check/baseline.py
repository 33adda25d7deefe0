"""Findings that are known and not reported again."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from server.check.result import FileResult
from server.config import ConfigError
from server.findings import Finding


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    findings: dict[str, dict[str, PositiveInt]]


class Baseline:
    """How many findings of each rule are known in each file, wherever in it they are.

    Parameters
    ----------
    file
        Its paths are relative to its folder, so that it serves in every checkout.

    Raises
    ------
    ConfigError
        Where the file is missing or broken: to go on would report what is known.
    """

    def __init__(self, file: Path) -> None:
        self._folder = file.absolute().parent
        try:
            content = _Content.model_validate_json(file.read_bytes())
        except OSError as error:
            reason = error.strerror
            raise ConfigError(
                lambda texts: texts.cannot_read.format(file=file, reason=reason)
            ) from None
        except ValidationError:
            raise ConfigError(lambda texts: texts.not_a_baseline.format(file=file)) from None
        if content.version != 1:
            raise ConfigError(lambda texts: texts.other_baseline.format(file=file))
        self._known = content.findings

    def without_known(self, result: FileResult) -> FileResult:
        """Return a result with the findings that are not known."""
        left = Counter(self._known.get(_relative(result.path, self._folder), {}))
        new: list[Finding] = []
        for finding in result.findings:
            left[finding.rule] -= 1
            if left[finding.rule] < 0:
                new.append(finding)
        return replace(result, findings=tuple(new))


def write_baseline(file: Path, results: Iterable[FileResult]) -> None:
    """Write down all findings as known.

    Raises
    ------
    ConfigError
        Where the file cannot be written.
    """
    folder = file.absolute().parent
    known = {
        _relative(result.path, folder): dict(
            sorted(Counter(finding.rule for finding in result.findings).items())
        )
        for result in results
        if result.findings
    }
    content = {"version": 1, "findings": dict(sorted(known.items()))}
    try:
        file.write_text(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror
        raise ConfigError(
            lambda texts: texts.cannot_write.format(file=file, reason=reason)
        ) from None


def _relative(path: str, folder: Path) -> str:
    absolute = Path(path).absolute()
    return (
        absolute.relative_to(folder) if absolute.is_relative_to(folder) else absolute
    ).as_posix()
