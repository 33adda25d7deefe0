"""Read a problem from a folder: the one place that knows the layout on disk.

```
<id>/problem.toml    title, locale, time_limit, memory_limit, checker, entry: all optional
     statement.md    in the language `locale`; statement.ko.md and so on in others
     tests/*.in *.out
     solutions/*.py  accepted programs
     prelude.py      for entry = "function": given helpers
     generate.py     prints one valid test input for the seed on its standard input
```
"""

import ast
import difflib
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from reference.protocol.problem import Checker, CheckerKind, Entry, Problem, ProblemSummary, Test

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANIFEST = "problem.toml"

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class ProblemError(ValueError):
    """A problem that cannot be read or written.

    Parameters
    ----------
    path
        The file or folder at fault.
    message
        The place in it, what is wrong and what to do.
    """

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


def is_problem_id(name: str) -> bool:
    """Whether `name` can be the id of a problem of a bank, and so the name of its folder."""
    return _ID.fullmatch(name) is not None


def read_problem(folder: Path) -> Problem:
    """Read the problem in `folder`.

    The id is the folder's name, or empty where that name cannot be an id.

    Raises
    ------
    ProblemError
        If a file is missing, unreadable or malformed.
    """
    definition = read_definition(folder)
    tests = _read_tests(folder / "tests", definition.entry)
    return definition.model_copy(update={"tests": tests})


def read_definition(folder: Path) -> Problem:
    """Read the problem in `folder` without its tests, which may not be complete yet.

    Raises
    ------
    ProblemError
        If a file is missing, unreadable or malformed.
    """
    manifest = _read_manifest(folder)
    prelude = folder / "prelude.py"
    if manifest.entry is Entry.STDIN and prelude.exists():
        raise ProblemError(prelude, 'serves only entry = "function"; remove it or set the entry')
    try:
        return Problem(
            id=folder.name if is_problem_id(folder.name) else "",
            titles=manifest.titles,
            statements=_read_statements(folder, manifest.locale),
            time_limit_s=manifest.time_limit,
            memory_limit_mib=manifest.memory_limit,
            checker=_read_checker(folder, manifest.checker),
            entry=manifest.entry,
            prelude=_read_optional(prelude) or "",
            solutions=tuple(_read_inside(folder, path) for path in solution_paths(folder)),
            generator=_read_optional(folder / "generate.py"),
        )
    except ValidationError as error:
        raise ProblemError(folder / MANIFEST, _explain(error)) from error


def read_summary(folder: Path) -> ProblemSummary:
    """Read what a table of contents shows of the problem in `folder`: no test is opened.

    Raises
    ------
    ProblemError
        If the manifest is missing, unreadable or malformed.
    """
    return ProblemSummary(
        id=folder.name,
        titles=_read_manifest(folder).titles,
        tests=sum(1 for _ in (folder / "tests").glob("*.in")),
        digest=folder_digest(folder),
    )


