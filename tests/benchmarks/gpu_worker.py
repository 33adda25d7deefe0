"""A process that holds the model as a container does, for `gpu_figures` to ask.

    python -m tests.benchmarks.gpu_worker MODEL [--slots N] [--groups N] [--serve]

Prints a line of JSON when it is ready: what starting took. Then it answers each line of standard
input with another, or with `--serve` serves the endpoint, from as many processes as a container
with this machine's processors would have.
"""

import time

STARTED = time.monotonic()

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from contextlib import closing  # noqa: E402
from functools import cached_property  # noqa: E402
from itertools import cycle, pairwise  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

import torch  # noqa: E402

TORCH = time.monotonic()

from safetensors.torch import load_file  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from modal_app.container import WARM_UP  # noqa: E402
from modal_app.engine_processes import EngineProcesses  # noqa: E402
from modal_app.model import warm  # noqa: E402
from modal_app.serve import listen, serve  # noqa: E402
from modal_app.service import THREADS_PER_CORE, create_app  # noqa: E402
from reference.judge import Judge, Screening  # noqa: E402
from reference.model.decoding import DraftSearch  # noqa: E402
from reference.model.exploration import Answer  # noqa: E402
from reference.model.gpu import GPU_EFFORT, Capacity  # noqa: E402
from reference.model.gpu.load import NETWORK, TOKENIZER, load_gpu_model  # noqa: E402
from reference.model.network import Network, read_shape  # noqa: E402
from reference.model.repair_model import RepairModel, line_ends  # noqa: E402
from reference.problems import ProblemBank  # noqa: E402
from reference.protocol import (  # noqa: E402
    Problem,
    ProblemReference,
    RepairOptions,
    RepairRequest,
)
from reference.training.generate import TorchRuntime  # noqa: E402
from reference.wpc import WPC  # noqa: E402
from tests.benchmarks.data import Question, wrong_programs  # noqa: E402
from tests.benchmarks.model_client import ask  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"
STARTED_S = 120.0  # until all processes of an engine are up


def questions(engine: WPC) -> list[Question]:
    """Return the wrong programs among the examples, with the first test that each fails."""
    found = []
    for path in sorted(EXAMPLES.glob("*.py")):
        code = path.read_text(encoding="utf-8")
        named = re.search(r"wpc: problem=(\w+)", code)
        problem_id = named[1] if named else path.stem
        failure = engine.repair(judging(code, problem_id)).tests.first_failure
        found.append(Question(code, engine.bank.get(problem_id), failure))
    return found


def judging(code: str, problem_id: str) -> RepairRequest:
    """Return the request to judge a program, and to look for no fix."""
    problem = ProblemReference(id=problem_id)
    return RepairRequest(code=code, problem=problem, options=RepairOptions(max_fixes=0))


