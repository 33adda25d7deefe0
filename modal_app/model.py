"""Which language model an endpoint runs."""

import logging
import os
from pathlib import Path

from reference.model import RepairModel, load_model

GPU_MODEL = "WPC_GPU_MODEL"
"""The environment variable that names a folder which `reference.model.gpu.merge` wrote."""

log = logging.getLogger("wpc.endpoint")


def best_model() -> RepairModel | None:
    """Return the model for the GPU if there is one, and a GPU; else the small one, if there."""
    folder = os.environ.get(GPU_MODEL)
    if folder:
        import torch

        if torch.cuda.is_available():
            from reference.model.gpu.load import load_gpu_model

            return load_gpu_model(Path(folder))
        log.warning("no GPU: the small model is used, not the one of %s", folder)
    return load_model()
