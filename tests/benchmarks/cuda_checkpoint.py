"""The CUDA driver's checkpoint of another process, as a snapshot of its GPU uses it.

See "CUDA Checkpointing" in the driver API's reference; needs a driver of version 570 or later and
root. What a snapshot's host also does (to store the process and read it back) is not done here.
"""

import ctypes
from typing import ClassVar

_LOCK_TIMEOUT_MS = 60_000


class _LockArguments(ctypes.Structure):
    _fields_: ClassVar = [
        ("timeout_ms", ctypes.c_uint),
        ("reserved0", ctypes.c_uint),
        ("reserved1", ctypes.c_uint64 * 7),
    ]


class _Arguments(ctypes.Structure):
    _fields_: ClassVar = [("reserved", ctypes.c_uint64 * 8)]


class CudaCheckpoint:
    """Takes the GPU from a process, and gives it back.

    Raises
    ------
    OSError
        If there is no driver, or it refuses.
    """

    def __init__(self, pid: int) -> None:
        self._driver = ctypes.CDLL("libcuda.so.1")
        self._pid = pid
        self._check(self._driver.cuInit(0))  # a restore needs a driver that is up

    def take(self) -> None:
        """Wait for the work that the process has on the GPU, move its memory to the host."""
        lock = _LockArguments(timeout_ms=_LOCK_TIMEOUT_MS)
        self._check(self._driver.cuCheckpointProcessLock(self._pid, ctypes.byref(lock)))
        self._check(
            self._driver.cuCheckpointProcessCheckpoint(self._pid, ctypes.byref(_Arguments()))
        )

    def give_back(self) -> None:
        """Move its memory back, and let it go on."""
        self._check(self._driver.cuCheckpointProcessRestore(self._pid, ctypes.byref(_Arguments())))
        self._check(self._driver.cuCheckpointProcessUnlock(self._pid, ctypes.byref(_Arguments())))

    def _check(self, status: int) -> None:
        if status:
            name = ctypes.c_char_p()
            self._driver.cuGetErrorName(status, ctypes.byref(name))
            raise OSError(status, (name.value or b"unknown").decode())
