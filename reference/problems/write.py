import json
import tempfile
from pathlib import Path

from reference.protocol import CheckerKind, Entry, Problem
from reference.protocol.folder import MANIFEST, ProblemError, read_problem


def write_problem(problem: Problem, folder: Path) -> None:
    """Write a problem as a new folder, in the layout that `read_problem` reads.

    The folder appears whole or not at all.

    Raises
    ------
    ProblemError
        If the folder exists, cannot be written, or could not be read again.
    """
    if folder.exists():
        raise ProblemError(folder, "exists already; remove it first, or write to another place")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder.parent) as place:
            draft = Path(place) / folder.name
            for name, text in _files(problem).items():
                path = draft / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            read_problem(draft)
            draft.rename(folder)
    except OSError as error:
        raise ProblemError(folder, f"cannot be written: {error.strerror}") from error


def _files(problem: Problem) -> dict[str, str]:
    """Return the texts of a problem's files by their paths in its folder."""
    locale = next(iter(problem.statements or problem.titles), "en")
    files = {MANIFEST: _manifest(problem, locale)}
    for language, statement in problem.statements.items():
        files["statement.md" if language == locale else f"statement.{language}.md"] = statement
    for test in problem.tests:
        files[f"tests/{test.name}.in"] = test.input
        files[f"tests/{test.name}.out"] = test.output
    for number, solution in enumerate(problem.solutions, start=1):
        files[f"solutions/{number}.py"] = solution
    if problem.checker.program is not None:
        files["check.py"] = problem.checker.program
    if problem.prelude:
        files["prelude.py"] = problem.prelude
    if problem.generator is not None:
        files["generate.py"] = problem.generator
    return files


def _manifest(problem: Problem, locale: str) -> str:
    lines = []
    if problem.titles:
        titles = ", ".join(
            f"{_quoted(key)} = {_quoted(text)}" for key, text in problem.titles.items()
        )
        lines.append(f"title = {{ {titles} }}")
    if locale != "en":
        lines.append(f"locale = {_quoted(locale)}")
    lines.append(f"time_limit = {problem.time_limit_s}")
    lines.append(f"memory_limit = {problem.memory_limit_mib}")
    checker = problem.checker
    unique = "" if checker.unique else ", unique = false"
    if checker.kind is CheckerKind.FLOAT:
        lines.append(f'checker = {{ kind = "float", tolerance = {checker.tolerance}{unique} }}')
    elif checker.kind is CheckerKind.PROGRAM:
        lines.append('checker = { kind = "program", path = "check.py" }')
    elif not checker.unique:
        lines.append(f'checker = {{ kind = "{checker.kind.value}"{unique} }}')
    else:
        lines.append(f'checker = "{checker.kind.value}"')
    if problem.entry is Entry.FUNCTION:
        lines.append('entry = "function"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for a bare DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
