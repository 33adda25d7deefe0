"""Reads prompts, drafts and what searches write, for several searches at once on one device.

Keys and values stay on the device, each search's in a slot. Passes are of fixed sizes, so that each
can be captured once, before any request.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from reference.model.exploration import Outlook, Reading
from reference.model.gpu.cached import CachedNetwork
from reference.model.gpu.capacity import Capacity
from reference.model.gpu.passes import Pass, on
from reference.model.gpu.prompts import Prompts, Text
from reference.model.network import Shape


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
        slots, groups, rows = self.capacity.slots, self.capacity.groups, self.capacity.rows
        all_slots, keys = slots * groups, self.capacity.keys
        self._lengths = [0] * all_slots  # of the slots' prompts
        with torch.inference_mode():
            # One place more than the passes see: for what is read of nothing.
            network = CachedNetwork(shape, tensors, all_slots + self.capacity.together, keys + 1)
            self.device = network.embedding.device
            # Of the groups, and of prompts: small passes of several fill more of a GPU.
            *self._streams, self._of_prompts = (
                torch.cuda.Stream(self.device) if self.device.type == "cuda" else None
                for _ in range(groups + 1)
            )
            self.prompts = Prompts(network, self.capacity, self._of_prompts)
            self._passes = [
                [
                    Pass(network, slice(first, first + count), size=size, rows=rows, keys=keys)
                    for count, size, keys in self.capacity.sizes(group)
                ]
                for group, first in enumerate(range(0, all_slots, slots))
            ]

    @torch.inference_mode()
    def capture(self) -> None:
        """Capture all passes; each has run before any request does."""
        if self.device.type != "cuda":
            return
        torch.cuda.synchronize()
        streams = [*self._streams, self._of_prompts]
        for stream, passes in zip(streams, [*self._passes, self.prompts.passes], strict=True):
            pool = None  # what runs at the same time has memory of its own
            with on(stream):
                for each in reversed(passes):  # the smaller ones fit into what the largest took
                    graph = torch.cuda.CUDAGraph()
                    each.capture(graph, pool)
                    pool = graph.pool()
        torch.cuda.synchronize()
        torch.cuda.empty_cache()  # of what passes took before they were captured

    def seat(self, place: int, slot: int, text: Text) -> None:
        """Have a text, which `prompts` has read in a place aside, in a slot for a search."""
        self.prompts.move(place, slot, text)
        reader = self._streams[slot // self.capacity.slots]
        if reader is not None and self._of_prompts is not None:
            reader.wait_stream(self._of_prompts)
        self._lengths[slot] = text.prompt

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
            slot: one.set(slot - first, self._lengths[slot], reading)
            for slot, reading in readings.items()
        }
        with on(self._streams[first // self.capacity.slots]):
            one.start()
            one.bring()

        def fetch() -> dict[int, Outlook]:
            found = one.fetch()
            return {slot: found.part(here) for slot, here in places.items()}

        return fetch

    def _smallest(self, readings: Mapping[int, Reading]) -> Pass:
        """Return the smallest pass with room for some readings."""
        keys = max(self._lengths[slot] + one.seen.shape[1] for slot, one in readings.items())
        counts = [len(reading.tokens) for reading in readings.values()]
        most, total, first, last = max(counts), sum(counts), min(readings), max(readings)
        for each in self._passes[first // self.capacity.slots]:
            fits = each.rows >= most and each.size >= total and each.keys >= keys
            if fits and each.slots.start <= first and last < each.slots.stop:
                return each
        raise ValueError("there is no room for what is to be read")
