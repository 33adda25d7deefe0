"""Train the model. Run `python -m reference.training.train --help`.

Resumable: a checkpoint holds the weights, their running average, the optimiser's state and the
place in the schedule. Training stops on a loss that is not finite.
"""

import argparse
import json
import math
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from reference.model.network import Network, Packing, read_shape
from reference.model.prompt import END, PromptCodec
from reference.protocol import Problem
from reference.training.corpus import Example, read_examples, read_problem_lines
from reference.training.packing import MAX_TOKENS, ExampleEncoder, Row, Sequenced, pack
from reference.training.rounding import act_rounded


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Parameters
    ----------
    minutes
        Wall-clock time; the learning rate reaches its end then, so a run always completes its
        schedule, whatever the speed of the machine.
    row_tokens
        Tokens a step.
    real_repeats, accepted_share
        How often a pass over the data shows a real pair, and which part of it shows accepted
        programs (whose answer is that nothing is wrong).
    """

    minutes: float = 12.0
    row_tokens: int = 32_768
    learning_rate: float = 6e-4
    warmup_steps: int = 100
    weight_decay: float = 0.05
    real_repeats: int = 3
    accepted_share: float = 0.06
    average_decay: float = 0.998
    seed: int = 1


class NonFiniteLossError(RuntimeError):
    """The loss is not a finite number; the last checkpoint is the one before it."""


class Trainer:
    """Trains a network on rows of packed sequences."""

    def __init__(self, folder: Path, plan: Plan, device: torch.device) -> None:
        self.plan = plan
        self.device = device
        self.network = Network(read_shape(folder)).to(device)
        self.network.load_state_dict(load_file(folder / "model.safetensors"))
        act_rounded(self.network)
        self.average = [p.detach().clone() for p in self.network.parameters()]
        matrices = [p for p in self.network.parameters() if p.ndim > 1]
        others = [p for p in self.network.parameters() if p.ndim == 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": plan.weight_decay},
                {"params": others, "weight_decay": 0.0},
            ],
            lr=plan.learning_rate,
            betas=(0.9, 0.95),
            fused=device.type == "cuda",
        )
        if device.type == "cuda":
            self.network.compile_layers()
        self.step = 0

    def learning_rate(self, progress: float) -> float:
        """Return the rate: linear warm-up, then a cosine to a fiftieth, by part of the time."""
        warm = min(1.0, (self.step + 1) / self.plan.warmup_steps)
        cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
        return self.plan.learning_rate * warm * (0.02 + 0.98 * cosine)

    def train_on(self, row: Row, progress: float) -> Tensor:
        """Take one step; return the loss, still on the device."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(progress)
        loss = self.loss(row)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        # Early weights would linger in a long average.
        decay = min(self.plan.average_decay, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, list(self.network.parameters()), 1 - decay)
        return loss.detach()

    def loss(self, row: Row) -> Tensor:
        """Return the weighted mean loss over the tokens to write."""
        tokens, packing = self._place(row)
        weights = torch.from_numpy(row.weights).to(self.device, non_blocking=True)
        targets = weights.nonzero().squeeze(1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            hidden = self.network(tokens, packing)
            logits = self.network.logits(hidden[targets - 1])
        losses = functional.cross_entropy(logits.float(), tokens[targets], reduction="none")
        total: Tensor = (losses * weights[targets]).sum() / weights.sum()
        return total

    @torch.no_grad()
    def assess(self, rows: Sequence[Row]) -> dict[str, float]:
        """Return the mean loss, how often the first line is right, and the whole answer."""
        total, count, first_right, all_right, answers = 0.0, 0.0, 0, 0, 0
        for row in rows:
            tokens, packing = self._place(row)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=tokens.is_cuda):
                hidden = self.network(tokens, packing)
                wanted = torch.from_numpy(row.weights).to(self.device).nonzero().squeeze(1)
                logits = self.network.logits(hidden[wanted - 1]).float()
            losses = functional.cross_entropy(logits, tokens[wanted], reduction="none")
            right = (logits.argmax(-1) == tokens[wanted]).tolist()
            total, count = total + losses.sum().item(), count + len(wanted)
            ends = (tokens[wanted] == END).tolist()
            start = 0
            for place, end in enumerate(ends):
                if end:
                    answers += 1
                    first_right += right[start]
                    all_right += all(right[start : place + 1])
                    start = place + 1
        return {
            "loss": total / max(count, 1),
            "line": first_right / max(answers, 1),
            "answer": all_right / max(answers, 1),
            "examples": answers,
        }

    def save(self, folder: Path, *, averaged: bool) -> None:
        """Write the weights, or their average, in bfloat16 beside the base's other files."""
        folder.mkdir(parents=True, exist_ok=True)
        names = [name for name, _ in self.network.named_parameters()]
        values = self.average if averaged else list(self.network.parameters())
        tensors = {
            name: value.detach().to(torch.bfloat16).contiguous()
            for name, value in zip(names, values, strict=True)
        }
        save_file(tensors, folder / "model.safetensors")

    def save_state(self, path: Path, seconds: float) -> None:
        """Write all that `load_state` needs to go on."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": seconds,
        }
        temporary = path.with_suffix(".new")
        torch.save(state, temporary)
        temporary.replace(path)

    def load_state(self, path: Path) -> float:
        """Go on from a checkpoint; return the seconds already trained."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        return float(state["seconds"])

    def _place(self, row: Row) -> tuple[Tensor, Packing]:
        positions = np.arange(len(row.tokens)) - row.bounds[:-1].repeat(np.diff(row.bounds))
        tokens = torch.from_numpy(row.tokens.astype(np.int64)).to(self.device, non_blocking=True)
        bounds = torch.from_numpy(row.bounds).to(self.device, non_blocking=True)
        packing = Packing(bounds, MAX_TOKENS, torch.from_numpy(positions).to(self.device))
        return tokens, packing


