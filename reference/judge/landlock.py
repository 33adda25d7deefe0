"""Landlock rulesets: reading a few folders, and nothing else of the file system.

See landlock(7). The ruleset is made here and applied by the zygote, before it runs anything.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE = 444, 445  # the same numbers on every architecture
_GET_VERSION = 1
_RULE_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_FILE_RIGHTS_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_NETWORK_RIGHTS = 0b11  # to bind and to connect by TCP; since version 4
_SCOPES = 0b11  # abstract Unix sockets and signals; since version 6


def version() -> int:
    """Return the version of Landlock that the kernel has, or 0."""
    return max(_syscall(_CREATE_RULESET, None, 0, _GET_VERSION), 0)


def ruleset(readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Return the descriptor of a ruleset: `readable` trees, and `writable` files.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    abi = version()
    rights = sum(mask for since, mask in _FILE_RIGHTS_SINCE.items() if since <= abi)
    attributes = struct.pack("Q", rights)
    if abi >= 4:
        attributes += struct.pack("Q", _NETWORK_RIGHTS)
    if abi >= 6:
        attributes += struct.pack("Q", _SCOPES)
    fd = _syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "Landlock is not available")
    for path in readable:
        _allow(fd, path, _READ_FILE | _READ_DIR)
    for path in writable:
        _allow(fd, path, _READ_FILE | _WRITE_FILE)
    return fd


def _allow(fd: int, path: Path, rights: int) -> None:
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= ~_READ_DIR
        rule = struct.pack("=Qi", rights, target)
        if _syscall(_ADD_RULE, fd, _RULE_PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), f"Landlock refuses a rule for {path}")
    finally:
        os.close(target)


def _syscall(number: int, *arguments: bytes | int | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(libc.syscall(ctypes.c_long(number), *words))
