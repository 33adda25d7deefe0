"""The model on a GPU: searches of several requests at once, held on the device."""

from reference.model.gpu.batch import BatchedSearch
from reference.model.gpu.capacity import GPU_EFFORT, Capacity
from reference.model.gpu.decoder import Decoder

__all__ = ["GPU_EFFORT", "BatchedSearch", "Capacity", "Decoder"]
