"""A filter of system calls for the programs that run.

It allows what an interpreter needs that computes, reads and writes: no processes, no signals
to others, no network, no shared memory. Everything else fails with EPERM. Written in the
classic BPF of seccomp(2); its instructions are those of linux/filter.h.
"""

import platform
import struct
import sys

# Name, number on x86-64, number on aarch64; "-" where the architecture lacks the call.
_ALLOWED = """
# files
read 0 63; write 1 64; readv 19 65; writev 20 66; pread64 17 67; pwrite64 18 68; preadv 295 69;
pwritev 296 70; lseek 8 62; open 2 -; openat 257 56; close 3 57; close_range 436 436;
dup 32 23; dup2 33 -; dup3 292 24; pipe 22 -; pipe2 293 59; stat 4 -; fstat 5 80;
lstat 6 -; newfstatat 262 79; statx 332 291; statfs 137 43; fstatfs 138 44; access 21 -;
faccessat 269 48; faccessat2 439 439; readlink 89 -; readlinkat 267 78; getcwd 79 17;
chdir 80 49; fchdir 81 50; getdents64 217 61; mkdir 83 -; mkdirat 258 34; rmdir 84 -;
unlink 87 -; unlinkat 263 35; rename 82 -; renameat 264 38; renameat2 316 276; truncate 76 45;
ftruncate 77 46; fsync 74 82; fdatasync 75 83; fadvise64 221 223; sendfile 40 71;
copy_file_range 326 285; utimensat 280 88; umask 95 166;
# memory
mmap 9 222; munmap 11 215; mprotect 10 226; mremap 25 216; madvise 28 233; msync 26 227;
mincore 27 232; mlock 149 228; munlock 150 229; brk 12 214; membarrier 324 283;
# waiting
poll 7 -; ppoll 271 73; select 23 -; pselect6 270 72; epoll_create1 291 20; epoll_ctl 233 21;
epoll_wait 232 -; epoll_pwait 281 22; eventfd2 290 19; nanosleep 35 101;
clock_nanosleep 230 115; pause 34 -; restart_syscall 219 128;
# an event loop's way to wake itself: a pair of connected sockets
sendto 44 206; recvfrom 45 207; shutdown 48 210;
# signals and timers of its own
rt_sigaction 13 134; rt_sigprocmask 14 135; rt_sigreturn 15 139; rt_sigpending 127 136;
rt_sigsuspend 130 133; rt_sigtimedwait 128 137; sigaltstack 131 132; alarm 37 -;
getitimer 36 102; setitimer 38 103; clock_gettime 228 113; clock_getres 229 114;
gettimeofday 96 169; time 201 -; times 100 153; getrusage 98 165;
# threads
futex 202 98; set_robust_list 273 99; set_tid_address 218 96; rseq 334 293; sched_yield 24 124;
sched_getaffinity 204 123; sched_getparam 143 121; sched_getscheduler 145 120;
getpriority 140 141; getcpu 309 168; arch_prctl 158 -;
# identity
getpid 39 172; gettid 186 178; getppid 110 173; getpgrp 111 -; getpgid 121 155; getsid 124 156;
getuid 102 174; geteuid 107 175; getgid 104 176; getegid 108 177; getresuid 118 148;
getresgid 120 150; getgroups 115 158; uname 63 160; sysinfo 99 179; getrlimit 97 163;
setrlimit 160 164; getrandom 318 278;
# the end
exit 60 93; exit_group 231 94;
"""

