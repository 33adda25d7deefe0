"""Weights of four bits, read into eight."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reference.model.four_bits import BLOCK, FourBits


@given(
    seed=st.integers(0, 2**32),
    blocks=st.integers(1, 4),
    outputs=st.integers(1, 9),
    spread=st.floats(0, 1),
)
def test_eight_bits_are_the_four_bits_to_half_a_step(
    seed: int, blocks: int, outputs: int, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.integers(0, 16, (blocks, BLOCK, outputs)).astype(np.uint8)
    zeros = rng.integers(0, 16, (blocks, outputs)).astype(np.uint8)
    scales = np.exp(rng.normal(-5, spread, (blocks, outputs))).astype(np.float16)
    half = BLOCK // 2
    pairs = (levels[:, :half] | (levels[:, half:] << 4)).astype(np.uint8)
    packed = FourBits(pairs, scales, zeros)
    found, scale = packed.eight_bits()
    assert found.dtype == np.int8
    assert scale.dtype == np.float32
    assert found.shape == (blocks * BLOCK, outputs)
    expected = (levels.astype(float) - zeros[:, None]) * scales[:, None]
    error = np.abs(found.astype(float) * scale - expected.reshape(-1, outputs))
    assert (error <= (0.5 + 1e-3) * scale).all()
    # A step is as fine as eight bits allow for what four bits can hold.
    furthest = (np.maximum(zeros, 15 - zeros.astype(int)) * scales.astype(float)).max(axis=0)
    assert (scale <= furthest / 127 * (1 + 1e-5)).all()
