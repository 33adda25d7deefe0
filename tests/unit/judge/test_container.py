"""The tier for containers that are sandboxes themselves, in one that is none."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from reference.judge.tiers import Container, candidates, executables

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="only root can give programs a user of their own",
)
REPOSITORY = Path(__file__).resolve().parents[3]
# Judges each program given, all at once, and prints what `Judge` says.
SCRIPT = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from reference.judge import Judge
from reference.judge.tiers import Container
from reference.protocol import Problem, Test
jobs = json.load(sys.stdin)
problem = Problem(tests=(Test(name="one", input="1 2\\n", output="3\\n"),), time_limit_s=1)
with Judge(2, sandboxes=[Container()]) as judge, ThreadPoolExecutor(2) as threads:
    if judge.tier is None:
        sys.exit(judge.reason)
    found = list(threads.map(lambda job: judge.judge(job, problem), jobs))
json.dump([[str(j.verdict.value), *(j.runs[0].run.output, j.runs[0].run.stderr)] for j in found],
          sys.stdout)
"""
ATTEMPT = """
import os, signal, socket
try:
    {}
except BaseException as error:
    print(type(error).__name__)
else:
    print("done")
"""


def python() -> list[str]:
    """Return how to start an interpreter that every user can reach, as those of images are."""
    base = Path(sys.base_prefix)
    if all(folder.stat().st_mode & 0o1 for folder in (base, *base.parents)):
        return [sys.executable]
    for bwrap in executables():
        everything = [str(bwrap), "--dev-bind", "/", "/", "--cap-add", "ALL"]
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return [*everything, "--ro-bind", str(base), "/mnt", "--", f"/mnt/bin/{name}"]
    pytest.skip("other users cannot reach this interpreter")


def judged(*programs: str) -> list[tuple[str, str, str]]:
    """Return verdict, output and standard error of each program."""
    packages = os.pathsep.join([str(REPOSITORY), sysconfig.get_path("purelib")])
    done = subprocess.run(
        [*python(), "-c", SCRIPT],
        input=json.dumps(programs),
        env=os.environ | {"PYTHONPATH": packages},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    results: list[Any] = json.loads(done.stdout)
    return [tuple(result) for result in results]


def outcomes(*actions: str) -> set[str]:
    """Return what happens to programs that do these things: `done`, or kinds of exception."""
    return {
        output.strip() or error
        for _, output, error in judged(*(ATTEMPT.format(action) for action in actions))
    }


def test_it_is_taken_only_where_a_container_says_that_it_is_disposable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("WPC_DISPOSABLE_CONTAINER", raising=False)
    assert not any(isinstance(sandbox, Container) for sandbox in candidates())
    monkeypatch.setenv("WPC_DISPOSABLE_CONTAINER", "1")
    *better, last = candidates()
    assert isinstance(last, Container)
    assert {sandbox.tier for sandbox in better} == {"bubblewrap", "landlock"}


def test_programs_are_judged() -> None:
    right = "a, b = map(int, input().split())\nprint(a + b)\n"
    found = judged(right, right.replace("+", "-"), "while True: pass", "import fractions, socket")
    assert [verdict for verdict, _, _ in found] == [
        "accepted",
        "wrong_answer",
        "time_limit",
        "wrong_answer",
    ]


def test_nothing_can_be_left_behind_for_the_next_program() -> None:
    folders = ("/tmp", "/dev/shm", "/var/tmp", ".")
    ways = (
        "open('{0}/left', 'w')",
        "open('{0}/left', 'a')",
        "os.close(os.open('{0}/left', os.O_CREAT | os.O_RDONLY))",
        "os.open('{0}', os.O_TMPFILE | os.O_RDWR)",
        "os.mkdir('{0}/left')",
        "os.symlink('/', '{0}/left')",
        "os.mkfifo('{0}/left')",
    )
    actions = [way.format(folder) for way in ways for folder in folders]
    assert outcomes(*actions) == {"PermissionError"}


def test_files_of_others_can_be_neither_changed_nor_read(tmp_path: Path) -> None:
    public = Path("/tmp") / f"wpc-public-{os.getpid()}"
    public.write_text("as it was")
    tmp_path.chmod(0o700)
    secret = tmp_path / "solution.py"
    secret.write_text("print(42)")
    try:
        public.chmod(0o666)
        ways = ("open({0!r}, 'r+')", "os.truncate({0!r}, 0)", "os.unlink({0!r})")
        actions = [way.format(str(public)) for way in ways]
        assert outcomes(*actions, f"open({str(secret)!r})") == {"PermissionError"}
        assert public.read_text() == "as it was"
    finally:
        public.unlink()


def test_there_is_no_way_out() -> None:
    assert outcomes(
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), signal.SIGKILL)",
        "open(f'/proc/{os.getppid()}/mem', 'rb')",
        f"open('/proc/{os.getpid()}/environ', 'rb')",
        "os.setuid(0)",
    ) == {"PermissionError"}


def test_programs_at_the_same_time_have_different_users() -> None:
    program = "import os, time\ntime.sleep(0.5)\nprint(os.getuid(), os.getgid(), os.getgroups())"
    users = {output for _, output, _ in judged(program, program)}
    assert len(users) == 2
    assert not any(user.startswith("0 ") for user in users)


def test_without_root_it_is_not_taken() -> None:
    script = (
        "import os\nfrom reference.judge import Judge\n"
        "from reference.judge.tiers import Container\n"
        "os.setuid(65534)\n"
        "with Judge(1, sandboxes=[Container()]) as judge: print(judge.tier, judge.reason)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.startswith("None"), done.stderr
    assert "only root" in done.stdout
