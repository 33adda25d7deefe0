"""The network in torch: a Llama, or a Qwen 2, whose inputs are packed sequences.

Architecture after Touvron et al., 2023 (arXiv:2307.09288), with grouped queries and tied
embeddings; Qwen 2 (arXiv:2407.10671) adds biases to queries, keys and values. Written out so that
it needs torch alone and trains at full speed on sequences laid end to end, without padding.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

LINEAR = ("query", "key", "value", "output", "gate", "up", "down")
"""A layer's linear maps."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model."""

    vocabulary: int
    width: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    rope_base: float
    norm_epsilon: float
    attention_bias: bool = False

    @property
    def head_width(self) -> int:
        """Width of an attention head."""
        return self.width // self.heads


def read_shape(folder: Path) -> Shape:
    """Read `shape.json` of a model folder."""
    return Shape(**json.loads((folder / "shape.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Packing:
    """Where sequences lie in a row of tokens.

    Parameters
    ----------
    bounds
        int32 [sequences + 1]: the first token of each sequence, and the row's length.
    longest
        Upper limit of a sequence's length.
    positions
        int64 [tokens]: each token's place in its sequence.
    """

    bounds: Tensor
    longest: int
    positions: Tensor


class Network(nn.Module):
    """Maps packed tokens to hidden states; `logits` maps those to the vocabulary."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)

    def forward(self, tokens: Tensor, packing: Packing) -> Tensor:
        """Return hidden states, [tokens, width], for int64 [tokens]."""
        states = self.embedding(tokens)
        if torch.is_autocast_enabled(tokens.device.type):
            states = states.to(torch.get_autocast_dtype(tokens.device.type))
        cosine, sine = rotation(packing.positions, self.shape, states.dtype)
        for layer in self.layers:
            states = layer(states, cosine, sine, packing.bounds, packing.longest)
        hidden: Tensor = self.norm(states)
        return hidden

    def compile_layers(self) -> None:
        """Fuse what lies before and after attention; every layer shares the compiled code."""
        for layer in self.layers:
            assert isinstance(layer, Layer)
            layer.project = torch.compile(layer.project)  # type: ignore[method-assign]
            layer.finish = torch.compile(layer.finish)  # type: ignore[method-assign]

    def logits(self, hidden: Tensor) -> Tensor:
        """Return scores of the next token, [..., vocabulary]."""
        return functional.linear(hidden, self.embedding.weight)


class Layer(nn.Module):
    """A pre-norm transformer layer on packed states, [tokens, width]."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        inner, kv = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
        self.attention_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.query = nn.Linear(shape.width, inner, bias=shape.attention_bias)
        self.key = nn.Linear(shape.width, kv, bias=shape.attention_bias)
        self.value = nn.Linear(shape.width, kv, bias=shape.attention_bias)
        self.output = nn.Linear(inner, shape.width, bias=False)
        self.mlp_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(
        self, states: Tensor, cosine: Tensor, sine: Tensor, bounds: Tensor, longest: int
    ) -> Tensor:
        """Return the states after this layer."""
        query, key, value = self.project(states, cosine, sine)
        attended = _attend(query, key, value, bounds, longest)
        return self.finish(states, attended.flatten(1))

    def project(
        self, states: Tensor, cosine: Tensor, sine: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values, [tokens, heads, head width]."""
        width = self.shape.head_width
        normed = self.attention_norm(states)
        query = self.query(normed).unflatten(-1, (self.shape.heads, width))
        key = self.key(normed).unflatten(-1, (self.shape.kv_heads, width))
        value = self.value(normed).unflatten(-1, (self.shape.kv_heads, width))
        return rotate(query, cosine, sine), rotate(key, cosine, sine), value

    def finish(self, states: Tensor, attended: Tensor) -> Tensor:
        """Return the states after attention, [tokens, width], has been taken in."""
        states = states + self.output(attended)
        normed = self.mlp_norm(states)
        result: Tensor = states + self.down(functional.silu(self.gate(normed)) * self.up(normed))
        return result


def rotation(positions: Tensor, shape: Shape, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return cosines and sines of the rotary embedding, each [tokens, 1, head width / 2]."""
    half = shape.head_width // 2
    exponents = torch.arange(half, device=positions.device, dtype=torch.float32) / half
    angles = positions.float()[:, None] * shape.rope_base**-exponents
    return angles.cos().to(dtype)[:, None], angles.sin().to(dtype)[:, None]


def rotate(states: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotate the halves of [tokens, heads, head width]."""
    left, right = states.chunk(2, dim=-1)
    return torch.cat((left * cosine - right * sine, right * cosine + left * sine), dim=-1)


def _attend(query: Tensor, key: Tensor, value: Tensor, bounds: Tensor, longest: int) -> Tensor:
    """Causal attention inside each sequence: [tokens, heads, head width]."""
    if query.is_cuda:
        attended: Tensor = torch.ops.aten._flash_attention_forward(
            query, key, value, bounds, bounds, longest, longest, 0.0, True, False
        )[0]
        return attended
    group = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(group, dim=1), value.repeat_interleave(group, dim=1)
    parts = []
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        part = [x[start:end].transpose(0, 1) for x in (query, key, value)]
        out = functional.scaled_dot_product_attention(*part, is_causal=True)
        parts.append(out.transpose(0, 1))
    return torch.cat(parts)