class Practice:
    """Endless rows, each pass over the corpus in new styles and order.

    Before each pass, files that are new in the corpus are read, so it may grow meanwhile.
    Examples are encoded in other processes, ahead of their use.
    """

    def __init__(
        self, corpus: Path, problems: dict[str, Problem], tokenizer: Path, plan: Plan, workers: int
    ) -> None:
        self._corpus = corpus
        self._read: dict[Path, list[Example]] = {}
        self._plan = plan
        self._ahead = 8 * workers
        self._pool = ProcessPoolExecutor(
            workers, initializer=_start_worker, initargs=(problems, tokenizer)
        )

    def rows(self) -> Iterator[Row]:
        """Yield rows without end."""
        return pack(self._sequences(), length=self._plan.row_tokens)

    def close(self) -> None:
        """Stop the other processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _sequences(self) -> Iterator[Sequenced]:
        coming: deque[Future[list[Sequenced]]] = deque()
        for number, chunk in enumerate(self._chunks()):
            seed = self._plan.seed * 1_000_003 + number
            coming.append(self._pool.submit(_encode_chunk, chunk, seed))
            if len(coming) > self._ahead:
                yield from coming.popleft().result()

    def _chunks(self) -> Iterator[list[Example]]:
        rng = random.Random(self._plan.seed)
        while True:
            examples = self._pass(rng)
            rng.shuffle(examples)
            for start in range(0, len(examples), _CHUNK):
                yield examples[start : start + _CHUNK]

    def _pass(self, rng: random.Random) -> list[Example]:
        accepted: list[Example] = []
        wrong: list[Example] = []
        for path in sorted(self._corpus.glob("train-*.jsonl.xz")):
            if path not in self._read:
                self._read[path] = list(read_examples(path))
            for example in self._read[path]:
                repeats = self._plan.real_repeats if example.kind == "real" else 1
                if example.kind == "accepted":
                    accepted.append(example)
                else:
                    wrong += [example] * repeats
        share = min(len(accepted), round(self._plan.accepted_share * len(wrong)))
        return wrong + rng.sample(accepted, share)


_CHUNK = 250
_encoder: ExampleEncoder


def _start_worker(problems: dict[str, Problem], tokenizer: Path) -> None:
    global _encoder
    _encoder = ExampleEncoder(PromptCodec(Tokenizer.from_file(str(tokenizer))), problems)


def _encode_chunk(examples: Sequence[Example], seed: int) -> list[Sequenced]:
    rng = random.Random(seed)
    varied = (_encoder.vary(example, rng) for example in examples)
    return [sequence for sequence in varied if sequence is not None]


def main() -> None:
    """Train a model on a corpus, from a base model's folder."""
    defaults = Plan()
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("base", type=Path, help="folder of shape, weights and tokenizer")
    parser.add_argument("corpus", type=Path, help="folder that reference.training.build wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=defaults.minutes)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--row-tokens", type=int, default=defaults.row_tokens)
    parser.add_argument("--workers", type=int, default=8, help="processes that prepare data")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    plan = Plan(
        minutes=arguments.minutes,
        learning_rate=arguments.learning_rate,
        row_tokens=arguments.row_tokens,
    )
    torch.manual_seed(plan.seed)
    run(
        arguments.base,
        arguments.corpus,
        arguments.out,
        plan,
        torch.device(arguments.device),
        arguments.workers,
    )


