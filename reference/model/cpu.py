"""The model on a CPU, by onnxruntime."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Memory:
    """Keys and values by layer, alternating: the prompt's, and what each beam wrote."""

    prompt: tuple[Array, ...]
    written: tuple[Array, ...]

    @property
    def tokens(self) -> int:
        """Number of tokens read and written, of one beam."""
        return int(self.prompt[0].shape[2] + self.written[0].shape[2])


class OnnxRuntime:
    """Runs a graph that `reference.training.export` wrote, for `EditSearch`.

    Parameters
    ----------
    folder
        Holds `model.onnx`, its weights and `shape.json`.
    threads
        Processors to use; 0 lets onnxruntime choose.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that wait must not take time from the judge's.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
        self.vocabulary = int(shape["vocabulary"])
        self._group = shape["heads"] // shape["kv_heads"]
        width = shape["width"] // shape["heads"]
        self._frequencies = shape["rope_base"] ** -(np.arange(width // 2) / (width // 2))
        self._empty = np.zeros((1, shape["kv_heads"], 0, width), np.float32)
        self._parts = [f"{p}{n}" for n in range(shape["layers"]) for p in ("key", "value")]
        self._last: tuple[tuple[int, ...], tuple[Array, ...]] = (
            (),
            (self._empty,) * len(self._parts),
        )

    def prefill(self, prompt: Sequence[int]) -> tuple[Memory, Array]:
        """Read a prompt; what it has in common with the last one is not read again.

        That is the problem, and the program up to where it was changed since.
        """
        empty = (self._empty,) * len(self._parts)
        known, parts = self._last
        shared = min(_shared(known, prompt), len(prompt) - 1)
        before = tuple(part[:, :, :shared] for part in parts)
        new = np.array([prompt[shared:]], np.int64)
        read, scores = self._run(new, Memory(before, empty))
        whole = tuple(np.concatenate(pair, axis=2) for pair in zip(before, read, strict=True))
        self._last = tuple(prompt), whole
        return Memory(whole, empty), scores[0]

    def step(
        self, state: Memory, parents: NDArray[np.int64], tokens: NDArray[np.int64]
    ) -> tuple[Memory, Array]:
        """Go on with one token a beam."""
        moved = Memory(state.prompt, tuple(part[parents] for part in state.written))
        written, scores = self._run(tokens[:, None], moved)
        return Memory(state.prompt, written), scores

    def _run(self, tokens: NDArray[np.int64], memory: Memory) -> tuple[tuple[Array, ...], Array]:
        new, written = tokens.shape[1], memory.written[0].shape[2]
        angles = np.arange(memory.tokens, memory.tokens + new)[:, None] * self._frequencies
        mask = np.triu(np.full((new, written + new), -np.inf, np.float32), written + 1)
        feeds: dict[str, NDArray[np.generic]] = {
            "tokens": tokens,
            "cosine": np.cos(angles).astype(np.float32)[:, None],
            "sine": np.sin(angles).astype(np.float32)[:, None],
            "mask": np.tile(mask, (self._group, 1)),
        }
        for name, prompt, own in zip(self._parts, memory.prompt, memory.written, strict=True):
            feeds[f"prompt_{name}"] = prompt
            feeds[name] = own
        scores, *parts = self._session.run(None, feeds)
        return tuple(parts), scores


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
