"""Ask the network being trained for edits, with torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from reference.model.network import Layer, Network, rotation


@dataclass(frozen=True, slots=True)
class Memory:
    """Keys and values of a prompt, shared, and of what each beam wrote.

    Parameters
    ----------
    prompt
        For each layer, keys and values [kv heads, prompt tokens, head width].
    written
        For each layer, keys and values [beams, kv heads, written tokens, head width].
    """

    prompt: list[tuple[Tensor, Tensor]]
    written: list[tuple[Tensor, Tensor]]


class TorchRuntime:
    """Runs a `Network` for `EditSearch`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._device = network.embedding.weight.device
        self._dtype = network.embedding.weight.dtype

    @torch.no_grad()
    def prefill(self, prompt: Sequence[int]) -> tuple[Memory, NDArray[np.float32]]:
        """Read a prompt."""
        tokens = torch.tensor(list(prompt), device=self._device)
        states = self._network.embedding(tokens)
        places = torch.arange(len(prompt), device=self._device)
        cosine, sine = rotation(places, self._network.shape, self._dtype)
        kept = []
        for layer in self._network.layers:
            assert isinstance(layer, Layer)
            query, key, value = (x.transpose(0, 1) for x in layer.project(states, cosine, sine))
            attended = functional.scaled_dot_product_attention(
                query[None], key[None], value[None], is_causal=True, enable_gqa=True
            )[0]
            states = layer.finish(states, attended.transpose(0, 1).flatten(1))
            kept.append((key, value))
        scores = self._network.logits(self._network.norm(states[-1]))
        return Memory(kept, []), scores.float().cpu().numpy()

    @torch.no_grad()
    def step(
        self, state: Memory, parents: NDArray[np.int64], tokens: NDArray[np.int64]
    ) -> tuple[Memory, NDArray[np.float32]]:
        """Go on with one token a beam."""
        order = torch.from_numpy(parents).to(self._device)
        states = self._network.embedding(torch.from_numpy(tokens).to(self._device))
        done = state.prompt[0][0].shape[1] + (state.written[0][0].shape[2] if state.written else 0)
        cosine, sine = rotation(
            torch.full((len(tokens),), done, device=self._device), self._network.shape, self._dtype
        )
        written = []
        for number, layer in enumerate(self._network.layers):
            assert isinstance(layer, Layer)
            query, key, value = layer.project(states, cosine, sine)
            key, value = key[:, :, None], value[:, :, None]
            if state.written:
                old_key, old_value = state.written[number]
                key = torch.cat((old_key[order], key), dim=2)
                value = torch.cat((old_value[order], value), dim=2)
            written.append((key, value))
            attended = _attend(query, state.prompt[number], (key, value))
            states = layer.finish(states, attended.flatten(1))
        scores = self._network.logits(self._network.norm(states))
        return Memory(state.prompt, written), scores.float().cpu().numpy()


def _attend(query: Tensor, prompt: tuple[Tensor, Tensor], written: tuple[Tensor, Tensor]) -> Tensor:
    """Attend to the shared prompt and to each beam's own tokens: [beams, heads, head width]."""
    beams, heads, width = query.shape
    kv_heads, prompt_tokens, _ = prompt[0].shape
    grouped = query.view(beams, kv_heads, heads // kv_heads, width) * width**-0.5
    to_prompt = torch.einsum("bkgd,ktd->bkgt", grouped, prompt[0])
    to_written = torch.einsum("bkgd,bktd->bkgt", grouped, written[0])
    shares = torch.cat((to_prompt, to_written), dim=-1).float().softmax(-1).to(query.dtype)
    attended = torch.einsum("bkgt,ktd->bkgd", shares[..., :prompt_tokens], prompt[1])
    attended += torch.einsum("bkgt,bktd->bkgd", shares[..., prompt_tokens:], written[1])
    return attended.reshape(beams, heads, width)
