"""Which problem a file solves."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reference.protocol import ProblemReference
from reference.protocol.folder import MANIFEST, ProblemError, read_problem, read_samples
from server.config import Settings
from server.directives import problem_directive
from server.errors import UserError, Wording
from server.texts import Texts

_NOT_SOLUTIONS = ("generate.py", "prelude.py", "check.py")


class ProblemChoiceError(UserError):
    """The problem that a file is said to solve cannot be used; the text says what to do."""


@dataclass(frozen=True)
class ResolvedProblem:
    """The problem that a file solves.

    Parameters
    ----------
    name
        What to call it: its id, or the name of its folder.
    """

    reference: ProblemReference
    name: str


class ProblemResolver:
    """Finds the problem that a file solves, and reads each problem's folder once.

    The first of these wins: a comment `# wpc: problem=…` in the first lines; a glob of the
    settings; a problem.toml in the file's folder or a parent; the file's stem, or its folder's
    name, being the id of a problem of the bank; tests of online-judge-tools beside the file.

    Parameters
    ----------
    bank
        Ids of the problems that the endpoint knows.
    """

    def __init__(self, bank: Collection[str]) -> None:
        self._bank = frozenset(bank)
        self._folders: dict[Path, ResolvedProblem] = {}

    def resolve(self, path: Path | None, source: str, settings: Settings) -> ResolvedProblem | None:
        """Return the problem that a file solves, or `None` where nothing tells.

        Parameters
        ----------
        path
            `None` for a text that is no file; then only its comment tells.
        source
            The file's text.

        Raises
        ------
        ProblemChoiceError
            Where the problem is named but unknown, or its folder is malformed.
        """
        path = path and path.absolute()
        if said := problem_directive(source):
            return self.named(said, path.parent if path else Path.cwd())
        if path is None:
            return None
        for files, problem in settings.problems:
            if files.match(path):
                return self.named(problem, files.root)
        for folder in path.parents:
            if (folder / MANIFEST).is_file():
                return None if path.name in _NOT_SOLUTIONS else self._from_folder(folder)
        for name in (path.stem, path.stem.lower(), path.parent.name):
            if name in self._bank:
                return _of_bank(name)
        if any((path.parent / "test").glob("*.in")):
            return self._from_folder(path.parent)
        return None

    def named(self, name: str, base: Path) -> ResolvedProblem:
        """Return the problem that the user names.

        Parameters
        ----------
        name
            An id of the bank, or a folder: a path with a `/` in it.
        base
            What a relative path is relative to.

        Raises
        ------
        ProblemChoiceError
            As `resolve` does.
        """
        if "/" in name or "\\" in name:
            return self._from_folder((base / name).resolve())
        if name in self._bank:
            return _of_bank(name)
        close = get_close_matches(name, self._bank, n=3, cutoff=0.5)
        raise ProblemChoiceError(_unknown(name, close))

    def _from_folder(self, folder: Path) -> ResolvedProblem:
        if folder not in self._folders:
            try:
                has_manifest = (folder / MANIFEST).is_file()
                problem = read_problem(folder) if has_manifest else read_samples(folder)
            except ProblemError as error:
                raise ProblemChoiceError(str(error)) from None
            except OSError as error:
                reason = error.strerror
                raise ProblemChoiceError(
                    lambda texts: texts.cannot_read.format(file=folder, reason=reason)
                ) from None
            inline = problem.model_copy(update={"id": ""})
            reference = ProblemReference(inline=inline)
            self._folders[folder] = ResolvedProblem(reference, folder.name)
        return self._folders[folder]


def _unknown(name: str, close: list[str]) -> Wording:
    def wording(texts: Texts) -> str:
        hint = texts.endpoint_lists_problems
        if close:
            hint = texts.did_you_mean.format(names=texts.or_.join(close))
        return texts.unknown_problem.format(problem=name, hint=hint)

    return wording


def _of_bank(id: str) -> ResolvedProblem:
    return ResolvedProblem(ProblemReference(id=id), id)
