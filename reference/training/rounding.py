"""Train with weights that act as rounded to four bits, as they will be when shipped."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.model.four_bits import BLOCK
from reference.model.network import LINEAR, Network


class RoundedLinear(nn.Linear):
    """A linear map that acts as if its weights were rounded.

    The gradient passes the rounding unchanged (the straight-through estimator of Bengio et al.,
    2013), so that training finds weights that are good after rounding.
    """

    def forward(self, states: Tensor) -> Tensor:
        """Map [..., inputs] to [..., outputs]."""
        with torch.no_grad():
            rounding = rounded(self.weight) - self.weight
        return functional.linear(states, self.weight + rounding, self.bias)


def act_rounded(network: Network) -> None:
    """Make the linear maps of all layers act as rounded; parameters keep their names."""
    for layer in network.layers:
        for name in LINEAR:
            getattr(layer, name).__class__ = RoundedLinear


@torch.no_grad()
def round_weights(network: Network) -> None:
    """Round the weights of all layers for good."""
    for layer in network.layers:
        for name in LINEAR:
            weight = getattr(layer, name).weight
            weight.copy_(rounded(weight))


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
