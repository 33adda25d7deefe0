"""Which language model an endpoint runs."""

import logging
import os
import time
from pathlib import Path

from reference.model import RepairModel, load_model
from reference.propose.model import PROPOSALS
from reference.protocol import Problem

GPU_MODEL_VARIABLE = "WPC_GPU_MODEL"
"""The environment variable that names a folder which `reference.model.gpu.merge` wrote."""

WARM_UP_LINE = "total = total + int(input())\n"
WARM_UP_LINES = (1, 20, 40, 60)
WARM_UP_PATIENCE_S = 1.0

log = logging.getLogger("wpc.endpoint")


def best_model() -> RepairModel | None:
    """Return the model for the GPU if there is one, and a GPU; else the small one, if there."""
    folder = os.environ.get(GPU_MODEL_VARIABLE)
    if folder and _has_gpu():
        from reference.model.gpu.load import load_gpu_model

        return load_gpu_model(Path(folder))
    if folder:
        log.warning("no GPU, or no torch: %s is not used", GPU_MODEL_VARIABLE)
    return load_model()


def _has_gpu() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def warm(model: RepairModel) -> None:
    """Have a model answer once for programs of every length that it takes differently."""
    for lines in WARM_UP_LINES:
        deadline = time.monotonic() + WARM_UP_PATIENCE_S
        for _ in model.propose(
            WARM_UP_LINE * lines, Problem(), None, n=PROPOSALS, deadline=deadline
        ):
            pass
