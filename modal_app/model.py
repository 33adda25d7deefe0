"""Which language model an endpoint runs."""

import logging
import os
import time
from pathlib import Path

from reference.model import RepairModel, load_model
from reference.protocol import Problem

GPU_MODEL_VARIABLE = "WPC_GPU_MODEL"
"""The environment variable that names a folder which `reference.model.gpu.merge` wrote."""

WARM_UP_LINE = "total = total + int(input())\n"
WARM_UP_LINES = (1, 20, 40, 80, 120)
WARM_UP_PATIENCE_S = 1.0
BEAMS = 10

log = logging.getLogger("wpc.endpoint")


def best_model() -> RepairModel | None:
    """Return the model for the GPU if there is one, and a GPU; else the small one, if there."""
    folder = os.environ.get(GPU_MODEL_VARIABLE)
    if folder:
        import torch

        if torch.cuda.is_available():
            from reference.model.gpu.load import load_gpu_model

            return load_gpu_model(Path(folder))
        log.warning("no GPU: the small model is used, not the one of %s", folder)
    return load_model()


def warm(model: RepairModel) -> None:
    """Have a model answer once for programs of every length that it takes differently."""
    for lines in WARM_UP_LINES:
        deadline = time.monotonic() + WARM_UP_PATIENCE_S
        for _ in model.propose(WARM_UP_LINE * lines, Problem(), None, n=BEAMS, deadline=deadline):
            pass
