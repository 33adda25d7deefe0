"""Runs searches on a device, one step at a time for all of them.

On a GPU, every pass is a CUDA graph, captured beforehand for a few sizes; elsewhere the same
code runs as it is.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from reference.model.decoding import Beam
from reference.model.gpu.beams import Beams, Question
from reference.model.gpu.cached import CachedNetwork
from reference.model.network import Shape
from reference.model.prompt import CODE

_KEPT_PREFIXES = 64
# What most requests need comes in small steps, the rest in large ones: each size is captured.
_SLOT_SIZES = (1, 4, 8, 16, 32)
# Few rows of 1,024 scores or less take the softmax twice as long as rows of more.
_KEY_SIZES = (1032, 1536, 2048)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a decoder has room for.

    Parameters
    ----------
    slots
        Searches at one time.
    width
        Beams of a search.
    max_tokens
        Tokens of an answer.
    prompt
        Tokens of a prompt.
    chunk
        Tokens of a prompt that are read in one pass.
    """

    slots: int = 16
    width: int = 10
    max_tokens: int = 200
    prompt: int = 2048
    chunk: int = 256

    @property
    def keys(self) -> int:
        """Places of a slot: the prompt in whole chunks, and every token of every beam."""
        chunks = -(-self.prompt // self.chunk)
        return chunks * self.chunk + (self.max_tokens + 1) * self.width

    def slot_sizes(self) -> list[int]:
        """Numbers of slots that have passes of their own."""
        return [*(size for size in _SLOT_SIZES if size < self.slots), self.slots]

    def key_sizes(self) -> list[int]:
        """Numbers of places that have passes of their own: multiples of 8, as matrix units want."""
        return [*(size for size in _KEY_SIZES if size < self.keys), -(-self.keys // 8) * 8]


class Poll:
    """Which searches had ended after a step, told when the device gets there."""

    def __init__(self, done: Tensor) -> None:
        self._event = None
        self._flags = done
        if done.is_cuda:
            self._flags = torch.empty(done.shape, dtype=torch.bool, pin_memory=True)
            self._flags.copy_(done, non_blocking=True)
            self._event = torch.cuda.Event()
            self._event.record()
        else:
            self._flags = done.clone()

    def result(self) -> list[bool]:
        """Wait for the step, and return one flag a slot."""
        if self._event is not None:
            self._event.synchronize()
        flags: list[bool] = self._flags.tolist()
        return flags


class Decoder:
    """Searches in slots.

    Used by one thread at a time.

    Parameters
    ----------
    shape, tensors
        Of a `Network`: in half precision on a GPU, or in single precision on a CPU.
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    beams
        How a search goes on: by its likeliest beams, unless training draws them.
    """

    def __init__(
        self,
        shape: Shape,
        tensors: Mapping[str, Tensor],
        line_ends: NDArray[np.bool_],
        capacity: Capacity | None = None,
        beams: type[Beams] = Beams,
    ) -> None:
        self.capacity = capacity or Capacity()
        self._key_sizes = self.capacity.key_sizes()
        slots, width, keys = self.capacity.slots, self.capacity.width, self._key_sizes[-1]
        with torch.inference_mode():
            # One slot more, where prompts are read.
            self._network = CachedNetwork(shape, tensors, slots + 1, keys)
            like = self._network.embedding
            self._beams = beams(slots, width, self.capacity.max_tokens, keys, line_ends, like)
            self._rows = torch.arange(width, device=like.device)
            self._keys = torch.arange(keys, device=like.device)
            # What the passes over prompts are given.
            self._offsets = torch.arange(self.capacity.chunk, device=like.device)
            self._chunk = torch.zeros_like(self._offsets)
            self._start = torch.zeros_like(self._offsets[:1])
        self._prefixes: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()
        self._graphs: dict[tuple[Callable[..., None], int, int], torch.cuda.CUDAGraph] = {}
        self._aside = torch.cuda.Stream() if like.is_cuda else None
        self._steps = [0] * slots
        self._prompts = [0] * slots
        self.device = like.device

    @torch.inference_mode()
    def capture(self) -> None:
        """Capture all passes; each has run before any request does."""
        if self.device.type != "cuda":
            return
        for keys in self._key_sizes:
            self._run(self._read, 1, keys)
            for slots in self.capacity.slot_sizes():
                self._run(self._step, slots, keys)
        torch.cuda.synchronize()

    @torch.inference_mode()
    def begin(self, slot: int, question: Question) -> None:
        """Read a prompt into a slot, and start its search with the next step.

        The part before the program is kept for other programs of the same problem.

        Raises
        ------
        ValueError
            If there is no room for the question.
        """
        capacity, prompt = self.capacity, question.prompt
        if (
            not 1 < len(prompt) <= capacity.prompt
            or question.width > capacity.width
            or question.max_tokens > capacity.max_tokens
        ):
            raise ValueError("there is no room for such a search")
        prefix = prompt[: prompt.index(CODE)] if CODE in prompt else ()
        start = self._recall(prefix)
        for place in range(start, len(prompt) - 1, capacity.chunk):
            part = torch.tensor(prompt[place : min(place + capacity.chunk, len(prompt) - 1)])
            self._chunk[: len(part)].copy_(part)
            self._start.fill_(place)
            self._run(self._read, 1, self._size(place + capacity.chunk))
        if prefix and not start:
            self._keep(prefix)
        cache, read = self._network.cache, len(prompt) - 1
        cache[:, :, slot, :, :read] = cache[:, :, -1, :, :read]
        self._beams.begin(slot, question)
        self._prompts[slot] = read
        self._steps[slot] = 0

    @torch.inference_mode()
    def step(self, slots: Sequence[int]) -> Poll:
        """Go on by one token in these slots, without waiting for the device."""
        keys = max(self._prompts[n] + (self._steps[n] + 1) * self.capacity.width for n in slots)
        for slot in slots:
            self._steps[slot] += 1
        count = next(size for size in self.capacity.slot_sizes() if size > max(slots))
        self._run(self._step, count, self._size(keys))
        return Poll(self._beams.done)

    @torch.inference_mode()
    def halt(self, slot: int) -> None:
        """End a search that has not ended, and wait for that."""
        self._beams.done[slot] = True
        if self._aside is not None:
            torch.cuda.current_stream().synchronize()

    @torch.inference_mode()
    def found(self, slot: int) -> list[Beam]:
        """Return the complete beams of a search that has ended."""
        with self._beside():
            return self._beams.found(slot)

    @torch.inference_mode()
    def first(self, slot: int) -> NDArray[np.float32]:
        """Return the scores of a search's first token, [special tokens]; it has ended."""
        with self._beside():
            return self._beams.first(slot)

    def _beside(self) -> contextlib.AbstractContextManager[object]:
        """Have the device copy beside what it does; what an ended search found does not change."""
        return contextlib.nullcontext() if self._aside is None else torch.cuda.stream(self._aside)

    def _read(self, _: int, keys: int) -> None:
        """Read a chunk of a prompt."""
        places = self._start + self._offsets
        unseen = self._keys[:keys] > places[:, None]
        self._network.read(
            self._chunk[None],
            places[None],
            slice(self.capacity.slots, self.capacity.slots + 1),
            places[None],
            unseen[None],
        )

    def _step(self, count: int, keys: int) -> None:
        """Read each beam's last token, and choose the next."""
        beams = self._beams
        prompt, written = beams.prompt[:count, None], beams.written[:count, None]
        places = prompt + written * self.capacity.width + self._rows
        mask = beams.mask[:count, :, :keys]
        mask.scatter_(2, places[:, :, None].clamp(max=keys - 1), False)
        hidden = self._network.read(
            beams.tokens[:count],
            (prompt + written).expand(-1, self.capacity.width),
            slice(count),
            places,
            mask,
        )
        beams.choose(functional.linear(hidden, self._network.embedding), keys)

    def _run(self, work: Callable[[int, int], None], count: int, keys: int) -> None:
        if self.device.type != "cuda":
            work(count, keys)
            return
        name = (work, count, keys)
        if name not in self._graphs:
            self._graphs[name] = self._captured(lambda: work(count, keys))
        self._graphs[name].replay()

    def _captured(self, work: Callable[[], None]) -> torch.cuda.CUDAGraph:
        graph = torch.cuda.CUDAGraph()
        pool = next(iter(self._graphs.values())).pool() if self._graphs else None
        current = torch.cuda.current_stream()
        assert self._aside is not None
        self._aside.wait_stream(current)
        with torch.cuda.stream(self._aside):
            work()  # so that what is loaded and allocated once is
            # Not `torch.cuda.graph`, which collects garbage and empties caches each time.
            graph.capture_begin(*([] if pool is None else [pool]))
            work()
            graph.capture_end()
        current.wait_stream(self._aside)
        return graph

    def _size(self, keys: int) -> int:
        return next(size for size in self._key_sizes if size >= keys)

    def _recall(self, prefix: tuple[int, ...]) -> int:
        """Take what is kept of a prefix as read; return the number of its tokens."""
        if prefix not in self._prefixes:
            return 0
        self._prefixes.move_to_end(prefix)
        self._network.cache[:, :, -1, :, : len(prefix)] = self._prefixes[prefix]
        return len(prefix)

    def _keep(self, prefix: tuple[int, ...]) -> None:
        self._prefixes[prefix] = self._network.cache[:, :, -1, :, : len(prefix)].clone()
        if len(self._prefixes) > _KEPT_PREFIXES:
            self._prefixes.popitem(last=False)
