"""The network over keys and values that stay on the device, each slot's in a fixed place.

The same arithmetic as `reference.model.network`, in fewer and larger steps, since a token of a
small model costs a GPU less than the launch of its kernels. Nothing here depends on values, so
that a CUDA graph can hold a whole pass.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from reference.model.network import Shape, rotation

FUSED_FROM = 4096
"""Queries of a layer from which on attention is fused.

Plain products are as fast for fewer, and need no plan that takes a while to make when a pass is
captured; the scores of more do not fit into a GPU's cache.
"""


@dataclass(frozen=True, slots=True)
class _Weights:
    """Those of a layer, maps of the same input joined."""

    attention_norm: Tensor
    project: Tensor
    bias: Tensor | None
    output: Tensor
    mlp_norm: Tensor
    gate_and_up: Tensor
    down: Tensor


class CachedNetwork:
    """A network that reads tokens into slots.

    Parameters
    ----------
    tensors
        Those of a `Network` of that shape, by its names; used where and as they are. (Not the
        network itself: to make one without its random weights takes seconds of imports.)
    slots
        Sequences, or trees of sequences, that are held at one time.
    keys
        Tokens of a slot.
    """

    def __init__(self, shape: Shape, tensors: Mapping[str, Tensor], slots: int, keys: int) -> None:
        self.shape = shape
        self.embedding = like = tensors["embedding.weight"]
        self._norm = tensors["norm.weight"]
        self._layers = [_joined(tensors, f"layers.{layer}", shape) for layer in range(shape.layers)]
        self.cache = torch.zeros(
            (shape.layers, 2, slots, shape.kv_heads, keys, shape.head_width),
            dtype=like.dtype,
            device=like.device,
        )
        rows = torch.arange(2 * slots * shape.kv_heads * keys, device=like.device)
        self._rows = rows.view(self.cache.shape[1:-1])
        cosine, sine = rotation(torch.arange(keys, device=like.device), shape, like.dtype)
        # Queries and keys are turned, values are not.
        turned = torch.ones(shape.heads // shape.kv_heads + 2, dtype=torch.bool, device=like.device)
        turned[-1] = False
        cosine = torch.where(turned[:, None], cosine, torch.ones_like(cosine))
        sine = torch.where(turned[:, None], sine, torch.zeros_like(sine))
        self._cosine = torch.stack((cosine, cosine), dim=-2)[:, None]
        self._sine = torch.stack((-sine, sine), dim=-2)[:, None]

    def read(
        self,
        tokens: Tensor,
        positions: Tensor,
        slots: slice,
        grid: tuple[Tensor, Tensor],
        places: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """Read tokens, and return hidden states, [tokens, width].

        Parameters
        ----------
        tokens, positions
            int64 [tokens]: what is read, and its place in its sequence.
        slots
            Where to.
        grid
            int64 [tokens] each: which of those slots, and which row of the mask there. A token
            that is read for nothing is in the first slot, in row slots * rows, which is none.
        places
            int64 [tokens]: where in the slot.
        mask
            bool [slots, rows, keys]: which of the slot's first so many places a token does not
            see; it sees one at least.
        """
        shape = self.shape
        group, keys = shape.heads // shape.kv_heads, mask.shape[-1]
        states = functional.embedding(tokens, self.embedding)
        cosine, sine = self._cosine[positions], self._sine[positions]
        attend = _attention(mask, shape, states.dtype)
        asked, answered = _between(*grid, mask, shape)
        # The rows of a layer's keys and values that are written, [tokens, 2, kv heads].
        written = self._rows[:, slots][:, grid[0], :, places]
        for layer, cache in zip(self._layers, self.cache, strict=True):
            normed = self._normed(states, layer.attention_norm)
            mixed = functional.linear(normed, layer.project, layer.bias)
            mixed = mixed.view(len(tokens), shape.kv_heads, group + 2, 3, -1)
            turned = mixed.new_empty(*mixed.shape[:3], shape.head_width)
            torch.addcmul(
                mixed[..., :2, :] * cosine,
                mixed[..., 1:, :],
                sine,
                out=turned.unflatten(-1, (2, -1)),
            )
            cache.flatten(0, -2)[written] = turned[:, :, group:].transpose(1, 2)
            key, value = cache[:, slots, :, :keys]
            query = turned.flatten(0, 2).index_select(0, asked)
            attended = attend(query.view(*key.shape[:2], -1, shape.head_width), key, value)
            attended = attended.reshape(-1, shape.head_width).index_select(0, answered)
            states.addmm_(attended.view(len(tokens), -1), layer.output.t())
            normed = self._normed(states, layer.mlp_norm)
            # Turned over, both halves are without gaps, which takes a GPU less time.
            gate, up = torch.mm(layer.gate_and_up, normed.t()).chunk(2)
            states.addmm_(functional.silu(gate).mul_(up).t(), layer.down.t())
        return self._normed(states, self._norm)

    def _normed(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self.shape.norm_epsilon)


def _between(slot: Tensor, row: Tensor, mask: Tensor, shape: Shape) -> tuple[Tensor, Tensor]:
    """Return how to come from tokens to the slots' rows, which attention wants, and back.

    Maps take every token once, whichever slot it is for; attention takes each slot's alone.

    Returns
    -------
    asked
        int64 [slots * heads * rows]: of what is projected, [tokens * kv heads * (group + 2)], the
        queries of the slots' heads; where a row has no token, any.
    answered
        int64 [tokens * heads]: of what the slots' heads attend to, the tokens' parts.
    """
    count, rows, _ = mask.shape
    group = shape.heads // shape.kv_heads
    tokens = torch.arange(len(slot), device=slot.device)
    source = slot.new_zeros(count * rows + 1)  # the last is for what has no row
    source[slot * rows + row] = tokens
    source = source[:-1].view(count, 1, 1, rows)
    kv_head = torch.arange(shape.kv_heads, device=slot.device)[:, None, None]
    member = torch.arange(group, device=slot.device)[:, None]
    asked = (source * shape.kv_heads + kv_head) * (group + 2) + member
    head = torch.arange(shape.heads, device=slot.device)
    answered = (slot[:, None] * shape.heads + head) * rows + row.clamp(max=rows - 1)[:, None]
    return asked.flatten(), answered.flatten()


def _attention(
    mask: Tensor, shape: Shape, dtype: torch.dtype
) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Return attention under a mask, of queries, keys and values [slots, kv heads, ..., width].

    Queries of all heads that share keys are rows of one product.
    """
    count, rows, keys = mask.shape
    group = shape.heads // shape.kv_heads
    if count * shape.heads * rows >= FUSED_FROM:
        bias = torch.zeros(mask.shape, dtype=dtype, device=mask.device)
        bias = bias.masked_fill_(mask, -torch.inf).repeat(1, group, 1)[:, None]
        return partial(functional.scaled_dot_product_attention, attn_mask=bias, scale=1.0)
    mask = mask[:, None, None].expand(-1, shape.kv_heads, group, -1, -1)
    mask = mask.reshape(count * shape.kv_heads, group * rows, keys)

    def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        scores = torch.bmm(query.flatten(0, 1), key.flatten(0, 1).mT)
        weights = scores.masked_fill_(mask, -torch.inf).softmax(-1)
        return torch.bmm(weights, value.flatten(0, 1))

    return attend


