"""Give up rights, in ways that cannot be undone."""

import ctypes
import fcntl
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence

OPEN_FILES = 64
FILE_BYTES = 1 << 24
MEMORY_TO_REPORT = 32 << 20  # after a MemoryError
STACK_BYTES = 1 << 30
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
SYS_LANDLOCK_RESTRICT_SELF = 446

libc = ctypes.CDLL(None, use_errno=True)
if sys.platform == "linux":
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_fork = ctypes.PyDLL(None, use_errno=True).fork


class Filter(ctypes.Structure):
    """A seccomp filter as the kernel takes it: `struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    def __init__(self, instructions: bytes) -> None:
        super().__init__(len(instructions) // 8, instructions)


def fork() -> int:
    """Fork, as `os.fork` does, a process of one thread.

    The C library's fork is all that takes. What Python does besides, for the locks that other
    threads might hold, has the child copy some hundred pages, which costs more than a short run.
    And `random` goes on from one state in every run, so that no verdict depends on chance.
    """
    pid = int(_fork())
    if pid < 0:
        raise OSError(ctypes.get_errno(), "fork")
    return pid


def take(descriptors: Sequence[int]) -> None:
    """Have `descriptors` as 0, 1, 2 and so on, and no others."""
    count = len(descriptors)
    apart = [fcntl.fcntl(fd, fcntl.F_DUPFD, count) for fd in descriptors]
    for number, fd in enumerate(apart):
        os.dup2(fd, number)
    os.closerange(count, OPEN_FILES)


def confine(
    *,
    seconds: float,
    address_space: int,
    file_bytes: int,
    processes: int | None,
    seccomp: Filter | None,
) -> None:
    """Leave this process what a run needs, and no more."""
    os.setsid()
    limit(seconds, address_space, file_bytes, processes)
    end_with_parent()
    close_to_others(False)  # or /dev/stdin could not be opened
    filter_system_calls(seccomp)


def limit(seconds: float, address_space: int, file_bytes: int, processes: int | None) -> None:
    """Set what this process may use: processor time, bytes of memory and of a file, processes."""
    # The zygote's clock is finer, and the kernel's ticks may count too much: leave it a margin.
    _cap(resource.RLIMIT_CPU, 2 * int(seconds) + 2, 2 * int(seconds) + 3)
    _cap(resource.RLIMIT_FSIZE, file_bytes, file_bytes)
    if processes is not None:
        _cap(resource.RLIMIT_NPROC, processes, processes)
    if sys.platform == "linux":  # macOS takes this limit and ignores it, or refuses it
        _cap(resource.RLIMIT_AS, address_space, address_space + MEMORY_TO_REPORT)


def limit_all() -> None:
    """Set what neither this process nor its children need more of, and their stack."""
    _cap(resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES)
    _cap(resource.RLIMIT_CORE, 0, 0)
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    stack = STACK_BYTES if most == resource.RLIM_INFINITY else min(STACK_BYTES, most)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, most))


def _cap(kind: int, soft: int, hard: int) -> None:
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(kind, (soft, hard))


def close_to_others(closed: bool) -> None:
    """Say whether processes of the same user are kept from this one's memory and descriptors."""
    if sys.platform == "linux":
        _prctl(PR_SET_DUMPABLE, 0 if closed else 1)


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent has ended."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def become(uid: int) -> None:
    """Take a user and group id for good."""
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise SystemExit(f"cannot become user {uid}: {error}") from error


def drop_capabilities() -> None:
    """Give up what root may do, where the zygote stays root."""
    if sys.platform != "linux":
        return
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    if libc.capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def restrict_files(ruleset: int) -> None:
    """Apply a Landlock ruleset to this process and its children."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    if libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(ruleset)


def filter_system_calls(seccomp: Filter | None) -> None:
    """Apply a filter, if there is one, to this process."""
    if seccomp is not None:
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(seccomp))


def _prctl(option: int, value: int, address: int = 0) -> None:
    if libc.prctl(option, value, address, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")
