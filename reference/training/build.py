"""Build a corpus for training. Run `python -m reference.training.build --help`."""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reference.judge import Judge
from reference.protocol import Problem
from reference.training.corpus import (
    Example,
    accepted,
    by_problem,
    injected,
    read_examples,
    real,
    write_examples,
    write_problem_lines,
)
from reference.training.restyle import canonical
from reference.training.sources import (
    Pair,
    Solution,
    read_all_problems,
    read_pairs,
    read_problems,
    read_solutions,
)
from reference.training.split import groups_of_alike, held_out_ids, is_held_out

TIME_LIMIT_S = 0.8
"""Tests are small; an error that makes a loop endless shall not hold up the rest for long."""

TESTS_BESIDE_SAMPLES = 4

_judge: Judge


@dataclass(frozen=True, slots=True)
class Sources:
    """JSON Lines files; problems are held out from the first file of `problems`."""

    problems: Sequence[Path]
    solutions: Sequence[Path]
    pairs: Sequence[Path] = ()
    exam: Sequence[Path] = ()


def main() -> None:
    """Put errors into accepted programs, judge them, and write a corpus.

    Writes problems.jsonl, train-real, train-accepted and, for each round, train-N.jsonl.xz; from
    the exam's pairs exam-seen and exam-unseen.jsonl.xz, and exam-injected.jsonl.xz, errors put into
    programs of held-out problems: what is learned there but not on real pairs shows how far the
    errors are from real ones. Files that are there already are kept, so
    that a build can be continued, and trained on while it grows.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--problems", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--solutions", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--exam", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--each", type=int, default=2, help="errors a program and round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    arguments = parser.parse_args()
    build(
        arguments.out,
        Sources(arguments.problems, arguments.solutions, arguments.pairs, arguments.exam),
        each=arguments.each,
        rounds=arguments.rounds,
        workers=arguments.workers,
    )


def build(out: Path, sources: Sources, *, each: int, rounds: int, workers: int) -> None:
    """Write a corpus to the folder `out`, or finish one; see `main`."""
    out.mkdir(parents=True, exist_ok=True)
    problems = brief_problems(read_all_problems(sources.problems))
    write_problem_lines(out / "problems.jsonl", problems.values())
    exam = [pair for path in sources.exam for pair in read_pairs(path)]
    pairs = [pair for path in sources.pairs for pair in read_pairs(path) if pair.verified]
    solutions = [row for path in sources.solutions for row in read_solutions(path)]

    held_out = (
        held_out_ids(
            read_problems(sources.problems[0]).values(), groups_of_alike(problems.values())
        )
        if exam
        else set()
    )
    unseen = [pair for pair in exam if pair.problem_id in held_out]
    others = [pair for pair in exam if pair.problem_id not in held_out]
    seen = [pair for pair in others if is_held_out(pair.id)]
    pairs += [pair for pair in others if pair.verified and not is_held_out(pair.id)]
    solutions += [Solution(pair.problem_id, pair.fixed) for pair in pairs]
    exam = unseen + seen
    examined = {canonical(code) for pair in exam for code in (pair.wrong, pair.fixed)}
    programs = by_problem(
        row
        for row in solutions
        if row.problem_id in problems
        and row.problem_id not in held_out
        and canonical(row.code) not in examined
    )
    withheld = by_problem(
        row
        for row in solutions
        if row.problem_id in held_out and canonical(row.code) not in examined
    )
    pairs = [
        pair
        for pair in pairs
        if pair.problem_id in problems
        and pair.problem_id not in held_out
        and examined.isdisjoint((canonical(pair.wrong), canonical(pair.fixed)))
    ]

    with ProcessPoolExecutor(workers, initializer=start_judge) as pool:

        def judged(
            name: str, work: Callable[..., list[Example]], groups: Mapping[str, object]
        ) -> None:
            path = out / f"{name}.jsonl.xz"
            if path.exists():
                return
            found = pool.map(
                in_worker,
                [partial(work, problems[name], group) for name, group in groups.items()],
                chunksize=4,
            )
            write_examples(path, (example for examples in found for example in examples))
            print(path, flush=True)

        judged("exam-unseen", real, _grouped(unseen))
        judged("exam-seen", real, _grouped(seen))
        judged("exam-accepted", accepted, withheld)
        judged("train-accepted", accepted, programs)
        sound: defaultdict[str, list[str]] = defaultdict(list)
        for example in read_examples(out / "train-accepted.jsonl.xz"):
            sound[example.problem_id].append(example.fixed)
        judged("train-0", partial(injected, each=each, seed=0), sound)
        judged("train-real", real, _grouped(pairs))
        for number in range(1, rounds):
            work = partial(injected, each=each, seed=number)
            judged(f"train-{number}", work, sound)


def brief_problems(problems: Mapping[str, Problem]) -> dict[str, Problem]:
    """Return problems with a few of their tests."""
    return {name: _brief(problem) for name, problem in problems.items()}


def _brief(problem: Problem) -> Problem:
    samples = [test for test in problem.tests if test.sample]
    others = [test for test in problem.tests if not test.sample]
    tests = (*samples, *others[:TESTS_BESIDE_SAMPLES])
    return problem.model_copy(update={"time_limit_s": TIME_LIMIT_S, "tests": tests})


def _grouped(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    groups: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.problem_id].append(pair)
    return groups


def start_judge() -> None:
    """Make a process of a pool ready for `in_worker`."""
    global _judge
    _judge = Judge(workers=1)


def in_worker(work: Callable[[Judge], list[Example]]) -> list[Example]:
    """Give the process's judge to some work."""
    return work(judge=_judge)  # type: ignore[call-arg]


if __name__ == "__main__":
    main()
