"""The model for training: a Llama whose inputs are packed sequences.

Architecture after Touvron et al., 2023 (arXiv:2307.09288), with grouped queries and tied
embeddings. Written out so that it needs torch alone and trains at full speed on sequences laid
end to end, without padding.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

BLOCK = 32
"""Weights that share a scale when rounded."""


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

    @torch.no_grad()
    def round_weights(self) -> None:
        """Round the weights for good, and stop rounding them on the fly."""
        for module in self.modules():
            if isinstance(module, RoundedLinear):
                module.weight.copy_(rounded(module.weight))
        self.eval()

    def logits(self, hidden: Tensor) -> Tensor:
        """Return scores of the next token, [..., vocabulary]."""
        return functional.linear(hidden, self.embedding.weight)


class RoundedLinear(nn.Linear):
    """A linear map whose weights act as rounded to four bits, as they will be when shipped.

    The gradient passes the rounding unchanged (the straight-through estimator of Bengio et al.,
    2013), so that training finds weights that are good after rounding.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)

    def forward(self, states: Tensor) -> Tensor:
        """Map [..., inputs] to [..., outputs]."""
        if not self.training:
            return functional.linear(states, self.weight)
        with torch.no_grad():
            rounding = rounded(self.weight) - self.weight
        return functional.linear(states, self.weight + rounding)


def rounded(weight: Tensor) -> Tensor:
    """Return weights as they are after rounding to four bits."""
    levels, scale, zero = to_four_bits(weight)
    return ((levels - zero) * scale).view_as(weight)


def to_four_bits(weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Round weights in blocks of a row: (levels from 0 to 15, scale, zero level).

    Shapes are [outputs, blocks, BLOCK], [outputs, blocks, 1] and [outputs, blocks, 1]; a weight
    is (level - zero) * scale.
    """
    blocks = weight.view(weight.shape[0], -1, BLOCK)
    low, high = (
        blocks.amin(-1, keepdim=True).clamp(max=0),
        blocks.amax(-1, keepdim=True).clamp(min=0),
    )
    scale = ((high - low) / 15).clamp(min=1e-8)
    zero = (-low / scale).round()
    return ((blocks / scale).round() + zero).clamp(0, 15), scale, zero


class Layer(nn.Module):
    """A pre-norm transformer layer on packed states, [tokens, width]."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        inner, kv = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
        self.attention_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.query = RoundedLinear(shape.width, inner)
        self.key = RoundedLinear(shape.width, kv)
        self.value = RoundedLinear(shape.width, kv)
        self.output = RoundedLinear(inner, shape.width)
        self.mlp_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.gate = RoundedLinear(shape.width, shape.hidden)
        self.up = RoundedLinear(shape.width, shape.hidden)
        self.down = RoundedLinear(shape.hidden, shape.width)

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
