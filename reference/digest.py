"""What tells one engine from another that may answer otherwise."""

import hashlib
import os
import sys
from pathlib import Path

_READ_BYTES = 2**20
_NOT_THE_ENGINE = {"__pycache__", "catalog"}  # a problem has a digest of its own


def engine_digest(package: Path = Path(__file__).parent) -> str:
    """Return a digest of the engine's code and weights, and of the Python that runs programs."""
    digest = hashlib.sha256(sys.version.encode())
    for place, folders, files in os.walk(package):
        folders[:] = sorted(set(folders) - _NOT_THE_ENGINE)
        for name in sorted(files):
            file = Path(place, name)
            digest.update(f"\n{file.relative_to(package).as_posix()}\n".encode())
            with file.open("rb") as stream:
                while block := stream.read(_READ_BYTES):
                    digest.update(block)
    return digest.hexdigest()[:16]
