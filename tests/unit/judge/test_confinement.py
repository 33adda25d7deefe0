"""Programs that try to get out, or to be in one another's way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reference.protocol import Problem, Test, Verdict

OK = Problem(tests=(Test(name="one", input="1", output="1"),))


@pytest.fixture
def output(judge):
    """Run a program and return what it printed; it must have ended by itself."""

    def output(program: str, given: str = "") -> str:
        problem = Problem(time_limit_s=5)
        (run,) = judge.run_all(program, problem, [given])
        assert run.verdict is Verdict.ACCEPTED, run.stderr
        return run.output.strip()

    return output


def attempt(action: str) -> str:
    """A program that prints the kind of exception that `action` raises, or `done`."""
    return (
        "import os, socket, ctypes, subprocess, signal, sys\n"
        f"try:\n    {action}\n"
        "except BaseException as error:\n    print(type(error).__name__)\n"
        "else:\n    print('done')\n"
    )


def test_a_fork_bomb(judge, check, output):
    assert output(attempt("os.fork()")) in ("PermissionError", "BlockingIOError")
    judgement = check("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
                      time_limit_s=0.2)  # fmt: skip
    assert judgement.verdict is Verdict.TIME_LIMIT
    assert judge.judge("print(1)", OK).accepted


def test_a_thread_bomb(judge, check):
    program = (
        "import threading, time\nthreading.stack_size(1 << 16)\n"
        "while True: threading.Thread(target=time.sleep, args=(60,)).start()"
    )
    judgement = check(program, time_limit_s=0.5)
    assert not judgement.accepted
    assert judge.judge("print(1)", OK).accepted


def test_other_programs_cannot_be_executed(output):
    assert output(attempt("subprocess.run(['/bin/sh', '-c', 'true'])")) != "done"
    assert output(attempt("os.execv('/bin/sh', ['sh'])")) != "done"
    assert output(attempt("os.posix_spawn('/bin/sh', ['sh'], {})")) != "done"


@pytest.mark.parametrize(
    "path",
    [
        str(Path.home()),
        "/etc/shadow",
        "/etc/passwd",
        str(Path(__file__).resolve()),
        f"/proc/{os.getpid()}/environ",
        f"/proc/{os.getpid()}/cmdline",
        f"/proc/{os.getppid()}/environ",
        "/proc/1/environ",
        "/proc/1/mem",
        "/sys/class",
        "/root",
        "/var",
        "/tmp",
        "/dev/vda",
        "/dev/mem",
    ],
)
def test_reading_the_machine(output, path):
    assert output(attempt(f"open({path!r}, 'rb').read(1)")) in (
        "FileNotFoundError",
        "PermissionError",
        "IsADirectoryError",
    )
    if path != str(Path.home()) or not sys.prefix.startswith(path):
        found = output(f"import os\ntry: print(os.listdir({path!r}))\nexcept OSError: print('no')")
        assert found == "no" or len(eval(found)) <= 2  # only the way to the interpreter, if that


def test_the_home_folder_cannot_be_listed(output, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    secret.chmod(0o666)
    assert output(attempt(f"open({str(secret)!r}).read()")) != "done"
    home = Path.home()
    for entry in (".ssh", ".bashrc", ".profile"):
        assert output(attempt(f"os.listdir({str(home / entry)!r})")) != "done"


@pytest.mark.parametrize(
    "folder", ["/", "/tmp", "/usr", "/usr/lib", "/dev", "/dev/shm", "/proc", "/etc", sys.prefix]
)
def test_writing_outside(output, folder):
    target = f"{folder.rstrip('/')}/wpc-escape-{os.getpid()}"
    assert output(attempt(f"open({target!r}, 'w')")) != "done"
    assert output(attempt(f"os.mkdir({target!r})")) != "done"
    assert not Path(target).exists()


def test_files_of_the_machine_cannot_be_changed(output, tmp_path):
    target = tmp_path / "target.txt"
    target.write_text("as it was")
    target.chmod(0o666)
    for action in ("open({0!r}, 'w')", "os.truncate({0!r}, 0)", "os.unlink({0!r})",
                   "os.rename({0!r}, {0!r} + '2')", "os.chmod({0!r}, 0)"):  # fmt: skip
        assert output(attempt(action.format(str(target)))) != "done"
    assert target.read_text() == "as it was"


@pytest.mark.parametrize(
    "action",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socketpair(type=socket.SOCK_DGRAM)",
        "socket.create_connection(('127.0.0.1', 80), 1)",
    ],
)
def test_sockets(output, action):
    assert output(attempt(action)) in ("PermissionError", "OSError")


@pytest.mark.parametrize(
    "action",
    [
        "os.kill(os.getppid(), signal.SIGKILL)",
        "os.kill(os.getppid(), signal.SIGSTOP)",
        "os.kill(-1, signal.SIGKILL)",
        "os.killpg(0, signal.SIGKILL)",
        f"os.kill({os.getpid()}, 0)",
        "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)",
        "open(f'/proc/{os.getppid()}/mem', 'r+b')",
        "os.listdir(f'/proc/{os.getppid()}/fd')",
        "os.sched_setaffinity(os.getppid(), [0])",
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "__import__('resource').prlimit(os.getppid(), 0, (0, 0))",
        "__import__('fcntl').fcntl(0, 8, os.getppid())",
    ],
)
def test_the_parent_is_out_of_reach(judge, output, action):
    assert output(attempt(action)) != "done"
    assert judge.judge("print(1)", OK).accepted


@pytest.mark.skipif(sys.platform != "linux", reason="system calls by number")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ptrace", (101, 16, 1, 0, 0)),
        ("process_vm_readv", (310, 1, 0, 0, 0, 0, 0)),
        ("io_uring_setup", (425, 8, 0)),
        ("memfd_create", (319, 0, 0)),
        ("unshare", (272, 0x10000000)),
        ("mount", (165, 0, 0, 0, 0, 0)),
        ("shmget", (29, 0, 4096, 0o1600)),
        ("keyctl", (250, 0, 0)),
        ("bpf", (321, 0, 0, 0)),
        ("fork of the other ABI", (57 | 0x40000000,)),
    ],
)
def test_forbidden_system_calls(output, name, arguments):
    program = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"print(libc.syscall(*{arguments}), ctypes.get_errno())"
    )
    assert output(program) == "-1 1", name


def test_descriptors_of_the_judge_are_not_there(judge, output):
    program = (
        "import os\n"
        "def is_open(fd):\n"
        "    try: os.fstat(fd)\n"
        "    except OSError: return False\n"
        "    return True\n"
        "print([fd for fd in range(1024) if is_open(fd)])"
    )
    assert output(program) == "[0, 1, 2, 3]"
    for fd in range(3, 64):
        program = f"import os\ntry: os.write({fd}, b'x' * 5000)\nexcept OSError: pass\nprint(1)"
        if fd < 8:
            assert judge.judge(program, OK).accepted


def test_a_forged_report_changes_no_verdict(judge):
    forged = 'import os\nos.write(3, b\'{{"line": 7, "memory": true, "value": 1}}\')\n{}'
    problem = OK.model_copy(update={"time_limit_s": 1.0})
    assert not judge.judge(forged.format("os._exit(1)"), problem).accepted
    assert not judge.judge(forged.format("print(2); os.close(3)"), problem).accepted


def test_a_closed_output_is_no_hang(judge):
    program = "import os, time\nfor fd in range(4): os.close(fd)\ntime.sleep(60)"
    problem = OK.model_copy(update={"time_limit_s": 0.1})
    assert judge.judge(program, problem).verdict is Verdict.TIME_LIMIT


def test_another_runs_files_are_gone(judge):
    write = (
        "import os\ntry:\n    os.makedirs('a/b'); open('a/b/note', 'w').write('1')\n"
        "    open('json.py', 'w').write('x = 1'); os.symlink('/usr', 'link')\n"
        "except OSError: pass\nprint(1)"
    )
    look = "import os, json\nprint(len(os.listdir()) or 1)\njson.dumps(1)"
    for program in (write, look) * 3:
        assert judge.judge(program, OK).accepted


def test_a_full_work_folder_is_emptied(judge):
    fill = (
        "i = 0\ntry:\n    while True:\n        open(str(i), 'wb').write(bytes(1 << 20)); i += 1\n"
        "except OSError: print(1)"
    )
    problem = OK.model_copy(update={"time_limit_s": 20.0})
    for program in (fill, "import os\nprint(len(os.listdir()) or 1)") * 2:
        assert judge.judge(program, problem).accepted


def test_modules_of_the_work_folder_are_not_imported(judge):
    program = (
        "import sys\ntry: open('fractions2.py', 'w').write('x = 1')\nexcept OSError: pass\n"
        "try: import fractions2\nexcept ImportError: print(1)"
    )
    assert judge.judge(program, OK).accepted


def test_state_does_not_pass_from_run_to_run(judge):
    spoil = (
        "import builtins, json, sys, gc\nprint(1)\nbuiltins.print = None\njson.dumps = None\n"
        "sys.path[:] = []\nsys.modules.clear()\nsys.stdout.flush()\nimport os\nos._exit(0)"
    )
    for _ in range(4):
        judge.judge("import os, sys\n" + spoil, OK)
        assert judge.judge("import json\nprint(json.dumps(1))", OK).accepted


def reachable(prefix: Path, empty: Path) -> str:
    """Shell commands that open the way to `prefix`, in a mount namespace, to every user."""
    closed = [f for f in reversed(prefix.parents) if not f.stat().st_mode & 0o001]
    if not closed:
        return ""
    return (
        f"mount --bind {prefix} {empty} && mount -t tmpfs -o mode=755 none {closed[0]} && "
        f"mkdir -p {prefix} && mount --bind {empty} {prefix} &&"
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another")
def test_an_ordinary_user(tmp_path):
    """The same, started by a user who is not root, with an interpreter that user can read."""
    if not Path("/proc/self/ns/mnt").exists():
        pytest.skip("needs mount namespaces")
    script = (
        "from reference.judge import Judge\n"
        "from reference.judge.tiers import candidates\n"
        "from reference.protocol import Problem, Test\n"
        "import os\n"
        "assert os.getuid() == 65534\n"
        "problem = Problem(tests=(Test(name='a', input='2', output='4'),), time_limit_s=0.3)\n"
        "for tier in ('bubblewrap', 'landlock'):\n"
        "    with Judge(1, sandboxes=[s for s in candidates() if s.tier == tier]) as judge:\n"
        "        if judge.tier is None: print(tier, 'none', judge.reason); continue\n"
        "        for program in ('print(int(input()) * 2)', 'while True: pass',\n"
        "                        'import os; os.fork()', 'open(\"/etc/passwd\")',\n"
        "                        'import os; os.kill(os.getppid(), 9)',\n"
        "                        'print(open(\"/dev/stdin\").read() and 4)',\n"
        "                        'import threading\\n'\n"
        "                        'threading.Thread(target=print, args=(4,)).start()'):\n"
        "            print(tier, judge.judge(program, problem).verdict.value)\n"
    )
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    repository = Path(__file__).resolve().parents[3]
    interpreter = os.path.realpath(sys.executable)
    command = (
        f"{reachable(Path(sys.base_prefix), tmp_path)} exec setpriv --reuid 65534 --regid 65534 "
        f'--clear-groups env PYTHONPATH={repository}:{packages} {interpreter} -c "$0"'
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", command, script],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = ["accepted", "time_limit", "runtime_error", "runtime_error", "runtime_error",
                "accepted", "accepted"]  # fmt: skip
    for tier in ("bubblewrap", "landlock"):
        lines = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(tier)]
        assert lines in (expected, ["none"])
