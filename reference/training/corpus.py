"""Examples to learn from: a wrong program, its fix, and a test that it fails.

Errors are put into accepted programs and the results judged; real pairs join them.
"""

import json
import lzma
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reference.judge import Judge, Judgement
from reference.model.prompt import compact_statement
from reference.protocol import Failure, Problem, Verdict
from reference.training.grafting import transplant
from reference.training.injection import inject
from reference.training.sources import Pair, Solution

KEPT_RUNTIME_ERRORS = 0.15
"""Random edits crash six times as often as people's wrong programs do."""

TRANSPLANTED = 0.15
"""Share of errors that are a part of another program for the problem."""

_LONG = 600


@dataclass(frozen=True, slots=True)
class Example:
    """One step of practice.

    `failure` is None where no test is known that the wrong program fails; a program that is
    right has itself for its fix.
    """

    problem_id: str
    kind: str
    wrong: str
    fixed: str
    failure: Failure | None = None


def accepted(problem: Problem, programs: Sequence[str], judge: Judge) -> list[Example]:
    """Return the programs that the judge accepts here, each as its own fix."""
    return [
        Example(problem.id, "accepted", programs[place], programs[place])
        for place, judgement in judge.judge_all(programs, problem)
        if judgement.accepted
    ]


def injected(
    problem: Problem, programs: Sequence[str], judge: Judge, *, each: int, seed: int
) -> list[Example]:
    """Put errors into accepted programs; an error that no test shows is left out."""
    rng = random.Random(f"{seed} {problem.id}")
    fixes: dict[str, str] = {}
    for program in programs:
        for _ in range(each):
            made = _wrong_program(program, programs, rng)
            if made is not None and made[0] not in programs:
                fixes.setdefault(*made)
    return shown(problem, "injected", fixes, judge, rng)


def shown(
    problem: Problem, kind: str, fixes: Mapping[str, str], judge: Judge, rng: random.Random
) -> list[Example]:
    """Return the wrong programs, given with their fixes, that a test shows to be wrong."""
    wrongs = list(fixes)
    return [
        Example(problem.id, kind, wrongs[place], fixes[wrongs[place]], failure)
        for place, judgement in judge.judge_all(wrongs, problem)
        if (failure := first_failure(judgement)) is not None
        and (failure.verdict is not Verdict.RUNTIME_ERROR or rng.random() < KEPT_RUNTIME_ERRORS)
    ]


def _wrong_program(
    program: str, programs: Sequence[str], rng: random.Random
) -> tuple[str, str] | None:
    if rng.random() < TRANSPLANTED:
        return transplant(program, programs, rng)
    wrong = inject(program, rng, programs)
    return None if wrong is None else (wrong, program)


def real(problem: Problem, pairs: Sequence[Pair], judge: Judge) -> list[Example]:
    """Return real wrong programs with their fixes, and a failing test where there is one."""
    wrongs = [pair.wrong for pair in pairs]
    return [
        Example(problem.id, "real", wrongs[place], pairs[place].fixed, first_failure(judgement))
        for place, judgement in judge.judge_all(wrongs, problem)
    ]


def first_failure(judgement: Judgement) -> Failure | None:
    """Return the first test that was not passed, long texts cut, or None."""
    for run in judgement.runs:
        if run.verdict not in (Verdict.ACCEPTED, Verdict.NOT_JUDGED, Verdict.SYNTAX_ERROR):
            return Failure(
                test=run.test.name,
                verdict=run.verdict,
                input=_short(run.test.input),
                expected=_short(run.test.output),
                actual=_short(run.run.output),
                stderr=run.run.stderr.strip()[-_LONG:],
                line=run.run.line,
            )
    return None


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write examples to a compressed file, one a line; the file appears when it is complete."""
    temporary = path.with_suffix(".new")
    with lzma.open(temporary, "wt", encoding="utf-8", preset=2) as file:
        for example in examples:
            row = asdict(example)
            if example.failure is not None:
                row["failure"] = example.failure.model_dump(mode="json", exclude_defaults=True)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    temporary.replace(path)


def read_examples(path: Path) -> Iterator[Example]:
    """Read what `write_examples` wrote."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["failure"] is not None:
                row["failure"] = Failure(**row["failure"])
            yield Example(**row)


def write_problem_lines(path: Path, problems: Iterable[Problem]) -> None:
    """Write what the model reads of problems: the statement and the first sample."""
    with path.open("w", encoding="utf-8") as file:
        for problem in problems:
            samples = tuple(test for test in problem.tests if test.sample)[:1]
            shown = problem.model_copy(update={"tests": samples, "solutions": ()})
            file.write(shown.model_dump_json(exclude_defaults=True) + "\n")


def read_problem_lines(path: Path) -> dict[str, Problem]:
    """Read what `write_problem_lines` wrote, by id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    problems = [Problem.model_validate_json(line) for line in lines]
    return {problem.id: problem for problem in problems}


def by_problem(rows: Iterable[Solution]) -> dict[str, list[str]]:
    """Group accepted programs by problem, without repetitions."""
    groups: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        groups[row.problem_id][row.code] = None
    return {name: list(programs) for name, programs in groups.items()}


def vocabulary_texts(problems: Iterable[Problem], programs: Iterable[str]) -> Iterator[str]:
    """Yield what the model will read, for choosing its vocabulary."""
    for problem in problems:
        yield compact_statement(problem.statement())
        for test in problem.tests[:4]:
            yield test.input[:_LONG]
    for program in programs:
        for line in program.split("\n"):
            yield line + "\n"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]}...{text[-_LONG // 2 :]}"
