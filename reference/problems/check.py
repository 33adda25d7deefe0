"""Check that a problem is fit to judge programs by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from reference.edits.normalise import canonical
from reference.judge import Judge
from reference.problems.generate import require_accepted
from reference.protocol import Problem
from reference.protocol.folder import ProblemError, read_problem, solution_paths

MIN_TESTS, MAX_TESTS = 10, 30


def check_problem(folder: Path, judge: Judge) -> list[str]:
    """Return what is wrong with the problem in `folder`; nothing if it is fit for use.

    It must read, have a title and a statement in the same languages, samples, 10 to 30 different
    tests, and solutions, different from each other, that the judge accepts.
    """
    try:
        problem = read_problem(folder)
    except ProblemError as error:
        return [str(error)]
    complaints = [*_check_texts(problem), *_check_tests(problem)]
    complaints += _check_differences(folder, problem)
    complaints = [f"{folder}: {complaint}" for complaint in complaints]
    if problem.tests:
        try:
            require_accepted(folder, problem, judge, problem.tests)
        except ProblemError as error:
            complaints.append(str(error))
    return complaints


def _check_texts(problem: Problem) -> Iterator[str]:
    if not problem.statements:
        yield "there is no statement.md"
    for locale in problem.titles.keys() - problem.statements.keys():
        yield f"the title in {locale!r} has no statement"
    for locale in problem.statements.keys() - problem.titles.keys():
        yield f"the statement in {locale!r} has no title"


def _check_tests(problem: Problem) -> Iterator[str]:
    if not any(test.sample for test in problem.tests):
        yield "no test is a sample; name one sample-1"
    if not MIN_TESTS <= len(problem.tests) <= MAX_TESTS:
        yield f"{len(problem.tests)} tests; give {MIN_TESTS} to {MAX_TESTS}"
    for names in _repeated((test.name, test.input) for test in problem.tests):
        yield f"the tests {names} have the same input"


def _check_differences(folder: Path, problem: Problem) -> Iterator[str]:
    if not problem.solutions:
        yield "solutions/ holds no program"
    forms = {}
    for path, program in zip(solution_paths(folder), problem.solutions, strict=True):
        try:
            forms[path.name] = canonical(program)
        except SyntaxError as error:
            yield f"{path.name} is not Python: line {error.lineno}: {error.msg}"
    for same in _repeated(forms.items()):
        yield f"the solutions {same} differ only in names, comments or formatting"


def _repeated(named: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names, joined, of those that have the same text."""
    names = defaultdict(list)
    for name, text in named:
        names[text].append(name)
    return [" and ".join(same) for same in names.values() if len(same) > 1]
