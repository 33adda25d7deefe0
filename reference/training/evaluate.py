"""Measure how often the model repairs held-out programs, judged by running its fixes.

Run `python -m reference.training.evaluate --help`. The programs measured are those that fail a
sample; they are reported for problems seen in training and unseen ones apart. The candidates of a
program are the results of one search, likeliest first.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from reference.judge import Judge
from reference.model import RepairModel, load_model
from reference.model.adapter import load_network
from reference.model.decoding import EFFORT, DraftSearch
from reference.model.gpu import GPU_EFFORT
from reference.model.network import Network, read_shape
from reference.model.repair_model import line_ends
from reference.protocol import Problem
from reference.training.corpus import Example, read_examples
from reference.training.generate import TorchRuntime
from reference.training.rounding import round_weights
from reference.training.sources import read_all_problems

_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """The model's candidates for one program, and what the judge says of each.

    `samples` and `tests` hold, for each candidate, whether it passes all samples and all tests.
    """

    split: str
    problem_id: str
    wrong: str
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


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of a program without a test: log-odds that it is wrong."""

    split: str
    right: bool
    log_odds: float


def load(folder: Path, base: Path | None) -> RepairModel:
    """Load an exported or a trained model; a trained one on the GPU, in half, if there is one."""
    exported = load_model(folder)
    if exported is not None:
        return exported
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if base is None:
        network = Network(read_shape(folder))
        network.load_state_dict(load_file(folder / "model.safetensors"))
        round_weights(network)
    else:
        network = load_network(base, folder)
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    runtime = TorchRuntime(network.to(device, dtype))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    effort = EFFORT if base is None else GPU_EFFORT
    search = DraftSearch(runtime, line_ends(tokenizer, network.shape.vocabulary), effort)
    return RepairModel(folder.name, device.type, search, tokenizer)


def attempt(
    model: RepairModel, split: str, example: Example, problem: Problem, *, width: int
) -> Attempt:
    """Ask the model for candidates."""
    start = time.monotonic()
    proposed = model.propose(
        example.wrong, problem, example.failure, n=width, deadline=start + _LONGEST_S
    )
    candidates = tuple(program for program, _ in proposed)
    return Attempt(split, problem.id, example.wrong, time.monotonic() - start, candidates)


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
    """Repair an exam's programs with a trained model, and print a table.

    The file of attempts is written before the judge runs them; where it is there, it is judged
    as it is. Beside it, in OUT.opinions, is what the model thinks of right and wrong programs when
    it sees no failing test.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path, help="folder that training or export wrote")
    parser.add_argument("corpus", type=Path, help="folder that reference.training.build wrote")
    parser.add_argument("out", type=Path, help="file of attempts to write")
    parser.add_argument("--problems", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--base", type=Path, help="the base's folder, if the model is an adapter")
    parser.add_argument("--width", type=int, default=10, help="candidates for a program")
    parser.add_argument("--processes", type=int, default=1, help="models at work at once")
    arguments = parser.parse_args()
    problems = read_all_problems(arguments.problems)
    unknown = {
        example.problem_id
        for path in arguments.corpus.glob("exam-*.jsonl.xz")
        for example in read_examples(path)
    } - problems.keys()
    if unknown:
        parser.error(f"no file of problems has {min(unknown)}: give all that the corpus is from")
    with Judge() as judge:
        if judge.tier is None:
            raise SystemExit(f"attempts cannot be judged: {judge.reason}")
        if not arguments.out.exists():
            initial = (arguments.model, arguments.base, problems, arguments.width)
            failing = list(_failing(arguments.corpus, problems, judge))
            with ProcessPoolExecutor(
                arguments.processes, get_context("spawn"), _start_worker, initial
            ) as pool:
                _write(arguments.out, pool.map(_attempt, failing))
                opinions = pool.map(_opinion, _shown(arguments.corpus), chunksize=8)
                _write(arguments.out.with_suffix(".opinions"), opinions)
        attempts = [
            Attempt(**json.loads(line))
            for line in arguments.out.read_text(encoding="utf-8").splitlines()
        ]
        judged = list(judge_attempts(attempts, problems, judge))
    _write(arguments.out.with_suffix(".judged"), judged)
    for split in sorted({attempt_.split for attempt_ in judged}):
        own = [attempt_ for attempt_ in judged if attempt_.split == split]
        print(json.dumps({split: asdict(scores(own))}))


_model: RepairModel
_problems: dict[str, Problem]
_width: int


def _start_worker(
    folder: Path, base: Path | None, problems: dict[str, Problem], width: int
) -> None:
    global _model, _problems, _width
    torch.set_num_threads(1)
    _model, _problems, _width = load(folder, base), problems, width


def _attempt(task: tuple[str, Example]) -> Attempt:
    split, example = task
    return attempt(_model, split, example, _problems[example.problem_id], width=_width)


def _opinion(task: tuple[str, str, bool, str]) -> Opinion | None:
    split, problem_id, right, code = task
    log_odds = _model.suspect(code, _problems[problem_id])
    return None if log_odds is None else Opinion(split, right, log_odds)


def _failing(
    corpus: Path, problems: dict[str, Problem], judge: Judge
) -> Iterator[tuple[str, Example]]:
    """Yield the exam's programs that fail a sample, with the name of their split.

    One whose own fix fails a test is left out: its problem accepts answers that the tests do not
    hold, so that a right fix would not be seen either.
    """
    for split in ("unseen", "seen"):
        for example in read_examples(corpus / f"exam-{split}.jsonl.xz"):
            problem = problems[example.problem_id]
            # The samples are judged first, so a failure elsewhere means that they pass.
            samples = {test.name for test in problem.tests if test.sample}
            if (
                example.failure is not None
                and example.failure.test in samples
                and judge.judge(example.fixed, problem, stop_at_failure=True).accepted
            ):
                yield split, example


def _shown(corpus: Path) -> Iterator[tuple[str, str, bool, str]]:
    """Yield wrong programs and right ones, by the same people and by others."""
    for split in ("unseen", "seen"):
        for example in read_examples(corpus / f"exam-{split}.jsonl.xz"):
            yield split, example.problem_id, False, example.wrong
            yield split, example.problem_id, True, example.fixed
    for example in read_examples(corpus / "exam-accepted.jsonl.xz"):
        yield "unseen, by others", example.problem_id, True, example.fixed


def _write(path: Path, rows: Iterable[Attempt | Opinion | None]) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as file:
        for row in rows:
            if row is not None:
                file.write(json.dumps(asdict(row)) + "\n")
    temporary.replace(path)


if __name__ == "__main__":
    main()