# Calls allowed for some values of one argument: numbers, index of the argument, values.
_ALLOWED_FOR = (
    ((72, 25), 1, (0, 1, 2, 3, 4, 1030)),  # fcntl: duplicate; get or set flags; not the owner
    ((16, 29), 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # ioctl: ask a terminal
    ((157, 167), 0, (15, 16)),  # prctl: the name of a thread
    ((53, 199), 1, (0x1, 0x801, 0x80001, 0x80801)),  # socketpair: streams; datagrams can go astray
    ((302, 261), 0, (0,)),  # prlimit64: of the process itself
)
# What changes files: refused where files are not hidden from a program, by name or by these flags.
_CHANGES = (
    "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2",
    "truncate", "utimensat",
)  # fmt: skip
_CHANGING_FLAGS = 0x1 | 0x2 | 0x40 | 0x200 | 0x400000  # write, both, create, truncate, unnamed
_OPEN = {"open": 1, "openat": 2}  # and the index of the flags
_CLONE = (56, 220)
_CLONE_THREAD = 0x10000
_CLONE3 = (435, 435)  # "not implemented", upon which the C library falls back to clone

_AUDIT_ARCH = (0xC000003E, 0xC00000B7)
_X32_BIT = 0x40000000  # calls of x86-64's other ABI, which would evade the numbers above

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_OFFSET, _ARCH_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38


def _filter(column: int, *, read_only: bool) -> bytes:
    """Return the instructions for the architecture in the given column of the tables."""

    def instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, operand)

    allow = instruction(_RETURN, _ALLOW)
    refuse = instruction(_RETURN, _ERRNO | _EPERM)

    def when(number: int, then: bytes) -> bytes:
        return instruction(_EQUAL, number, 0, len(then) // 8) + then

    actions: dict[int, bytes] = {}
    for row in _ALLOWED.replace(";", "\n").strip().splitlines():
        fields = row.split()
        if not fields or fields[0] == "#" or fields[column + 1] == "-":
            continue
        if read_only and fields[0] in _CHANGES:
            continue
        actions[int(fields[column + 1])] = allow
        if read_only and fields[0] in _OPEN:
            then = instruction(_LOAD, _ARGUMENTS_OFFSET + 8 * _OPEN[fields[0]])
            then += instruction(_ANY_BIT, _CHANGING_FLAGS, 0, 1) + refuse + allow
            actions[int(fields[column + 1])] = then
    for numbers, argument, values in _ALLOWED_FOR:
        then = instruction(_LOAD, _ARGUMENTS_OFFSET + 8 * argument)
        then += b"".join(when(value, allow) for value in values) + refuse
        actions[numbers[column]] = then
    then = instruction(_LOAD, _ARGUMENTS_OFFSET)
    then += instruction(_ANY_BIT, _CLONE_THREAD, 0, 1) + allow + refuse
    actions[_CLONE[column]] = then
    actions[_CLONE3[column]] = instruction(_RETURN, _ERRNO | _ENOSYS)

    # The action for each number from a start to the next start: all below and above refused.
    steps: list[tuple[int, bytes]] = []
    for number in range(max(actions) + 2):
        action = actions.get(number, refuse)
        if not steps or steps[-1][1] != action:
            steps.append((number, action))

    def tree(steps: list[tuple[int, bytes]]) -> bytes:
        if len(steps) == 1:
            return steps[0][1]
        middle = len(steps) // 2
        below = tree(steps[:middle])
        return (
            instruction(_AT_LEAST, steps[middle][0], len(below) // 8, 0)
            + below
            + tree(steps[middle:])
        )

    # A binary search, since the kernel tries every number when it takes the filter: with a list
    # that costs more than the rest of a short run.
    return b"".join(
        [
            instruction(_LOAD, _ARCH_OFFSET),
            instruction(_EQUAL, _AUDIT_ARCH[column], 1, 0),
            instruction(_RETURN, _KILL),
            instruction(_LOAD, _NUMBER_OFFSET),
            instruction(_AT_LEAST, _X32_BIT, 0, 1) + refuse,
            tree(steps),
        ]
    )


_COLUMNS = {"x86_64": 0, "aarch64": 1}
_SUPPORTED = sys.platform == "linux" and sys.maxsize > 1 << 32 and platform.machine() in _COLUMNS


def _filter_here(*, read_only: bool) -> bytes:
    return _filter(_COLUMNS[platform.machine()], read_only=read_only) if _SUPPORTED else b""


#: The filter for this machine; empty where its architecture is not known here.
FILTER = _filter_here(read_only=False)
#: The same, which lets no file be written, made or removed.
READ_ONLY_FILTER = _filter_here(read_only=True)
