"""Measure how often the model repairs held-out programs, judged by running its fixes.

Run `python -m reference.training.evaluate --help`. The programs measured are those that fail a
sample; they are reported for problems seen in training and unseen ones apart. The candidates of a
program are the results of one beam search, likeliest first.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from reference.judge import Judge
from reference.model import RepairModel, load_model
from reference.model.network import Network, read_shape
from reference.protocol import Problem
from reference.training.corpus import Example, read_examples
from reference.training.generate import TorchRuntime
from reference.training.rounding import round_weights
from reference.training.sources import read_problems

_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """The model's candidates for one program, and what the judge says of each.

    `samples` and `tests` hold, for each candidate, whether it passes all samples and all tests.
    """

    problem_id: str
    seconds: float
    candidates: tuple[str, ...]
    samples: tuple[bool, ...] = ()
    tests: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of programs repaired.

    Parameters
    ----------
    pass_1, pass_10
        The first candidate, or one of the first ten, passes all tests.
    verified_1
        The first candidate that passes the samples passes all tests.
    samples_1, samples_10
        As `pass_1` and `pass_10`, by the samples alone.
    """

    programs: int
    pass_1: float
    pass_10: float
    verified_1: float
    samples_1: float
    samples_10: float
    seconds_median: float
    seconds_p95: float


def load_runtime(folder: Path) -> TorchRuntime:
    """Load a trained network, on the GPU in half precision if there is one."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Network(read_shape(folder))
    network.load_state_dict(load_file(folder / "model.safetensors"))
    round_weights(network)
    return TorchRuntime(network.to(device, torch.bfloat16 if device.type == "cuda" else None))


def attempt(model: RepairModel, example: Example, problem: Problem, *, width: int) -> Attempt:
    """Ask the model for candidates."""
    start = time.monotonic()
    proposed = model.propose(
        example.wrong, problem, example.failure, n=width, deadline=start + _LONGEST_S
    )
    candidates = tuple(program for program, _ in proposed)
    return Attempt(problem.id, time.monotonic() - start, candidates)


def judge_attempts(
    attempts: Sequence[Attempt], problems: dict[str, Problem], judge: Judge
) -> Iterator[Attempt]:
    """Run every candidate on the samples, and on all tests where it passes those."""
    for attempt_ in attempts:
        problem = problems[attempt_.problem_id]
        shown = [test for test in problem.tests if test.sample]
        samples = dict(judge.judge_all(attempt_.candidates, problem, shown))
        passing = [place for place, judgement in samples.items() if judgement.accepted]
        programs = [attempt_.candidates[place] for place in passing]
        good = {
            passing[place]
            for place, judgement in judge.judge_all(programs, problem)
            if judgement.accepted
        }
        places = range(len(attempt_.candidates))
        yield replace(
            attempt_,
            samples=tuple(place in passing for place in places),
            tests=tuple(place in good for place in places),
        )


def scores(attempts: Sequence[Attempt]) -> Scores:
    """Summarise judged attempts."""

    def share(of: Callable[[Attempt], bool]) -> float:
        return round(sum(map(of, attempts)) / max(len(attempts), 1), 4)

    def verified(attempt_: Attempt) -> bool:
        pairs = zip(attempt_.samples, attempt_.tests, strict=True)
        return next((good for shown, good in pairs if shown), False)

    seconds = [attempt_.seconds for attempt_ in attempts] or [0.0]
    return Scores(
        programs=len(attempts),
        pass_1=share(lambda a: any(a.tests[:1])),
        pass_10=share(lambda a: any(a.tests[:10])),
        verified_1=share(verified),
        samples_1=share(lambda a: any(a.samples[:1])),
        samples_10=share(lambda a: any(a.samples[:10])),
        seconds_median=round(float(np.median(seconds)), 3),
        seconds_p95=round(float(np.quantile(seconds, 0.95)), 3),
    )


def main() -> None:
    """Repair an exam's programs with a trained model, and print a table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path, help="folder that training or export wrote")
    parser.add_argument("corpus", type=Path, help="folder that reference.training.build wrote")
    parser.add_argument("out", type=Path, help="file of attempts to write")
    parser.add_argument("--problems", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--width", type=int, default=10)
    parser.add_argument("--workers", type=int, default=None)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    model = load_model(arguments.model) or RepairModel(
        arguments.model.name,
        "torch",
        load_runtime(arguments.model),
        tokenizer,
        read_shape(arguments.model).vocabulary,
    )
    problems = {
        name: problem
        for path in reversed(arguments.problems)
        for name, problem in read_problems(path).items()
    }
    table = {}
    with Judge(workers=arguments.workers) as judge, arguments.out.open("w") as file:
        for path in sorted(arguments.corpus.glob("exam-*.jsonl.xz")):
            kind = path.name.split(".")[0].removeprefix("exam-")
            failing = [e for e in read_examples(path) if _fails_a_sample(e, problems)]
            attempts = [
                attempt(model, e, problems[e.problem_id], width=arguments.width) for e in failing
            ]
            judged = list(judge_attempts(attempts, problems, judge))
            table[kind] = asdict(scores(judged))
            for done in judged:
                file.write(json.dumps({"split": kind, **asdict(done)}) + "\n")
            print(json.dumps({kind: table[kind]}), flush=True)


def _fails_a_sample(example: Example, problems: dict[str, Problem]) -> bool:
    # The samples are judged first, so a failure elsewhere means that they pass.
    samples = {test.name for test in problems[example.problem_id].tests if test.sample}
    return example.failure is not None and example.failure.test in samples


if __name__ == "__main__":
    main()
