"""Ask the network being trained for answers, with torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from reference.model.decoding import outlook
from reference.model.exploration import Outlook, Reading
from reference.model.network import Layer, Network, rotation


@dataclass(slots=True)
class Memory:
    """Keys and values of what was read, for each layer [kv heads, tokens, head width]."""

    prompt: int = 0
    layers: list[tuple[Tensor, Tensor]] = field(default_factory=list)


class TorchRuntime:
    """Runs a `Network` for `DraftSearch`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._device = network.embedding.weight.device
        self._dtype = network.embedding.weight.dtype

    def begin(self, prompt: Sequence[int], draft: Sequence[int]) -> tuple[Memory, Outlook]:
        """Read a prompt and a draft."""
        text = np.array([*prompt, *draft], np.int64)
        places = np.arange(len(text) - 1)
        memory = Memory()
        seen = np.tri(len(places), dtype=np.bool_)
        scores = self._run(text[:-1], places, seen, memory)[len(prompt) - 1 :]
        memory.prompt = len(prompt)
        return memory, outlook(scores, np.array(draft, np.int64))

    def read(self, state: Memory, reading: Reading) -> Outlook:
        """Read tokens."""
        prompt = np.ones((len(reading.tokens), state.prompt), np.bool_)
        seen = np.concatenate((prompt, reading.seen), axis=1)
        positions = state.prompt + reading.positions
        return outlook(self._run(reading.tokens, positions, seen, state), reading.following)

    @torch.no_grad()
    def _run(
        self,
        tokens: NDArray[np.int64],
        positions: NDArray[np.int64],
        seen: NDArray[np.bool_],
        memory: Memory,
    ) -> NDArray[np.float32]:
        shape = self._network.shape
        states = self._network.embedding(torch.from_numpy(tokens).to(self._device))
        places = torch.from_numpy(positions).to(self._device)
        cosine, sine = rotation(places, shape, self._dtype)
        mask = torch.from_numpy(seen).to(self._device)
        for number, layer in enumerate(self._network.layers):
            assert isinstance(layer, Layer)
            query, key, value = (x.transpose(0, 1) for x in layer.project(states, cosine, sine))
            if number < len(memory.layers):
                before = memory.layers[number]
                key, value = torch.cat((before[0], key), 1), torch.cat((before[1], value), 1)
                memory.layers[number] = key, value
            else:
                memory.layers.append((key, value))
            attended = functional.scaled_dot_product_attention(
                query[None], key[None], value[None], attn_mask=mask, enable_gqa=True
            )[0]
            states = layer.finish(states, attended.transpose(0, 1).flatten(1))
        scores: NDArray[np.float32] = (
            self._network.logits(self._network.norm(states)).float().cpu().numpy()
        )
        return scores
