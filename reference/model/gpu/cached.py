"""The network over keys and values that stay on the device, each slot's in a fixed place.

The same arithmetic as `reference.model.network`, in fewer and larger steps, since a token of a
small model costs a GPU less than the launch of its kernels. Nothing here depends on values, so
that a CUDA graph can hold a whole pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from reference.model.network import Shape, rotation


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
        self._layers = [_joined(tensors, f"layers.{layer}") for layer in range(shape.layers)]
        self.cache = torch.zeros(
            (shape.layers, 2, slots, shape.kv_heads, keys, shape.head_width),
            dtype=like.dtype,
            device=like.device,
        )
        self._kinds = torch.arange(2, device=like.device)[:, None]  # keys, values
        self._heads = torch.arange(shape.kv_heads, device=like.device)
        cosine, sine = rotation(torch.arange(keys, device=like.device), shape, like.dtype)
        turned = torch.arange(shape.heads + 2 * shape.kv_heads, device=like.device)
        turned = (turned < shape.heads + shape.kv_heads)[:, None, None]  # queries and keys
        one, zero = torch.ones_like(cosine), torch.zeros_like(sine)
        self._cosine = torch.where(turned, cosine[:, None], one[:, None]).expand(-1, -1, 2, -1)
        signed = torch.stack((-sine, sine), dim=-2)
        self._sine = torch.where(turned, signed, zero[:, None])
        self._cosine, self._sine = self._cosine.contiguous(), self._sine.contiguous()

    def read(
        self,
        tokens: Tensor,
        positions: Tensor,
        slots: Tensor,
        places: Tensor,
        mask: Tensor,
        *,
        all_slots: bool,
    ) -> Tensor:
        """Read tokens, and return hidden states, [slots, tokens, width].

        Parameters
        ----------
        tokens, positions
            int64 [slots, tokens]: what is read, and its place in its sequence.
        slots
            int64 [slots]: where to.
        places
            int64 [slots, tokens]: where in the slot.
        mask
            [slots, tokens, keys]: 0 for what a token sees of the slot's first so many places,
            and a large negative number for the rest.
        all_slots
            Whether `slots` are the first so many, which need no copy.
        """
        shape = self.shape
        count, rows = tokens.shape
        group, keys = shape.heads // shape.kv_heads, mask.shape[-1]
        states = functional.embedding(tokens.flatten(), self.embedding)
        cosine, sine = self._cosine[positions.flatten()], self._sine[positions.flatten()]
        # All heads that share keys are rows of one product.
        mask = mask[:, None, None].expand(-1, shape.kv_heads, group, -1, -1)
        mask = mask.reshape(count * shape.kv_heads, group * rows, keys)
        whose, where = slots[:, None, None, None], places[:, :, None, None]
        for layer, cache in zip(self._layers, self.cache, strict=True):
            normed = self._normed(states, layer.attention_norm)
            mixed = functional.linear(normed, layer.project, layer.bias)
            mixed = mixed.view(count * rows, -1, 2, shape.head_width // 2)
            mixed = torch.addcmul(mixed * cosine, mixed.roll(1, dims=2), sine)
            mixed = mixed.view(count, rows, -1, shape.head_width)
            query, new = mixed[:, :, : shape.heads], mixed[:, :, shape.heads :]
            cache[self._kinds, whose, self._heads, where] = new.unflatten(2, (2, shape.kv_heads))
            held = cache[..., :keys, :]
            held = held[:, :count] if all_slots else held.index_select(1, slots)
            key, value = held.flatten(1, 2)
            query = query.unflatten(2, (shape.kv_heads, group)).permute(0, 2, 3, 1, 4)
            query = query.reshape(count * shape.kv_heads, group * rows, shape.head_width)
            # Few rows and many keys: plain products keep more of a GPU busy than fused attention.
            scores = torch.baddbmm(mask, query, key.mT, alpha=shape.head_width**-0.5)
            attended = torch.bmm(scores.softmax(-1), value)
            attended = attended.view(count, shape.kv_heads, group, rows, -1)
            attended = attended.permute(0, 3, 1, 2, 4)
            states.addmm_(attended.reshape(count * rows, -1), layer.output.t())
            normed = self._normed(states, layer.mlp_norm)
            gate, up = functional.linear(normed, layer.gate_and_up).chunk(2, dim=-1)
            states.addmm_(functional.silu(gate).mul_(up), layer.down.t())
        return self._normed(states, self._norm).view(count, rows, -1)

    def _normed(self, states: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(states, weight.shape, weight, self.shape.norm_epsilon)


def _joined(tensors: Mapping[str, Tensor], layer: str) -> _Weights:
    projections = [f"{layer}.{part}" for part in ("query", "key", "value")]
    biases = [tensors[f"{name}.bias"] for name in projections if f"{name}.bias" in tensors]
    return _Weights(
        attention_norm=tensors[f"{layer}.attention_norm.weight"],
        project=torch.cat([tensors[f"{name}.weight"] for name in projections]),
        bias=torch.cat(biases) if biases else None,
        output=tensors[f"{layer}.output.weight"],
        mlp_norm=tensors[f"{layer}.mlp_norm.weight"],
        gate_and_up=torch.cat([tensors[f"{layer}.{part}.weight"] for part in ("gate", "up")]),
        down=tensors[f"{layer}.down.weight"],
    )
