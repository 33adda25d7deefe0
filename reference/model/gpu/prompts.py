"""Reads prompts and drafts, several at one time, in slots aside from those of searches."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from reference.model.exploration import Outlook, Reading, joined
from reference.model.gpu.cached import CachedNetwork
from reference.model.gpu.capacity import Capacity
from reference.model.gpu.passes import Pass, on
from reference.model.prompt import CODE

_KEPT_PREFIXES = 64


@dataclass(frozen=True, eq=False, slots=True)
class Text:
    """A prompt and a draft of its answer, to be read.

    Parameters
    ----------
    tokens
        int64 [tokens]: of both.
    prompt
        How many of them are the prompt's.
    prefix
        Those that come before the program: the same for other programs of a problem.
    """

    tokens: NDArray[np.int64]
    prompt: int
    prefix: tuple[int, ...]

    @classmethod
    def of(cls, prompt: Sequence[int], draft: Sequence[int]) -> "Text":
        """Return the text of a prompt and a draft."""
        prefix = tuple(prompt[: prompt.index(CODE)]) if CODE in prompt else ()
        return cls(np.array([*prompt, *draft], np.int64), len(prompt), prefix)

    @property
    def end(self) -> int:
        """How many tokens are read: all but the last, which nothing follows."""
        return len(self.tokens) - 1


@dataclass(frozen=True, slots=True)
class Begun:
    """Texts that are being read, each in a place aside.

    Parameters
    ----------
    texts
        Which; the first is in place 0.
    is_ready
        Tells whether `fetch` need not wait.
    fetch
        Waits; returns the outlooks, see `Runtime.begin`. To be called once.
    """

    texts: Sequence[Text]
    is_ready: Callable[[], bool]
    fetch: Callable[[], list[Outlook]]


class Prompts:
    """Reads prompts and drafts into places aside, from where they are moved.

    Parameters
    ----------
    network
        Its last slots are the places: `capacity.together`.
    stream
        On which the device reads; None on a CPU.
    """

    def __init__(
        self, network: CachedNetwork, capacity: Capacity, stream: torch.cuda.Stream | None
    ) -> None:
        self._network = network
        self._capacity = capacity
        self._stream = stream
        end = network.cache.shape[2]
        self._first = end - capacity.together
        alone, aside = slice(self._first, self._first + 1), slice(self._first, end)
        most = capacity.chunks[-1]
        self._chunks = [
            Pass(network, alone, size=rows, rows=rows, keys=keys)
            for rows in capacity.chunks
            for keys in capacity.text_sizes()
        ]
        self._joint = [
            Pass(network, aside, size=capacity.joint, rows=most, keys=keys)
            for keys in capacity.text_sizes()
        ]
        self._causal = np.tri(most, dtype=np.bool_)
        self._prefixes: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()

    @property
    def passes(self) -> list[Pass]:
        """All that it reads in."""
        return [*self._chunks, *self._joint]

    def text(self, prompt: Sequence[int], draft: Sequence[int]) -> Text:
        """Return a prompt and a draft as they are read.

        Raises
        ------
        ValueError
            If there is no room for them.
        """
        text = Text.of(prompt, draft)
        if text.end > self._capacity.text:
            raise ValueError("there is no room for such a prompt and draft")
        return text

    @torch.inference_mode()
    def begin(self, texts: Sequence[Text]) -> Begun:
        """Begin to read some texts aside: the first, and as many more as one pass has room for.

        What comes before a program is kept for other programs of the same problem. Those begun
        before must have been fetched, and moved where they are to stay.
        """
        some = self._fitting(texts)
        with on(self._stream):
            starts = [self._recall(text.prefix, place) for place, text in enumerate(some)]
            if len(some) == 1:
                begun = self._begin_alone(some[0], starts[0])
            else:
                begun = self._begin_together(some, starts)
            for place, (text, start) in enumerate(zip(some, starts, strict=True)):
                if text.prefix and not start:
                    self._keep(text.prefix, place)
        return begun

    @torch.inference_mode()
    def move(self, place: int, slot: int, text: Text) -> None:
        """Have what was read in a place aside in a slot; it must have been fetched."""
        cache, end = self._network.cache, text.end
        with on(self._stream):
            cache[:, :, slot, :, :end] = cache[:, :, self._first + place, :, :end]

    def _fitting(self, texts: Sequence[Text]) -> Sequence[Text]:
        """Return the first text, and those after it that one pass can read with it."""
        left, most = self._capacity.joint, self._capacity.chunks[-1]
        for count, text in enumerate(texts[: self._capacity.together]):
            rows = text.end - (len(text.prefix) if text.prefix in self._prefixes else 0)
            left -= rows
            if rows > most or left < 0:
                return texts[: max(count, 1)]
        return texts[: self._capacity.together]

    def _begin_alone(self, text: Text, first: int) -> Begun:
        """Read a text from a token on, in chunks."""
        found: list[Outlook] = []
        while True:
            chunk, last = self._chunk(first, text.end)
            chunk.clear()
            chunk.set(0, first, self._part(text, first, last))
            asked = slice(max(text.prompt - 1 - first, 0), last - first)
            chunk.start()
            chunk.bring()
            if last == text.end:
                break
            found.append(chunk.fetch().part(asked))
            first = last
        return Begun(
            [text],
            chunk.is_ready,
            lambda: [joined([*found, chunk.fetch().part(asked)])],
        )

    def _begin_together(self, texts: Sequence[Text], starts: Sequence[int]) -> Begun:
        """Read texts, each from a token on, in one pass."""
        longest = max(text.end for text in texts)
        joint = next(each for each in self._joint if each.keys >= longest)
        joint.clear()
        asked: list[slice] = []
        for place, (text, start) in enumerate(zip(texts, starts, strict=True)):
            here = joint.set(place, start, self._part(text, start, text.end))
            asked.append(slice(here.start + text.prompt - 1 - start, here.stop))
        joint.start()
        joint.bring()

        def fetch() -> list[Outlook]:
            found = joint.fetch()
            return [found.part(of_text) for of_text in asked]

        return Begun(texts, joint.is_ready, fetch)

    def _chunk(self, first: int, end: int) -> tuple[Pass, int]:
        """Return the smallest pass that reads a text to its end, or the most; and how far."""
        sizes = self._capacity.chunks
        rows = next((size for size in sizes if size >= end - first), sizes[-1])
        last = min(first + rows, end)
        fitting = (each for each in self._chunks if each.rows == rows and each.keys >= last)
        return next(fitting), last

    def _part(self, text: Text, first: int, last: int) -> Reading:
        """Return what it is to read a part of a text, and to ask for what follows each token."""
        size = last - first
        following = text.tokens[first + 1 : last + 1]
        seen = self._causal[:size, :size]
        return Reading(text.tokens[first:last], np.arange(size), following, seen)

    def _recall(self, prefix: tuple[int, ...], place: int) -> int:
        """Take what is kept of a prefix as read aside; return the number of its tokens."""
        if prefix not in self._prefixes:
            return 0
        self._prefixes.move_to_end(prefix)
        slot = self._first + place
        self._network.cache[:, :, slot, :, : len(prefix)] = self._prefixes[prefix]
        return len(prefix)

    def _keep(self, prefix: tuple[int, ...], place: int) -> None:
        slot = self._first + place
        self._prefixes[prefix] = self._network.cache[:, :, slot, :, : len(prefix)].clone()
        if len(self._prefixes) > _KEPT_PREFIXES:
            self._prefixes.popitem(last=False)
