"""Train a low-rank adapter beside frozen weights (LoRA, Hu et al., 2021, arXiv:2106.09685)."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.model.network import LINEAR, Network
from reference.model.prompt import SPECIAL_TOKENS

SCALE = 2.0
"""What the adapter's product is multiplied by."""


class AdaptedLinear(nn.Module):
    """A frozen linear map plus a low-rank one that is trained; starts as the frozen one."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        outputs, inputs = linear.weight.shape
        self.linear = linear.requires_grad_(False)
        self.a = nn.Parameter(torch.empty(rank, inputs, device=linear.weight.device))
        self.b = nn.Parameter(torch.zeros(outputs, rank, device=linear.weight.device))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, states: Tensor) -> Tensor:
        """Map [..., inputs] to [..., outputs]."""
        low = functional.linear(states, self.a)
        result: Tensor = self.linear(states) + functional.linear(low, SCALE * self.b)
        return result


def add_adapters(network: Network, rank: int, dtype: torch.dtype) -> None:
    """Freeze a network, its linear weights in `dtype`, but for adapters and our tokens' rows."""
    network.requires_grad_(False)
    for layer in network.layers:
        for name in LINEAR:
            linear = getattr(layer, name)
            linear.weight.data = linear.weight.data.to(dtype)
            setattr(layer, name, AdaptedLinear(linear, rank))
    trained = torch.zeros(network.shape.vocabulary, 1, device=network.embedding.weight.device)
    trained[: len(SPECIAL_TOKENS)] = 1
    network.embedding.weight.requires_grad_(True)
    network.embedding.weight.register_hook(lambda gradient: gradient * trained)


def go_on_from(network: Network, factors: Mapping[str, tuple[Tensor, Tensor]]) -> None:
    """Start adapters where others ended, given as `reference.model.adapter.low_rank_parts` does.

    Raises
    ------
    ValueError
        If those are of another rank.
    """
    for part, (a, b) in factors.items():
        adapted = network.get_submodule(part)
        if a.shape != adapted.a.shape:
            raise ValueError(f"what was learned has rank {len(a)}; go on with that rank")
        with torch.no_grad():
            adapted.a.copy_(a)
            adapted.b.copy_(b / SCALE)


def adapter_tensors(parameters: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return what is learned, by the names that `reference.model.adapter` reads, in float16."""
    special = parameters["embedding.weight"][: len(SPECIAL_TOKENS)]
    found = {"special": special}
    for name, value in parameters.items():
        if name.endswith(".a"):
            found[name] = value
        elif name.endswith(".b"):
            found[name] = SCALE * value
    return {name: value.detach().half().contiguous() for name, value in found.items()}
