"""Reads prompts, drafts and what searches write, for several searches at once on one device.

Keys and values stay on the device, each search's in a slot. Passes are of fixed sizes, so that each
can be captured once, before any request.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from reference.model.exploration import ANSWERS, Effort, Outlook, Reading
from reference.model.gpu.cached import CachedNetwork
from reference.model.gpu.passes import Pass, unpacked
from reference.model.network import Shape
from reference.model.prompt import CODE, MAX_TOKENS

GPU_EFFORT = Effort(at_once=24, tokens=1200, rows=80, behind=1.0)

_KEPT_PREFIXES = 64
# Each pass takes time to capture, so there are no more sizes than have been of use.
_FEW_ROWS = 16
_FEW_SLOTS = 4  # searches that a group has before the next one has any
_PARTS = (0.25, 0.6, 1)  # of the rows of all slots: most searches read half of what they may
# Few rows of 1,024 scores or less take the softmax twice as long as rows of more.
_KEY_SIZES = (1040, 1792)
_KEY_STEP = 16  # or fused attention would copy its mask in every layer


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a decoder has room for.

    Parameters
    ----------
    slots
        Searches that are read for in one pass.
    groups
        Of so many slots each. They take turns: what the device has read for one is looked at
        while it reads for another. A few searches are all in the first.
    text
        Tokens of a prompt and its draft.
    later
        Tokens that are read for a search after prompt and draft: some are to look further.
    rows
        Tokens that are read for a search in one pass.
    chunks
        Tokens of prompt and draft that are read in one pass; the least first.
    """

    slots: int = 8
    groups: int = 2
    text: int = MAX_TOKENS
    later: int = GPU_EFFORT.for_answers(2 * ANSWERS).most
    rows: int = GPU_EFFORT.rows
    chunks: tuple[int, ...] = (256, 512)

    def sizes(self, group: int) -> list[tuple[int, int, int]]:
        """Slots, tokens in all and rows of a group's passes, the smallest first."""
        rows = self.rows
        sizes = {(self.slots, max(rows, int(part * self.slots * rows)), rows) for part in _PARTS}
        if group == 0:  # where a search is that has no other beside it
            sizes |= {(1, size, size) for size in (min(_FEW_ROWS, rows), rows)}
        return sorted(sizes)

    def order(self) -> list[int]:
        """Slots in the order in which to take them: a few of a group, then of the next."""
        slots = range(self.slots * self.groups)
        return sorted(slots, key=lambda slot: slot % self.slots >= _FEW_SLOTS)

    def key_sizes(self) -> list[int]:
        """Numbers of places that have passes of their own."""
        keys = self.text + self.later
        most = -(-keys // _KEY_STEP) * _KEY_STEP
        return [*(size for size in _KEY_SIZES if size < keys), most]


class Decoder:
    """Reads tokens into slots.

    Used by one thread at a time.

    Parameters
    ----------
    shape, tensors
        Of a `Network`: in half precision on a GPU, or in single precision on a CPU.
    """

    def __init__(
        self, shape: Shape, tensors: Mapping[str, Tensor], capacity: Capacity | None = None
    ) -> None:
        self.capacity = capacity or Capacity()
        slots, groups = self.capacity.slots, self.capacity.groups
        all_slots, sizes = slots * groups, self.capacity.key_sizes()
        with torch.inference_mode():
            # One slot more, where prompts are read; one place more, for what is read of nothing.
            self._network = CachedNetwork(shape, tensors, all_slots + 1, sizes[-1] + 1)
            aside = slice(all_slots, all_slots + 1)
            self._chunks = [
                Pass(self._network, aside, size=rows, rows=rows, keys=keys)
                for rows in self.capacity.chunks
                for keys in sizes[: bisect_left(sizes, self.capacity.text) + 1]
            ]
            self._passes = [
                Pass(self._network, slice(first, first + count), size=size, rows=rows, keys=keys)
                for group, first in enumerate(range(0, all_slots, slots))
                for count, size, rows in self.capacity.sizes(group)
                for keys in sizes
            ]
        self._prefixes: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()
        self._prompts = [0] * all_slots
        self.device = self._network.embedding.device
        # Of the groups, and of prompts: small passes of several fill more of a GPU.
        self._streams = [
            torch.cuda.Stream(self.device) if self.device.type == "cuda" else None
            for _ in range(groups + 1)
        ]

    @torch.inference_mode()
    def capture(self) -> None:
        """Capture all passes; each has run before any request does."""
        if self.device.type != "cuda":
            return
        torch.cuda.synchronize()
        for number in range(len(self._streams)):
            pool = None  # what runs at the same time has memory of its own
            with self._stream(number):
                for each in self._of_stream(number):
                    graph = torch.cuda.CUDAGraph()
                    each.capture(graph, pool)
                    pool = graph.pool()
        torch.cuda.synchronize()
        torch.cuda.empty_cache()  # of what passes took before they were captured

    @torch.inference_mode()
    def begin(
        self, slot: int, prompt: Sequence[int], draft: Sequence[int]
    ) -> Callable[[], Outlook]:
        """Begin to read a prompt and a draft into a slot; see `Runtime.begin`.

        The part before the program is kept for other programs of the same problem.

        Returns what waits for the outlook, and must be called before another is begun.

        Raises
        ------
        ValueError
            If there is no room for them.
        """
        text = np.array([*prompt, *draft], np.int64)
        end = len(text) - 1
        if end > self.capacity.text:
            raise ValueError("there is no room for such a prompt and draft")
        prefix = tuple(prompt[: prompt.index(CODE)]) if CODE in prompt else ()
        found: list[NDArray[np.float32]] = []
        with self._stream(-1):
            first = start = self._recall(prefix)
            while True:
                chunk, last = self._chunk(first, end)
                chunk.clear()
                chunk.set(0, first, _part(text, first, last))
                asked = slice(max(len(prompt) - 1 - first, 0), last - first)
                chunk.start()
                if last == end:
                    break
                chunk.bring()
                found.append(chunk.fetch()[asked].copy())
                first = last
            if prefix and not start:
                self._keep(prefix)
            cache = self._network.cache
            cache[:, :, slot, :, :end] = cache[:, :, -1, :, :end]
            chunk.bring()  # only now: who waits for that may read in the slot, on another stream
        self._prompts[slot] = len(prompt)
        return lambda: unpacked(np.concatenate((*found, chunk.fetch()[asked])))

    @torch.inference_mode()
    def start(self, readings: Mapping[int, Reading]) -> Callable[[], dict[int, Outlook]]:
        """Begin to read tokens of a group's searches, by their slots, in one pass.

        Returns what waits for the outlooks, and must be called before the group's next pass is
        started; other groups' may be before.

        Raises
        ------
        ValueError
            If there is no room for one of them.
        """
        one = self._smallest(readings)
        first = one.slots.start
        one.clear()
        places = {
            slot: one.set(slot - first, self._prompts[slot], reading)
            for slot, reading in readings.items()
        }
        with self._stream(first // self.capacity.slots):
            one.start()
            one.bring()

        def fetch() -> dict[int, Outlook]:
            found = one.fetch()
            return {slot: unpacked(found[here]) for slot, here in places.items()}

        return fetch

    def _stream(self, number: int) -> AbstractContextManager[object]:
        stream = self._streams[number]
        return nullcontext() if stream is None else torch.cuda.stream(stream)

    def _of_stream(self, number: int) -> list[Pass]:
        """Return the passes of a group, or of prompts."""
        slots = self.capacity.slots
        passes = (*self._passes, *self._chunks)
        return [each for each in passes if each.slots.start // slots == number]

    def _chunk(self, first: int, end: int) -> tuple[Pass, int]:
        """Return the smallest pass that reads a text to its end, or the most; and how far."""
        sizes = self.capacity.chunks
        rows = next((size for size in sizes if size >= end - first), sizes[-1])
        last = min(first + rows, end)
        fitting = (each for each in self._chunks if each.rows == rows and each.keys >= last)
        return next(fitting), last

    def _smallest(self, readings: Mapping[int, Reading]) -> Pass:
        """Return the smallest pass with room for some readings."""
        keys = max(self._prompts[slot] + one.seen.shape[1] for slot, one in readings.items())
        counts = [len(reading.tokens) for reading in readings.values()]
        for each in self._passes:
            fits = each.rows >= max(counts) and each.size >= sum(counts)
            enough = fits and each.keys >= keys
            if enough and each.slots.start <= min(readings) <= max(readings) < each.slots.stop:
                return each
        raise ValueError("there is no room for what is to be read")

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


def _part(text: NDArray[np.int64], first: int, last: int) -> Reading:
    """Return what it is to read a part of a text, and to ask for what follows each token."""
    size = last - first
    seen = np.tri(size, dtype=np.bool_)
    return Reading(text[first:last], np.arange(size), text[first + 1 : last + 1], seen)