def _joined(tensors: Mapping[str, Tensor], layer: str, shape: Shape) -> _Weights:
    def projection(kind: str) -> Tensor:
        parts = [tensors[f"{layer}.{part}.{kind}"] for part in ("query", "key", "value")]
        return _projection(parts, shape)

    return _Weights(
        attention_norm=tensors[f"{layer}.attention_norm.weight"],
        project=projection("weight"),
        bias=projection("bias") if shape.attention_bias else None,
        output=tensors[f"{layer}.output.weight"],
        mlp_norm=tensors[f"{layer}.mlp_norm.weight"],
        gate_and_up=torch.cat([tensors[f"{layer}.{part}.weight"] for part in ("gate", "up")]),
        down=tensors[f"{layer}.down.weight"],
    )


def _projection(parts: Sequence[Tensor], shape: Shape) -> Tensor:
    """Join maps to queries, keys and values: together those of the heads that share keys.

    Each head's left half comes again after the right one, so that both (left, right) and
    (right, left) are views of what is projected. Queries are scaled for the softmax.
    """
    query, key, value = (
        part.unflatten(0, (shape.kv_heads, -1, shape.head_width)) for part in parts
    )
    heads = torch.cat((query * shape.head_width**-0.5, key, value), dim=1)
    left = heads[:, :, : shape.head_width // 2]
    return torch.cat((heads, left), dim=2).flatten(0, 2)
