"""Train the model. Run `python -m reference.training.train --help`.

Either all weights of a base model are trained, acting as rounded to four bits, or an adapter
beside the frozen weights of a larger one. Resumable: a checkpoint holds the weights, their running
average, the optimiser's state and the place in the schedule. After a loss that is not finite,
training goes back to the last checkpoint, at half the rate. What is kept are the averaged weights
at the end: how well they foretell an exam's answers says little about how many they repair.
"""

import argparse
import json
import math
import random
import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from reference.model.adapter import load_network, low_rank_parts
from reference.model.network import Network, Packing, read_shape
from reference.model.prompt import END, MAX_TOKENS, PromptCodec
from reference.model.repair_model import CALIBRATION
from reference.protocol import Problem
from reference.training.corpus import Example, read_examples, read_problem_lines
from reference.training.lora import adapter_tensors, add_adapters, go_on_from
from reference.training.packing import ExampleEncoder, Row, Sequenced, pack
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
    rank
        Of the adapter, if one is trained.
    """

    minutes: float = 12.0
    row_tokens: int = 32_768
    learning_rate: float = 3e-4
    warmup_steps: int = 100
    weight_decay: float = 0.05
    real_repeats: int = 6
    accepted_share: float = 0.12
    average_decay: float = 0.995
    assess_every: int = 250
    rank: int = 32
    seed: int = 1


class NonFiniteLossError(RuntimeError):
    """The loss is not a finite number, at ever lower rates."""


class Trainer:
    """Trains a network on rows of packed sequences."""

    def __init__(self, start: Path, base: Path | None, plan: Plan, device: torch.device) -> None:
        self.plan = plan
        self.device = device
        self._adapter: dict[str, Tensor] | None = None
        if base is None:
            self.network = Network(read_shape(start)).to(device)
            self.network.load_state_dict(load_file(start / "model.safetensors"))
            act_rounded(self.network)
        else:
            self._adapter = load_file(start / "adapter.safetensors")
            self.network = load_network(base, start, merged=False).to(device)
            add_adapters(self.network, plan.rank, _low_precision(device))
            go_on_from(self.network, low_rank_parts(self._adapter))
        named = self.network.named_parameters()
        self.trained = {name: value for name, value in named if value.requires_grad}
        self.average = [value.detach().clone() for value in self.trained.values()]
        # Decay would pull rows of the embedding to zero that get no gradient.
        decayed = {name for name, value in self.trained.items() if value.ndim > 1 and base is None}
        self.optimizer = torch.optim.AdamW(
            [
                {
                    "params": [self.trained[name] for name in sorted(names)],
                    "weight_decay": plan.weight_decay * (names is decayed),
                }
                for names in (decayed, self.trained.keys() - decayed)
                if names
            ],
            lr=plan.learning_rate,
            betas=(0.9, 0.95),
            fused=device.type == "cuda",
        )
        if device.type == "cuda":
            self.network.compile_layers()
        self.step = 0
        self.slowed = 1.0

    def learning_rate(self, progress: float) -> float:
        """Return the rate: linear warm-up, then a cosine to a fiftieth, by part of the time."""
        warm = min(1.0, (self.step + 1) / self.plan.warmup_steps)
        cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
        return self.slowed * self.plan.learning_rate * warm * (0.02 + 0.98 * cosine)

    def train_on(self, row: Row, progress: float) -> Tensor:
        """Take one step; return the loss, still on the device."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(progress)
        loss = self.loss(row)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.trained.values()), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        # Early weights would linger in a long average.
        decay = min(self.plan.average_decay, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, list(self.trained.values()), 1 - decay)
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
        """Return the mean loss, and how often the whole answer is right."""
        total, count, all_right, answers = 0.0, 0.0, 0, 0
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
                    all_right += all(right[start : place + 1])
                    start = place + 1
        return {
            "loss": total / max(count, 1),
            "answer": all_right / max(answers, 1),
            "examples": answers,
        }

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Put the averaged weights in place of the current ones for a while."""
        current = [value.detach().clone() for value in self.trained.values()]
        with torch.no_grad():
            torch._foreach_copy_(list(self.trained.values()), self.average)
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(list(self.trained.values()), current)

    def save(self, folder: Path) -> None:
        """Write the weights: all in bfloat16, or the adapter's in float16."""
        trained = {name: value.detach() for name, value in self.trained.items()}
        if self._adapter is None:
            weights = {name: value.bfloat16().contiguous() for name, value in trained.items()}
            save_file(weights, folder / "model.safetensors")
        else:
            save_file({**self._adapter, **adapter_tensors(trained)}, folder / "adapter.safetensors")

    def save_state(self, path: Path, seconds: float) -> None:
        """Write all that `load_state` needs to go on."""
        state = {
            "trained": self.trained,
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
        with torch.no_grad():
            for name, value in self.trained.items():
                value.copy_(state["trained"][name])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        return float(state["seconds"])

    def start_again(self, path: Path) -> None:
        """Go back to a checkpoint, or give up where none helped.

        Raises
        ------
        NonFiniteLossError
            If the rate was halved before without avail.
        """
        if self.slowed < _SLOWEST:
            raise NonFiniteLossError(f"step {self.step}; lower the learning rate")
        self.load_state(path)
        self.slowed /= 2

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
_SLOWEST = 1 / 8
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
    parser.add_argument("start", type=Path, help="folder that reference.training.base wrote")
    parser.add_argument("corpus", type=Path, help="folder that reference.training.build wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, help="the base's folder, to train an adapter for it")
    parser.add_argument("--rank", type=int, default=defaults.rank, help="of the adapter")
    parser.add_argument("--minutes", type=float, default=defaults.minutes)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--row-tokens", type=int, default=defaults.row_tokens)
    parser.add_argument("--assess-every", type=int, default=defaults.assess_every, metavar="STEPS")
    parser.add_argument("--workers", type=int, default=8, help="processes that prepare data")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    plan = Plan(
        minutes=arguments.minutes,
        learning_rate=arguments.learning_rate,
        row_tokens=arguments.row_tokens,
        assess_every=arguments.assess_every,
        rank=arguments.rank,
    )
    torch.manual_seed(plan.seed)
    run(
        arguments.start,
        arguments.corpus,
        arguments.out,
        plan,
        torch.device(arguments.device),
        arguments.workers,
        base=arguments.base,
    )


def run(
    start: Path,
    corpus: Path,
    out: Path,
    plan: Plan,
    device: torch.device,
    workers: int,
    *,
    base: Path | None = None,
) -> None:
    """Train to the end of the plan, going on from `out/state.pt` if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    for path in start.glob("*.json"):
        if path.name != CALIBRATION:  # which holds for the weights that it was made with
            shutil.copy(path, out)
    problems = read_problem_lines(corpus / "problems.jsonl")
    practice = Practice(corpus, problems, start / "tokenizer.json", plan, workers)
    rows = practice.rows()
    exams = {
        path.name.split(".")[0]: _exam(path, problems, start / "tokenizer.json", plan)
        for path in sorted(corpus.glob("exam-*seen.jsonl.xz"))
    }
    trainer = Trainer(start, base, plan, device)
    state = out / "state.pt"
    if not state.exists():
        trainer.save_state(state, 0.0)
    before = trainer.load_state(state)
    began = clock = time.monotonic()
    recent: list[Tensor] = []
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        while True:
            seconds = before + time.monotonic() - began
            progress = seconds / (60 * plan.minutes)
            ends = progress >= 1
            if not ends:
                recent.append(trainer.train_on(next(rows), progress))
            if not ends and trainer.step % 50:
                continue
            loss = torch.stack(recent).mean().item() if recent else 0.0
            if not math.isfinite(loss):
                trainer.start_again(state)
                recent.clear()
                continue
            now = time.monotonic()
            report: dict[str, object] = {
                "step": trainer.step,
                "seconds": round(seconds, 1),
                "loss": round(loss, 4),
                "tokens_per_s": round(len(recent) * plan.row_tokens / (now - clock)),
            }
            recent.clear()
            if ends or trainer.step % plan.assess_every == 0:
                with trainer.averaged():
                    report |= {name: trainer.assess(exam) for name, exam in exams.items()}
                    trainer.save(out)
                trainer.save_state(state, seconds)
            clock = time.monotonic()
            print(json.dumps(report), file=log, flush=True)
            if ends:
                break
        print(json.dumps({"plan": asdict(plan)}), file=log, flush=True)
    practice.close()


def _low_precision(device: torch.device) -> torch.dtype:
    return torch.bfloat16 if device.type == "cuda" else torch.float32


def _exam(path: Path, problems: dict[str, Problem], tokenizer: Path, plan: Plan) -> list[Row]:
    encoder = ExampleEncoder(PromptCodec(Tokenizer.from_file(str(tokenizer))), problems)
    sequences = [encoder.plain(example) for example in read_examples(path)]
    kept = [sequence for sequence in sequences if sequence is not None]
    return list(pack(kept, length=plan.row_tokens))


if __name__ == "__main__":
    main()
