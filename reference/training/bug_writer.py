"""Have a model write errors as people make them. Run `python -m reference.training.bug_writer`.

A model trained on real pairs the other way round, from the accepted program to the wrong one,
breaks other accepted programs. What the judge finds wrong is practice (Yasunaga and Liang,
Break-It-Fix-It, ICML 2021).
"""

import argparse
import math
import random
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import torch
from tokenizers import Tokenizer

from reference.judge import Judge
from reference.model.adapter import load_network
from reference.model.exploration import Effort
from reference.model.gpu import BatchedSearch, Capacity, Decoder
from reference.model.prompt import MAX_ANSWER_TOKENS
from reference.model.repair_model import RepairModel, line_ends
from reference.protocol import Problem
from reference.training.build import brief_problems, in_worker, start_judge
from reference.training.corpus import (
    Example,
    read_examples,
    read_problem_lines,
    shown,
    write_examples,
)
from reference.training.drawing import Drawing
from reference.training.restyle import canonical
from reference.training.sources import read_all_problems

DRAWN = 10
"""Wrong programs asked for, for each accepted one."""

EFFORT = Effort(at_once=DRAWN, tokens=DRAWN * MAX_ANSWER_TOKENS)
"""Enough to follow all of them to their ends."""

PARTS = 8
SLOTS = 24
"""In each of two groups: so many programs are broken at one time."""

ASKED = 4 * SLOTS
"""And so many are asked for, so that a free slot is taken at once."""


def main() -> None:
    """Make practice for a writer of errors, or have one write them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    turn = commands.add_parser("turn", help="write a corpus of real pairs the other way round")
    write = commands.add_parser("write", help="add a trained writer's errors to a corpus")
    write.add_argument("adapter", type=Path, help="folder that training on that corpus wrote")
    for command in (turn, write):
        command.add_argument("corpus", type=Path, help="that reference.training.build wrote")
    turn.add_argument("out", type=Path)
    write.add_argument("--base", type=Path, required=True, help="the base's folder")
    write.add_argument("--problems", type=Path, nargs="+", required=True, metavar="FILE")
    write.add_argument("--workers", type=int, default=2, help="processes that judge")
    arguments = parser.parse_args()
    if arguments.command == "turn":
        turn_round(arguments.corpus, arguments.out)
    else:
        problems = brief_problems(read_all_problems(arguments.problems))
        model = load_writer(arguments.adapter, arguments.base)
        add_written(arguments.corpus, model, problems, arguments.workers)


def turn_round(corpus: Path, out: Path) -> None:
    """Write a corpus from whose accepted programs one learns to make the wrong ones."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus / "problems.jsonl", out)
    for name in ("train-real", "exam-seen", "exam-unseen"):
        path = corpus / f"{name}.jsonl.xz"
        if path.exists():
            write_examples(
                out / path.name,
                (
                    replace(example, wrong=example.fixed, fixed=example.wrong, failure=None)
                    for example in read_examples(path)
                ),
            )


def load_writer(adapter: Path, base: Path) -> RepairModel:
    """Return a model that draws its answers by their probability."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = load_network(base, adapter)
    dtype = torch.half if device.type == "cuda" else torch.float32
    tokenizer = Tokenizer.from_file(str(adapter / "tokenizer.json"))
    decoder = Decoder(
        network.shape,
        {name: value.to(device, dtype) for name, value in network.state_dict().items()},
        Capacity(slots=SLOTS, groups=2, later=EFFORT.most, rows=EFFORT.rows),
    )
    ends = line_ends(tokenizer, network.shape.vocabulary)
    search = BatchedSearch(decoder, ends, EFFORT, Drawing)
    return RepairModel("bug-writer", device.type, search, tokenizer)


def add_written(
    corpus: Path, model: RepairModel, problems: Mapping[str, Problem], workers: int
) -> None:
    """Write `train-written-N.jsonl.xz`, from the accepted programs of the corpus.

    Files appear one by one, each of an equal share of the problems.
    """
    prompts = read_problem_lines(corpus / "problems.jsonl")
    accepted: defaultdict[str, list[str]] = defaultdict(list)
    for example in read_examples(corpus / "train-accepted.jsonl.xz"):
        accepted[example.problem_id].append(example.fixed)
    names = sorted(accepted)
    random.Random(0).shuffle(names)
    with (
        ThreadPoolExecutor(ASKED) as asking,
        ProcessPoolExecutor(workers, get_context("spawn"), start_judge) as judging,
    ):
        asked = {
            name: [asking.submit(_broken, model, code, prompts[name]) for code in accepted[name]]
            for name in names
        }
        for part in range(PARTS):
            found = [
                judging.submit(
                    in_worker,
                    partial(written, problems[name], accepted[name], _answers(asked[name])),
                )
                for name in names[part::PARTS]
            ]
            path = corpus / f"train-written-{part}.jsonl.xz"
            write_examples(path, (example for each in found for example in each.result()))
            print(path, flush=True)


def written(
    problem: Problem, accepted: Sequence[str], broken: Sequence[Sequence[str]], judge: Judge
) -> list[Example]:
    """Return the broken versions of accepted programs that are wrong, and are not yet known."""
    known = {canonical(code) for code in accepted}
    fixes: dict[str, str] = {}
    for fixed, versions in zip(accepted, broken, strict=True):
        for version in versions:
            form = canonical(version)
            if form not in known:
                known.add(form)
                fixes[version] = fixed
    return shown(problem, "written", fixes, judge, random.Random(problem.id))


def _broken(model: RepairModel, code: str, problem: Problem) -> list[str]:
    proposed = model.propose(code, problem, None, n=DRAWN, deadline=math.inf)
    return [program for program, _ in proposed]


def _answers(asked: Sequence["Future[list[str]]"]) -> list[list[str]]:
    return [one.result() for one in asked]


if __name__ == "__main__":
    main()
