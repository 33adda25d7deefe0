import hashlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from reference.edits.normalise import canonical
from reference.errors import BrokenProblemError, UnknownProblemError
from reference.protocol import Problem, ProblemSummary
from reference.protocol.folder import (
    MANIFEST,
    ProblemError,
    folder_digest,
    is_problem_id,
    read_problem,
    read_summary,
)

_log = logging.getLogger(__name__)


def catalog_path() -> Path:
    """Return the folder of the problems that ship with the package."""
    return Path(__file__).parent / "catalog"


class ProblemBank:
    """Problems by id: those that ship with the package, and those in further folders.

    A problem is read when it is first asked for, and kept until a file of it changes. Safe to
    share between threads.

    Parameters
    ----------
    folders
        Each holds one folder a problem, named by its id. A later one replaces an earlier one's
        problem of the same id.

    Raises
    ------
    ProblemError
        If one of `folders` is none, or holds a problem whose name cannot be an id.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders: dict[str, Path] = {}
        for root in (catalog_path(), *folders):
            self._folders |= _problem_folders(root)
        self._problems: dict[str, tuple[str, Problem]] = {}  # with the digest of its folder
        self._lock = threading.Lock()

    def __contains__(self, problem_id: object) -> bool:
        return problem_id in self._folders

    def ids(self) -> list[str]:
        """Return the ids of all problems, in order."""
        return sorted(self._folders)

    def folders(self) -> list[Path]:
        """Return the folders of all problems, in the order of their ids."""
        return [self._folders[problem_id] for problem_id in self.ids()]

    def get(self, problem_id: str) -> Problem:
        """Return a problem.

        Raises
        ------
        UnknownProblemError
            If the bank has no such problem.
        BrokenProblemError
            If its folder is malformed.
        """
        with self._lock:
            folder = self._folder(problem_id)
            try:
                digest = folder_digest(folder)
                known = self._problems.get(problem_id)
                if known is None or known[0] != digest:
                    known = self._problems[problem_id] = digest, read_problem(folder)
            except ProblemError as error:
                fault = f"{error.path.relative_to(folder)}: {error.message}"
                raise BrokenProblemError(problem_id, fault) from error
            return known[1]

    def summaries(self) -> list[ProblemSummary]:
        """Return the table of contents; malformed problems are left out, with a warning logged."""
        summaries = []
        for problem_id in self.ids():
            try:
                summaries.append(read_summary(self._folders[problem_id]))
            except ProblemError as error:
                _log.warning("left out of the bank: %s", error)
        return summaries

    def add_solution(self, problem_id: str, code: str) -> bool:
        """Keep an accepted program among the problem's solutions.

        The caller has judged it. Returns whether it was added: not if a solution is the same up
        to names, comments and formatting.

        Raises
        ------
        UnknownProblemError
            If the bank has no such problem.
        BrokenProblemError
            If the problem's folder is malformed.
        ProblemError
            If the solution cannot be written.
        SyntaxError
            If `code` is not Python.
        """
        form = canonical(code)
        problem = self.get(problem_id)
        if any(canonical(solution) == form for solution in problem.solutions):
            return False
        path = self._folder(problem_id) / "solutions" / f"added_{_digest(form)}.py"
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(code, encoding="utf-8", newline="\n")
        except OSError as error:
            raise ProblemError(path, f"cannot be written: {error.strerror}") from error
        return True

    def _folder(self, problem_id: str) -> Path:
        try:
            return self._folders[problem_id]
        except KeyError:
            raise UnknownProblemError(problem_id, self._folders) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _problem_folders(root: Path) -> dict[str, Path]:
    if not root.is_dir():
        raise ProblemError(root, "is not a folder; give one that holds a folder for each problem")
    folders = {manifest.parent.name: manifest.parent for manifest in root.glob(f"*/{MANIFEST}")}
    for name, folder in folders.items():
        if not is_problem_id(name):
            raise ProblemError(folder, "is no id: name it with a-z, 0-9, _ and - only")
    return folders
