"""How a fault of ours is told in the log."""

import logging
import traceback

LOGGED_FRAMES = 8

log = logging.getLogger("wpc.endpoint")


def log_fault(fault: BaseException) -> None:
    """Log where and of what kind, but no message: messages of exceptions quote programs."""
    frames = traceback.extract_tb(fault.__traceback__)[-LOGGED_FRAMES:]
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    log.error("%s at %s", type(fault).__qualname__, places)
