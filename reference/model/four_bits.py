"""Weights that are four bits on disk and eight in memory, which processors multiply fastest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
"""Inputs of an output that share a scale on disk."""

_HALF = BLOCK // 2


@dataclass(frozen=True, slots=True)
class FourBits:
    """A linear map, rounded to four bits in blocks of its inputs.

    Parameters
    ----------
    levels
        uint8 [blocks, BLOCK / 2, outputs]: two levels from 0 to 15, of an input and, in the upper
        bits, of the input half a block further on.
    scales
        float16 [blocks, outputs].
    zeros
        uint8 [blocks, outputs]: the level of a weight of nothing.
    """

    levels: NDArray[np.uint8]
    scales: NDArray[np.float16]
    zeros: NDArray[np.uint8]

    def eight_bits(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """Return weights, [inputs, outputs], and the scale of each output, [outputs].

        The error this adds is a few hundredths of what rounding to four bits has brought.
        """
        scales = self.scales.astype(np.float32)
        furthest = np.maximum(self.zeros, 15 - self.zeros)
        scale = (furthest * scales).max(axis=0) / 127
        weights = np.empty((len(self.levels), BLOCK, self.levels.shape[-1]), np.float32)
        np.bitwise_and(self.levels, 15, out=weights[:, :_HALF], casting="unsafe")
        np.right_shift(self.levels, 4, out=weights[:, _HALF:], casting="unsafe")
        weights -= self.zeros[:, None]
        weights *= (scales / scale)[:, None]
        np.rint(weights, out=weights)
        return weights.astype(np.int8).reshape(-1, weights.shape[-1]), scale
