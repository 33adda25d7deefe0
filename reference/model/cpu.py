"""The model on a CPU, by onnxruntime."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime import OrtValue

from reference.model.decoding import outlook
from reference.model.exploration import Outlook, Reading
from reference.model.four_bits import FourBits

Array = NDArray[np.float32]

_CHUNK = 512  # tokens of a prompt that are read at once: more would want more memory


@dataclass(slots=True)
class Memory:
    """Keys and values by layer, alternating: of prompt and draft, and of what was read later.

    `prompt` is the number of the prompt's tokens.
    """

    prompt: int
    before: tuple[Array, ...]
    later: tuple[Array, ...]


class OnnxRuntime:
    """Runs a graph that `reference.training.export` wrote, for `DraftSearch`.

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
        # Threads that wait for the next question must not take time from the judge's.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        weights = read_weights(folder)
        options.add_external_initializers(
            list(weights), [OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
        )
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

    def begin(self, prompt: Sequence[int], draft: Sequence[int]) -> tuple[Memory, Outlook]:
        """Read a prompt and a draft; what the prompt has in common with the last is not read again.

        That is the problem, and the program up to where it was changed since.
        """
        known, parts = self._last
        shared = min(_shared(known, prompt), len(prompt) - 1)
        before = tuple(np.ascontiguousarray(part[:, :, :shared]) for part in parts)
        memory = Memory(shared, before, (self._empty,) * len(parts))
        new = np.array([*prompt[shared:], *draft[:-1]], np.int64)
        first = len(prompt) - shared - 1
        following = np.array([*prompt[shared + 1 :], *draft], np.int64)
        found = []
        for start in range(0, len(new), _CHUNK):
            places = np.arange(start, min(start + _CHUNK, len(new)))
            seen = places[:, None] >= np.arange(places[-1] + 1)
            # One row at least: of none, some versions of onnxruntime get the largest value wrong.
            wanted = np.arange(min(max(first - start, 0), len(places) - 1), len(places))
            scores, memory.later = self._run(new[places], shared + places, seen, wanted, memory)
            found.append(outlook(scores, following[places[wanted]]))
        pairs = zip(before, memory.later, strict=True)
        whole = tuple(np.concatenate(pair, axis=2) for pair in pairs)
        self._last = tuple(prompt), tuple(part[:, :, : len(prompt)] for part in whole)
        memory = Memory(len(prompt), whole, (self._empty,) * len(parts))
        parts_of = ([getattr(one, field.name) for one in found] for field in fields(Outlook))
        return memory, Outlook(*(np.concatenate(part)[first - len(new) :] for part in parts_of))

    def read(self, state: Memory, reading: Reading) -> Outlook:
        """Read tokens."""
        places = np.arange(len(reading.tokens))
        scores, state.later = self._run(
            reading.tokens, state.prompt + reading.positions, reading.seen, places, state
        )
        return outlook(scores, reading.following)

    def _run(
        self,
        tokens: NDArray[np.int64],
        positions: NDArray[np.int64],
        seen: NDArray[np.bool_],
        wanted: NDArray[np.int64],
        memory: Memory,
    ) -> tuple[Array, tuple[Array, ...]]:
        keys = memory.before[0].shape[2] + memory.later[0].shape[2] + len(tokens)
        mask = np.zeros((len(tokens), keys), np.float32)
        mask[:, keys - seen.shape[1] :][~seen] = -np.inf
        angles = positions[:, None] * self._frequencies
        feeds: dict[str, NDArray[np.generic]] = {
            "tokens": tokens,
            "cosine": np.cos(angles).astype(np.float32)[:, None],
            "sine": np.sin(angles).astype(np.float32)[:, None],
            "mask": np.tile(mask, (self._group, 1)),
            "wanted": wanted,
        }
        for name, before, later in zip(self._parts, memory.before, memory.later, strict=True):
            feeds[f"prompt_{name}"] = before
            feeds[name] = later
        scores, *parts = self._session.run(None, feeds)
        return scores, tuple(parts)


def read_weights(folder: Path) -> dict[str, NDArray[np.generic]]:
    """Return the weights that a graph wants, from the files beside it."""
    stored: dict[str, NDArray[Any]] = {}
    for path in sorted(folder.glob("weights-*.npz")):
        stored |= np.load(path)
    names = [name.removesuffix(".levels") for name in stored if name.endswith(".levels")]
    embedding, scale = stored["embedding"], stored["embedding.scale"]
    weights: dict[str, NDArray[np.generic]] = {
        "embedding": embedding,
        "embedding.scale": scale[:, None],
        "unembedding": np.ascontiguousarray(embedding.T),
        "unembedding.scale": scale,
    }

    def eight_bits(name: str) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        parts = (stored[f"{name}.{part.name}"] for part in fields(FourBits))
        return FourBits(*parts).eight_bits()

    with ThreadPoolExecutor() as threads:
        for name, (levels, scales) in zip(names, threads.map(eight_bits, names), strict=True):
            weights |= {name: levels, f"{name}.scale": scales}
    return weights


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
