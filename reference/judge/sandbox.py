"""What every kind of sandbox does alike: start a zygote with little to see and no rights."""

import json
import os
import subprocess
import sys
import sysconfig
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from reference.judge import inside

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
_SYSTEM_PATHS = (
    "/usr", "/lib", "/lib32", "/lib64", "/bin", "/nix/store", "/etc/ld.so.cache", "/etc/localtime",
)  # fmt: skip


# Makes modules of the texts given as first argument, as an import would, and starts the last.
_LOADER = """
import sys
sys.path.remove("")
import json, types
for name, source in json.loads(sys.argv[1]).items():
    package = name.rpartition(".")[0]
    if package not in sys.modules:
        sys.modules[package] = types.ModuleType(package)
    module = sys.modules[name] = types.ModuleType(name)
    setattr(sys.modules[package], name.rpartition(".")[2], module)
    exec(compile(source, name, "exec"), module.__dict__)
module.main()
"""


class SandboxUnavailable(Exception):  # noqa: N818 - names a state of the machine
    """Nothing can be confined here; the message says why."""


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

    packages: Sequence[str]
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


def interpreter() -> str:
    """Return the path of this interpreter's own file, whatever links lead to it."""
    return os.path.realpath(sys.executable)


def zygote_command(settings: Settings) -> list[str]:
    """Return the command that starts a zygote."""
    folder = resources.files(inside)
    sources = {
        f"{inside.__name__}.{name}": folder.joinpath(f"{name}.py").read_text("utf-8")
        for name in inside.MODULES
    }
    # Neither `site` nor the user's packages, no byte code written.
    options = ["-s", "-S", "-B", "-X", "utf8", "-c", _LOADER]
    return [interpreter(), *options, json.dumps(sources), json.dumps(asdict(settings))]


def spawn(
    command: Sequence[str], stderr: IO[bytes], *, cwd: str = "/", pass_fds: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """Start a command in a process group of its own, with none of this process's environment.

    Raises
    ------
    SandboxUnavailable
        If the command cannot be executed.
    """
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,
            env=ENVIRONMENT,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    except OSError as error:
        raise SandboxUnavailable(str(error)) from error


def package_folders() -> list[str]:
    """Return where this interpreter has its third-party packages."""
    return list(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))


def readable_paths() -> Iterator[Path]:
    """Yield what an interpreter reads: the system's libraries, its own, its packages.

    Of an interpreter's prefix only the usual subfolders, since a prefix may be a home folder;
    links and what they lead to both.
    """
    paths = list(map(Path, _SYSTEM_PATHS))
    for prefix in (sys.base_prefix, sys.base_exec_prefix, sys.prefix):
        paths += [Path(prefix, name) for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    paths += [Path(sysconfig.get_path("stdlib")), *map(Path, package_folders())]
    paths += [Path(interpreter())]
    seen: set[Path] = set()
    for path in paths:
        for each in (path, path.resolve()):
            if each.exists() and seen.isdisjoint((each, *each.parents)):
                seen.add(each)
                yield each
