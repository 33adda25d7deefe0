"""One pass of the network, of a fixed size, with what it is given and what it gives."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from reference.model.exploration import CHOICES, Outlook, Reading
from reference.model.gpu.cached import CachedNetwork
from reference.model.prompt import END, PAD, SPECIAL_TOKENS

SCORED_AT_ONCE = 256
"""Tokens whose scores are held at one time: those of all would take most of a pass's memory."""


class Pass:
    """Reads up to so many tokens into some slots; on a GPU, one CUDA graph.

    Parameters
    ----------
    slots
        Which of the network's.
    size
        Tokens that are read, whichever slots they are for.
    rows
        Tokens that are read into one slot.
    keys
        Places of a slot that may be seen; fewer than it has.
    """

    def __init__(
        self, network: CachedNetwork, slots: slice, *, size: int, rows: int, keys: int
    ) -> None:
        self.slots, self.size, self.rows, self.keys = slots, size, rows, keys
        self._network = network
        count, device = slots.stop - slots.start, network.embedding.device
        self._inputs = _Shared((6, size), torch.int64, device)
        self._unseen = _Shared((count, rows, keys), torch.bool, device)
        self._outlooks = _Shared((size, 2 * CHOICES + 1), torch.float32, device)
        # Special tokens are not written, but for the one that ends an answer.
        self._never = torch.arange(network.shape.vocabulary, device=device) < len(SPECIAL_TOKENS)
        self._never[END] = False
        self._graph: torch.cuda.CUDAGraph | None = None
        # A row without a token sees something, whatever it is: a softmax over nothing is no number.
        self._unseen.near[..., 1:] = True
        self.clear()

    def clear(self) -> None:
        """Have nothing to read.

        A token without a row is kept in the last place, which no pass sees: not even an overflow
        gets from it to others.
        """
        last = self._network.cache.shape[-2] - 1
        nowhere = self._unseen.near.shape[0] * self.rows
        self._inputs.near[:] = np.array([PAD, 0, last, PAD, 0, nowhere])[:, None]
        self._set = 0

    def set(self, slot: int, start: int, reading: Reading) -> slice:
        """Have something to read; return where what is found for it will be.

        Parameters
        ----------
        slot
            Counted from the first of this pass; each is set once.
        start
            Places before those that the reading knows of; all of its tokens see them.
        """
        size, end = len(reading.tokens), start + reading.seen.shape[1]
        here = slice(self._set, self._set + size)
        self._set = here.stop
        tokens, positions, places, following, slots, rows = self._inputs.near[:, here]
        tokens[:], following[:] = reading.tokens, reading.following
        positions[:] = start + reading.positions
        places[:] = np.arange(end - size, end)
        slots[:], rows[:] = slot, np.arange(size)
        unseen = self._unseen.near[slot, :size]
        unseen[:, :start] = False
        np.logical_not(reading.seen, out=unseen[:, start:end])
        unseen[:, end:] = True
        return here

    def start(self) -> None:
        """Have the device read, and do not wait; nothing may be set before `fetch`."""
        self._inputs.send()
        self._unseen.send()
        if self._graph is not None:
            self._graph.replay()
        else:
            self._work()

    def bring(self) -> None:
        """Have the device bring what it finds, when it has done what it was told before."""
        self._outlooks.bring()

    def is_ready(self) -> bool:
        """Whether `fetch` need not wait."""
        return self._outlooks.is_near()

    def fetch(self) -> Outlook:
        """Wait; return outlooks from all that was set, one after the other."""
        found = self._outlooks.fetch()[: self._set]
        # Copies, of what will be written over.
        return Outlook(
            found[:, CHOICES + 1 :].astype(np.int32),
            found[:, :CHOICES].copy(),
            found[:, CHOICES].astype(np.float64),
        )

    def capture(self, graph: "torch.cuda.CUDAGraph", pool: object) -> None:
        """Make a CUDA graph of it; on a stream that is not the default one."""
        self._inputs.send()
        self._unseen.send()
        self._work()  # so that what is loaded and allocated once is
        # Not `torch.cuda.graph`, which collects garbage and empties caches each time.
        graph.capture_begin(*([] if pool is None else [pool]))
        self._work()
        graph.capture_end()
        self._graph = graph

    def _work(self) -> None:
        tokens, positions, places, following, slots, rows = self._inputs.far
        hidden = self._network.read(
            tokens, positions, self.slots, (slots, rows), places, self._unseen.far
        )
        parts = (part.split(SCORED_AT_ONCE) for part in (hidden, following, self._outlooks.far))
        for states, wanted, found in zip(*parts, strict=True):
            self._look(states, wanted, found)

    def _look(self, hidden: Tensor, following: Tensor, out: Tensor) -> None:
        """Write down what may follow tokens with these hidden states."""
        scores = functional.linear(hidden, self._network.embedding).float()
        total = scores.logsumexp(-1, keepdim=True)
        wanted = scores.gather(-1, following[..., None])
        best = scores.masked_fill_(self._never, -torch.inf).topk(CHOICES)
        # One tensor, so that one copy brings all; floats hold the numbers of tokens exactly.
        torch.cat((best.values - total, wanted - total, best.indices.float()), dim=-1, out=out)


class _Shared:
    """A tensor on the device, `far`, and an array beside it, `near`; on a CPU, they are one."""

    def __init__(self, sizes: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> None:
        self.far = torch.zeros(sizes, dtype=dtype, device=device)
        self._pinned = (
            torch.zeros(sizes, dtype=dtype, pin_memory=True) if self.far.is_cuda else self.far
        )
        self.near: NDArray[Any] = self._pinned.numpy()
        self._brought = torch.cuda.Event() if self.far.is_cuda else None

    def send(self) -> None:
        """Have the device take what is near; it may not be changed before something is fetched."""
        if self.far.is_cuda:
            self.far.copy_(self._pinned, non_blocking=True)

    def bring(self) -> None:
        """Have the device bring near what it has, when it has done what it was told before."""
        if self._brought is not None:
            self._pinned.copy_(self.far, non_blocking=True)
            self._brought.record()

    def is_near(self) -> bool:
        """Whether what was last to be brought has come."""
        return self._brought is None or self._brought.query()

    def fetch(self) -> NDArray[Any]:
        """Wait for what was last to be brought, and return it."""
        if self._brought is not None:
            self._brought.synchronize()
        return self.near


def on(stream: torch.cuda.Stream | None) -> AbstractContextManager[object]:
    """Return the context in which the device does on a stream what it is told; a CPU has none."""
    return nullcontext() if stream is None else torch.cuda.stream(stream)