class Worker:
    """The model and the engine, and what can be asked of them."""

    def __init__(self, folder: Path, device: str, capacity: Capacity) -> None:
        self.taken = {"torch imported": TORCH - STARTED, "the rest": time.monotonic() - TORCH}
        self._folder, self._device = folder, device
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        if device == "cuda":
            self._timed("CUDA context", lambda: torch.zeros(1, device=device))
        self.model: RepairModel = self._timed(
            "weights and CUDA graphs", lambda: load_gpu_model(folder, capacity, device=device)
        )
        self._timed("first answers, one a size", lambda: warm(self.model))
        self._judge = Judge()
        self.engine = WPC(ProblemBank(), self._judge, self.model)
        self._timed("judge and first repair", lambda: self.engine.repair(WARM_UP))
        self.taken["all"] = time.monotonic() - STARTED

    def one(self) -> dict[str, Any]:
        """Make one repair, and one list of proposals."""
        begun = time.monotonic()
        problem = WARM_UP.problem.inline
        assert problem is not None
        proposed = Question(WARM_UP.code, problem, None).ask(self.model)
        model_s = time.monotonic() - begun
        fixes = self.engine.repair(WARM_UP).fixes
        answer = repr((proposed, [fix.edits for fix in fixes])).encode()
        return {
            "model_s": model_s,
            "seconds": time.monotonic() - begun,
            "answer": hashlib.sha256(answer).hexdigest(),
        }

    def proposals(self, clients: int, seconds: float, judged: bool) -> dict[str, Any]:
        """Have processes ask for proposals; return the seconds of each.

        With `judged`, for programs that a judge refused instead of the examples.
        """
        asked = self._refused if judged else self._examples
        search, tokenizer = self.model.search, self._tokenizer
        taken, lasted = ask(search, tokenizer, asked, clients=clients, seconds=seconds)
        return {"seconds": taken, "lasted": lasted}

    def repairs(self, clients: int, seconds: float) -> dict[str, Any]:
        """Have threads judge programs, ask for proposals and judge these; return how long it took.

        That is what a repair is made of where no accepted programs are known. `stages` are the
        medians of its three.
        """
        asked = cycle(self._examples)
        end = time.monotonic() + seconds

        def repair(_: int) -> list[list[float]]:
            taken = []
            while (begun := time.monotonic()) < end:
                question = next(asked)
                times = [begun]
                self.engine.repair(judging(question.code, question.problem.id))
                times.append(time.monotonic())
                proposed = [program for program, _ in question.ask(self.model)]
                times.append(time.monotonic())
                self._confirm(proposed, question.problem)
                times.append(time.monotonic())
                taken.append([after - before for before, after in pairwise(times)])
            return taken

        with ThreadPoolExecutor(clients) as threads:
            taken = [stages for part in threads.map(repair, range(clients)) for stages in part]
        return {
            "seconds": [sum(stages) for stages in taken],
            "stages": [median(stage) for stage in zip(*taken, strict=True)],
            "lasted": time.monotonic() - end + seconds,
        }

    def _confirm(self, programs: Sequence[str], problem: Problem) -> None:
        """Look which programs may pass all tests, and judge those, as a repair does."""
        for index, screening in self._judge.screen(programs, problem, problem.tests):
            if screening in (Screening.PASSES, Screening.UNKNOWN):
                self._judge.judge(programs[index], problem, stop_at_failure=True)

    def plain(self) -> dict[str, Any]:
        """Compare answers with those of plain decoding, and time that."""
        shape = read_shape(self._folder)
        network = Network(shape)
        network.load_state_dict(load_file(self._folder / NETWORK))
        network.to(self._device, torch.float32 if self._device == "cpu" else torch.float16)
        ends = line_ends(self._tokenizer, shape.vocabulary)
        search = DraftSearch(TorchRuntime(network), ends, GPU_EFFORT)
        plain = RepairModel("plain", self._device, search, self._tokenizer)
        same, likeliest, taken = 0, 0, []
        for question in self._examples:
            begun = time.monotonic()
            expected = [program for program, _ in question.ask(plain)]
            taken.append(time.monotonic() - begun)
            found = [program for program, _ in question.ask(self.model)]
            same += set(found) == set(expected)
            likeliest += found[:1] == expected[:1]
        del search, plain, network
        if self._device == "cuda":
            torch.cuda.empty_cache()  # or what this took would count as the model's
        return {"seconds": taken, "same": same, "likeliest": likeliest, "of": len(taken)}

    def memory(self) -> dict[str, Any]:
        """Return what is held, in MiB."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        held = {"process": pages * os.sysconf("SC_PAGE_SIZE") / 2**20}
        if self._device == "cuda":
            held["tensors"] = torch.cuda.memory_allocated() / 2**20
            held["reserved by torch"] = torch.cuda.memory_reserved() / 2**20
            free, whole = torch.cuda.mem_get_info()
            held["used on the GPU"] = (whole - free) / 2**20
        return held

    def prompts(self) -> dict[str, Any]:
        """Return how many tokens the prompts and drafts have."""
        counts: list[int] = []
        model = RepairModel("lengths", "", _Recorder(counts), self._tokenizer)
        for question in self._examples:
            question.ask(model)
        return {"tokens": counts}

    @cached_property
    def _examples(self) -> list[Question]:
        return questions(self.engine)

    @cached_property
    def _refused(self) -> list[Question]:
        return wrong_programs()

    def _timed(self, stage: str, work: Callable[[], Any]) -> Any:
        begun = time.monotonic()
        result = work()
        if self._device == "cuda":
            torch.cuda.synchronize()
        self.taken[stage] = time.monotonic() - begun
        return result


class _Recorder:
    """Notes the length of a prompt and its draft, and finds nothing."""

    def __init__(self, counts: list[int]) -> None:
        self._counts = counts

    def search(
        self, prompt: Sequence[int], draft: Sequence[int], *, width: int, deadline: float
    ) -> list[Answer]:
        self._counts.append(len(prompt) + len(draft))
        return []

    def likelihood(self, prompt: Sequence[int], answer: Sequence[int]) -> float:
        raise NotImplementedError


def main() -> None:
    """Load, say so, answer."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("model", type=Path)
    parser.add_argument("--slots", type=int, default=Capacity().slots, help="of a group")
    parser.add_argument("--groups", type=int, default=Capacity().groups)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    capacity = Capacity(slots=arguments.slots, groups=arguments.groups)
    worker = Worker(arguments.model, arguments.device, capacity)

    def say(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), flush=True)

    if arguments.serve:
        cores = len(os.sched_getaffinity(0))
        begun = time.monotonic()
        size = THREADS_PER_CORE * cores
        with closing(EngineProcesses((), worker.model, cores=cores, size=size)) as engine:
            assert engine.wait(STARTED_S), "not all processes of the engine came up"
            worker.taken["engine processes"] = time.monotonic() - begun
            listener = listen("127.0.0.1", 0)
            ready = worker.taken | {"port": listener.getsockname()[1]}
            app = create_app(engine, threads=size)
            serve(app, listener, idle_s=None, on_open=lambda: say(ready), on_close=lambda: None)
    else:
        say(worker.taken)
        for line in sys.stdin:
            command = json.loads(line)
            say(getattr(worker, command.pop("do"))(**command))
    worker.engine.close()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
