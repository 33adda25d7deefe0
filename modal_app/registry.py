"""Where this user's one local endpoint is written down.

A folder that only the user may enter holds `endpoint.json` (how to reach it), `endpoint.lock`
(held by the endpoint for as long as it lives, so nobody need guess whether a process number is
still its own), `start.lock` (held by who starts or replaces it) and `endpoint.log`.

Imports stay light: an editor waits for this at every start.
"""

import json
import os
import stat
import sys
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if sys.platform == "win32":
    raise ImportError("Windows has no sandbox for a local endpoint; use WSL, or one on Modal.")
import fcntl

if TYPE_CHECKING:
    from filelock import BaseFileLock


class LocalEndpointError(Exception):
    """There is no local endpoint, and none can be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How to reach the endpoint, and who it is."""

    url: str
    token: str
    pid: int
    version: str


class Registry:
    """The runtime folder of this user, made if missing.

    Raises
    ------
    LocalEndpointError
        The folder belongs to someone else, who could read the token there.
    """

    def __init__(self) -> None:
        self.folder = _runtime_folder()
        for place in (self.folder.parent, self.folder):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_private(self.folder)
        self.log_path = self.folder / "endpoint.log"
        self._entry_path = self.folder / "endpoint.json"
        self._life_path = self.folder / "endpoint.lock"

    def read(self) -> Entry | None:
        """Return what is written down, which may be out of date, or None."""
        try:
            return Entry(**json.loads(self._entry_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, entry: Entry) -> None:
        """Write `entry` down, at once and for this user's eyes only."""
        draft = self._entry_path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(entry), file)
        draft.replace(self._entry_path)

    def clear(self) -> None:
        """Forget the endpoint."""
        self._entry_path.unlink(missing_ok=True)

    def life_lock(self) -> "BaseFileLock":
        """Return the lock that the endpoint holds while it lives."""
        return _lock(self._life_path)

    def start_lock(self) -> "BaseFileLock":
        """Return the lock that is held while an endpoint is started or replaced."""
        return _lock(self.folder / "start.lock")

    def alive(self) -> bool:
        """Whether an endpoint lives; otherwise its port may be anybody's by now."""
        with self._life_path.open("ab") as file:
            try:
                # Shared, so that two who look at once do not take each other for the endpoint.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def _lock(path: Path) -> "BaseFileLock":
    from filelock import FileLock

    return FileLock(path, mode=0o600)


def _runtime_folder() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR, which is usual
        return platformdirs.user_runtime_path("wpc-lsp", appauthor=False)


def _require_private(folder: Path) -> None:
    for place, status in ((folder, folder.lstat()), (folder.parent, folder.parent.stat())):
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise LocalEndpointError(
                f"{place} is not a folder of yours, so the local endpoint's token would not be "
                "safe there. Set XDG_RUNTIME_DIR to a folder that only you can enter."
            )
    folder.chmod(0o700)