def folder_digest(folder: Path) -> str:
    """Return what is another text whenever a file of the problem in `folder` has changed.

    From names, sizes and times; no file is opened.

    Raises
    ------
    ProblemError
        If the folder cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for name, status in sorted(_files(folder)):
            stamp = (name, status.st_size, status.st_mtime_ns)
            digest.update(f"{stamp}\n".encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ProblemError(folder, f"cannot be read: {error.strerror}") from error
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the name and state of what lies in a folder, and of files in its folders."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name, entry.stat()
            if entry.is_dir():
                with os.scandir(entry.path) as inner:
                    for file in inner:
                        if "." in file.name:
                            yield f"{entry.name}/{file.name}", file.stat()


def solution_paths(folder: Path) -> list[Path]:
    """Return the files of the accepted programs of the problem in `folder`, in their order."""
    return in_natural_order((folder / "solutions").glob("*.py"))


def read_samples(folder: Path) -> Problem:
    """Read the tests that online-judge-tools keeps in `folder`/test as a problem without an id.

    An input without an output beside it tests nothing, to online-judge-tools as well, and is
    left out.

    Raises
    ------
    ProblemError
        If no test is there, or one is unreadable or is an output without an input.
    """
    tests = folder / "test"
    unanswered = {path for path in tests.glob("*.in") if not path.with_suffix(".out").exists()}
    problem = Problem(tests=_read_tests(tests, Entry.STDIN, leave_out=unanswered))
    if not problem.tests:
        raise ProblemError(tests, "holds no test: a test is a pair such as sample-1.in, .out")
    return problem


def read_text(path: Path) -> str:
    r"""Return the text of a file in UTF-8, with line ends as `\n` and no byte order mark.

    Raises
    ------
    ProblemError
        If it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(path, f"is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except FileNotFoundError as error:
        raise ProblemError(path, "is missing") from error
    except OSError as error:
        raise ProblemError(path, f"cannot be read: {error.strerror}") from error


def _read_inside(folder: Path, path: Path) -> str:
    """Return the text of a file in a problem's folder.

    What is read may go to an endpoint, so a stranger's problem must not lead to files elsewhere,
    nor to devices without end.
    """
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ProblemError(path, "must lie in the problem's folder; put the file itself there")
    if path.exists() and not path.is_file():
        raise ProblemError(path, "is no regular file")
    return read_text(path)


class _CheckerTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: CheckerKind
    tolerance: float | None = Field(default=None, gt=0)
    path: str | None = None
    unique: bool = True

    @model_validator(mode="after")
    def _fits_kind(self) -> "_CheckerTable":
        if self.tolerance is not None and self.kind is not CheckerKind.FLOAT:
            raise ValueError('tolerance needs kind = "float"')
        if (self.path is not None) != (self.kind is CheckerKind.PROGRAM):
            raise ValueError('path goes with kind = "program", and only with it')
        return self


class _Manifest(BaseModel):
    """The keys of problem.toml."""

    model_config = ConfigDict(extra="forbid")

    title: dict[str, str] = Field(default_factory=dict)
    locale: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")
    time_limit: float = 2.0
    memory_limit: int = 512
    checker: _CheckerTable = _CheckerTable(kind=CheckerKind.TOKENS)
    entry: Entry = Entry.STDIN

    @field_validator("title", mode="before")
    @classmethod
    def _alone(cls, value: object) -> object:
        return {"": value} if isinstance(value, str) else value

    @field_validator("checker", mode="before")
    @classmethod
    def _without_settings(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value

    @property
    def titles(self) -> dict[str, str]:
        """Titles by locale, the default first."""
        titles = {locale or self.locale: title for locale, title in self.title.items()}
        return _default_first(titles, self.locale)


def _read_manifest(folder: Path) -> _Manifest:
    path = folder / MANIFEST
    text = _read_inside(folder, path)
    try:
        return _Manifest.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(path, f"is not TOML: {error}") from error
    except ValidationError as error:
        raise ProblemError(path, _explain(error)) from error


def _explain(error: ValidationError) -> str:
    return "; ".join(_explain_detail(detail) for detail in error.errors())


def _explain_detail(detail: ErrorDetails) -> str:
    keys = {"time_limit_s": "time_limit", "memory_limit_mib": "memory_limit"}
    key = ".".join(keys.get(str(part), str(part)) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        close = difflib.get_close_matches(key, _Manifest.model_fields, n=1)
        return f"{key}: no such key; " + (f"did you mean {close[0]}?" if close else "remove it")
    reason = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {reason[0].lower()}{reason[1:]}"


def _read_statements(folder: Path, locale: str) -> dict[str, str]:
    statements = {}
    for path in sorted(folder.glob("statement*.md")):
        language = path.name.removeprefix("statement").removesuffix("md").strip(".") or locale
        if language in statements:
            raise ProblemError(path, f"is a second statement in {language!r}; keep one")
        statements[language] = _read_inside(folder, path)
    return _default_first(statements, locale)


def _read_checker(folder: Path, table: _CheckerTable) -> Checker:
    program = None
    if table.path is not None:
        program = _read_inside(folder, folder / table.path)
    tolerance = {} if table.tolerance is None else {"tolerance": table.tolerance}
    return Checker(kind=table.kind, program=program, unique=table.unique, **tolerance)


def _read_tests(
    folder: Path, entry: Entry, leave_out: Iterable[Path] = frozenset()
) -> tuple[Test, ...]:
    names = {path.with_suffix("") for path in (*folder.glob("*.in"), *folder.glob("*.out"))}
    names -= {path.with_suffix("") for path in leave_out}
    tests = [
        _read_test(path.with_name(f"{path.name}.in"), path.with_name(f"{path.name}.out"), entry)
        for path in in_natural_order(names)
    ]
    return tuple(sorted(tests, key=lambda test: not test.sample))


def _read_test(input_path: Path, output_path: Path, entry: Entry) -> Test:
    for path, other in ((input_path, output_path), (output_path, input_path)):
        if not path.exists():
            raise ProblemError(path, f"is missing; {other.name} needs it")
    # The folder above, so that the folder of tests is no link either.
    folder = input_path.parent.parent
    texts = [_read_inside(folder, path) for path in (input_path, output_path)]
    if entry is Entry.FUNCTION:
        for path, text in zip((input_path, output_path), texts, strict=True):
            _check_expression(path, text)
    name = input_path.stem
    return Test(name=name, input=texts[0], output=texts[1], sample=name.startswith("sample"))


def _check_expression(path: Path, text: str) -> None:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ProblemError(
            path, f'with entry = "function" a test is one Python expression: {error}'
        ) from error


def _read_optional(path: Path) -> str | None:
    return _read_inside(path.parent, path) if path.exists() else None


def _default_first(texts: dict[str, str], locale: str) -> dict[str, str]:
    return dict(sorted(texts.items(), key=lambda item: item[0] != locale))


def in_natural_order(paths: Iterable[Path]) -> list[Path]:
    """Sort by name, with runs of digits as numbers: 2 before 10."""

    def key(path: Path) -> list[tuple[bool, int, str]]:
        runs = re.findall(r"[0-9]+|[^0-9]+", path.name)
        return [(not run.isdecimal(), int(run) if run.isdecimal() else 0, run) for run in runs]

    return sorted(paths, key=key)
