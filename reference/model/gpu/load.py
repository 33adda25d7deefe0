"""Loads a model onto a GPU, ready to answer."""

import gc
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from safetensors import safe_open
from tokenizers import Tokenizer
from torch import Tensor

from reference.model.gpu.batch import BatchedSearch
from reference.model.gpu.capacity import Capacity
from reference.model.gpu.decoder import Decoder
from reference.model.network import read_shape
from reference.model.repair_model import WEIGHTS, RepairModel, line_ends, read_calibration

ADAPTER = WEIGHTS / "gpu"
SWITCH_INTERVAL_S = 0.0005
GARBAGE_AFTER = 20_000
"""New objects after which garbage is looked for: more than all searches have at one time."""
NETWORK, SHAPE, TOKENIZER = "network.safetensors", "shape.json", "tokenizer.json"


def load_gpu_model(
    folder: Path, capacity: Capacity | None = None, *, device: str = "cuda"
) -> RepairModel:
    """Return the model of a folder that `reference.model.gpu.merge` wrote.

    Its passes are captured by then, so that the first request is as fast as the others. From then
    on this process's threads take turns more often: a pass, which is shorter than the usual turn,
    waits for one. And garbage is looked for less often, and not among what is there by then:
    searches make many objects, and no garbage that would have to be looked for.

    Parameters
    ----------
    device
        A CPU works, slowly: the same code without CUDA graphs, in single precision.
    """
    shape = read_shape(folder)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tensors = _Tensors(folder / NETWORK, device)
    decoder = Decoder(shape, tensors, capacity)
    decoder.capture()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    search = BatchedSearch(decoder, line_ends(tokenizer, shape.vocabulary))
    return RepairModel("wpc-gpu", device, search, tokenizer, read_calibration(folder))


class _Tensors(Mapping[str, Tensor]):
    """Those of a file, each read when it is asked for.

    Of those that are joined to others, only a layer's lie on the device at one time.
    """

    def __init__(self, file: Path, device: str) -> None:
        self._file = safe_open(file, framework="pt", device=device)
        self._single = device == "cpu"

    def __getitem__(self, name: str) -> Tensor:
        tensor: Tensor = self._file.get_tensor(name)
        return tensor.float() if self._single else tensor

    def __iter__(self) -> Iterator[str]:
        return iter(self._file.keys())

    def __len__(self) -> int:
        return len(self._file.keys())
