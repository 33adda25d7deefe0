"""Make a problem's tests from its generator and its solutions."""

from collections.abc import Sequence
from pathlib import Path

from reference.judge import Judge, Run, TestRun
from reference.protocol import Entry, Problem, Test, Verdict
from reference.protocol.folder import (
    ProblemError,
    in_natural_order,
    read_definition,
    read_text,
    solution_paths,
)

_SEEDS_PER_TEST = 20  # how often the generator may repeat itself before we give up


def generate_tests(folder: Path, judge: Judge, count: int) -> list[Test]:
    """Complete and write the tests of the problem in `folder`.

    Inputs `random-1` to `random-count` are made anew by generate.py from the seeds 1, 2 and so
    on, without repetition. Every other input in tests/ stays. Where an output is missing, it is
    what the first solution prints; then every solution must be accepted on all tests. Only after
    that is anything written.

    Returns
    -------
    list of Test
        All tests of the problem.

    Raises
    ------
    ProblemError
        If the generator or a solution is missing, fails or is not accepted.
    """
    definition = read_definition(folder)
    if not definition.solutions:
        raise ProblemError(folder / "solutions", "holds no program; outputs come from the first")
    kept = in_natural_order(
        path for path in (folder / "tests").glob("*.in") if not path.name.startswith("random-")
    )
    inputs = {path.stem: read_text(path) for path in kept}
    for number, text in enumerate(
        _generate_inputs(folder, definition, judge, count, known=list(inputs.values())), start=1
    ):
        inputs[f"random-{number}"] = text
    tests = _answer(folder, definition, judge, inputs)
    require_accepted(folder, definition, judge, tests)
    _write(folder / "tests", tests)
    return tests


def require_accepted(folder: Path, problem: Problem, judge: Judge, tests: Sequence[Test]) -> None:
    """Judge every solution of the problem in `folder` on `tests`.

    Raises
    ------
    ProblemError
        If one is not accepted; the message names the test and what is wrong.
    """
    paths = solution_paths(folder)
    for index, judgement in sorted(judge.judge_all(problem.solutions, problem, tests)):
        if judgement.reason is not None:
            raise ProblemError(paths[index], f"was not judged: {judgement.reason}")
        if not judgement.accepted:
            raise ProblemError(paths[index], _describe(judgement.runs[-1]))


def _generate_inputs(
    folder: Path, definition: Problem, judge: Judge, count: int, known: Sequence[str]
) -> list[str]:
    """Return `count` different inputs that are not among `known`."""
    path = folder / "generate.py"
    if definition.generator is None:
        raise ProblemError(path, "is missing; it reads a seed and prints one test input")
    by_itself = definition.model_copy(update={"entry": Entry.STDIN, "prelude": ""})
    seeds = [f"{seed}\n" for seed in range(1, count * _SEEDS_PER_TEST + 1)]
    inputs: dict[str, None] = {}
    for start in range(0, len(seeds), count):
        runs = judge.run_all(definition.generator, by_itself, seeds[start : start + count])
        for seed, run in zip(seeds[start:], runs, strict=False):
            _require_ended(path, f"seed {seed.strip()}", run)
            if run.output not in known:
                inputs.setdefault(run.output)
        if len(inputs) >= count:
            return list(inputs)[:count]
    raise ProblemError(path, f"makes only {len(inputs)} different inputs, not {count}; vary more")


def _answer(folder: Path, definition: Problem, judge: Judge, inputs: dict[str, str]) -> list[Test]:
    """Return a test for each input, its output read or else computed."""
    runs = judge.run_all(definition.solutions[0], definition, list(inputs.values()))
    tests = []
    for (name, text), run in zip(inputs.items(), runs, strict=True):
        path = folder / "tests" / f"{name}.out"
        if path.exists() and not name.startswith("random-"):
            output = read_text(path)
        else:
            _require_ended(solution_paths(folder)[0], f"test {name}", run)
            output = f"{run.output.rstrip()}\n"
        sample = name.startswith("sample")
        tests.append(Test(name=name, input=text, output=output, sample=sample))
    return sorted(tests, key=lambda test: not test.sample)


def _require_ended(path: Path, place: str, run: Run) -> None:
    if run.verdict is not Verdict.ACCEPTED:
        raise ProblemError(path, f"{_words(run.verdict)} on {place}: {run.stderr.strip()}")


def _describe(failure: TestRun) -> str:
    """Say what went wrong in the last run of a judgement."""
    seen = f"expected {failure.test.output!r}, got {failure.run.output!r}"
    if failure.verdict is Verdict.RUNTIME_ERROR:
        seen = failure.run.stderr.strip()
    return f"{_words(failure.verdict)} on test {failure.test.name}: {seen}"


def _write(folder: Path, tests: Sequence[Test]) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.glob("random-*"):
        path.unlink()
    for test in tests:
        for suffix, text in (("in", test.input), ("out", test.output)):
            path = folder / f"{test.name}.{suffix}"
            path.write_text(text, encoding="utf-8", newline="\n")


def _words(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")