def run(
    base: Path, corpus: Path, out: Path, plan: Plan, device: torch.device, workers: int
) -> None:
    """Train to the end of the plan, going on from `out/state.pt` if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    problems = read_problem_lines(corpus / "problems.jsonl")
    practice = Practice(corpus, problems, base / "tokenizer.json", plan, workers)
    exams = {
        path.name.split(".")[0]: _exam(path, problems, base / "tokenizer.json", plan)
        for path in sorted(corpus.glob("exam-*.jsonl.xz"))
    }
    trainer = Trainer(base, plan, device)
    state = out / "state.pt"
    before = trainer.load_state(state) if state.exists() else 0.0
    start = clock = time.monotonic()
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    recent: list[Tensor] = []
    for row in practice.rows():
        seconds = before + time.monotonic() - start
        progress = seconds / (60 * plan.minutes)
        if progress >= 1:
            break
        recent.append(trainer.train_on(row, progress))
        if trainer.step % 50 == 0:
            loss = torch.stack(recent).mean().item()
            recent.clear()
            if not math.isfinite(loss):
                raise NonFiniteLossError(f"step {trainer.step}; lower the learning rate")
            now = time.monotonic()
            report: dict[str, object] = {
                "step": trainer.step,
                "seconds": round(seconds, 1),
                "loss": round(loss, 4),
                "tokens_per_s": round(50 * plan.row_tokens / (now - clock)),
            }
            if trainer.step % 1000 == 0:
                report |= {name: trainer.assess(rows) for name, rows in exams.items()}
                trainer.save_state(state, seconds)
                trainer.save(out, averaged=True)
            clock = time.monotonic()
            print(json.dumps(report), file=log, flush=True)
    trainer.save_state(state, 60 * plan.minutes)
    trainer.save(out, averaged=True)
    final = {name: trainer.assess(rows) for name, rows in exams.items()}
    print(json.dumps({"plan": asdict(plan), "steps": trainer.step, **final}), file=log, flush=True)
    practice.close()


def _exam(path: Path, problems: dict[str, Problem], tokenizer: Path, plan: Plan) -> list[Row]:
    encoder = ExampleEncoder(PromptCodec(Tokenizer.from_file(str(tokenizer))), problems)
    sequences = [encoder.plain(example) for example in read_examples(path)]
    kept = [sequence for sequence in sequences if sequence is not None]
    return list(pack(kept, length=plan.row_tokens))


if __name__ == "__main__":
    main()
