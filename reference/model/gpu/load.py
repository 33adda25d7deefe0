"""Loads a model onto a GPU, ready to answer."""

import sys
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer

from reference.model.gpu.batch import BatchedSearch
from reference.model.gpu.decoder import Capacity, Decoder
from reference.model.network import read_shape
from reference.model.repair_model import WEIGHTS, RepairModel, line_ends, read_calibration

ADAPTER = WEIGHTS / "gpu"
SWITCH_INTERVAL_S = 0.0005
NETWORK, SHAPE, TOKENIZER = "network.safetensors", "shape.json", "tokenizer.json"


def load_gpu_model(
    folder: Path, capacity: Capacity | None = None, *, device: str = "cuda"
) -> RepairModel:
    """Return the model of a folder that `reference.model.gpu.merge` wrote.

    Its passes are captured by then, so that the first request is as fast as the others. From then
    on this process's threads take turns more often: a step, which is shorter than the usual turn,
    waits for one.

    Parameters
    ----------
    device
        A CPU works, slowly: the same code without CUDA graphs, in single precision.
    """
    shape = read_shape(folder)
    tensors = load_file(folder / NETWORK, device=device)
    if device == "cpu":
        tensors = {name: tensor.float() for name, tensor in tensors.items()}
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    decoder = Decoder(shape, tensors, line_ends(tokenizer, shape.vocabulary), capacity)
    decoder.capture()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    return RepairModel(
        "wpc-gpu", device, BatchedSearch(decoder), tokenizer, read_calibration(folder)
    )
