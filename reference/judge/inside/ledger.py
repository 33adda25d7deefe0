"""What a screening child has done so far, in memory that outlives it."""

import enum
import mmap
import struct
import time

_HEAD = struct.Struct("QQQ?")  # processor and wall time when the attempt began, bytes, stopped
_RECORD = struct.Struct("BQ")  # how the attempt ended, bytes that follow
_ROOM = 1 << 16  # for the frames of records without output


class Ending(enum.IntEnum):
    """How an attempt ended: by itself with status 0 or badly, cut off, or so that none can tell.

    One that ended well, but gave something else than expected, is `OTHER`.
    """

    WELL = 0
    OTHER = 1
    BADLY = 2
    CUT = 3
    UNKNOWN = 4


class Ledger:
    """Written by the child, read by its parent, which believes nothing in it that matters.

    Parameters
    ----------
    most
        Bytes of one attempt's output: a ledger without records has room for them.
    """

    def __init__(self, most: int) -> None:
        self._shared = mmap.mmap(-1, most + _ROOM)
        self._used = _HEAD.size
        # The child has used no processor time yet; its parent, which makes this, may have a lot.
        _HEAD.pack_into(self._shared, 0, 0, time.monotonic_ns(), self._used, False)

    def begin(self, *, stopped: bool = False) -> None:
        """Note in the child that an attempt begins now; or that it ends by its own will."""
        now = time.process_time_ns(), time.monotonic_ns()
        _HEAD.pack_into(self._shared, 0, *now, self._used, stopped)

    def add(self, ending: Ending, output: bytes) -> bool:
        """Record an attempt, and return whether there was room for it."""
        start = self._used + _RECORD.size
        if start + len(output) > len(self._shared):
            return False
        _RECORD.pack_into(self._shared, self._used, ending, len(output))
        self._shared[start : start + len(output)] = output
        self._used = start + len(output)
        return True

    def began(self) -> tuple[float, float]:
        """Return the child's processor time, and the time, at which its last attempt began."""
        cpu, wall, _, _ = _HEAD.unpack_from(self._shared)
        return cpu / 1e9, wall / 1e9

    @property
    def stopped(self) -> bool:
        """Whether the child says that it ended between two attempts."""
        return bool(self._shared[_HEAD.size - 1])

    def records(self, most: int) -> list[tuple[Ending, bytes]]:
        """Return the recorded attempts: how they ended, and their output."""
        found: list[tuple[Ending, bytes]] = []
        place = _HEAD.size
        _, _, used, _ = _HEAD.unpack_from(self._shared)
        end = min(used, len(self._shared))
        while len(found) < most and place + _RECORD.size <= end:
            ending, size = _RECORD.unpack_from(self._shared, place)
            place += _RECORD.size
            if size > end - place or ending > Ending.UNKNOWN:
                break
            found.append((Ending(ending), self._shared[place : place + size]))
            place += size
        return found
