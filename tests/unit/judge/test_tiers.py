"""Which sandbox is taken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reference.judge import Judge, landlock
from reference.judge.tiers import Bubblewrap
from reference.protocol import Problem, Verdict

REPOSITORY = Path(__file__).resolve().parents[3]
SAY_TIER = "from reference.judge import Judge\nwith Judge(1) as judge: print(judge.tier)"


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can give up the right to make namespaces",
)
def test_where_namespaces_are_forbidden_landlock_is_taken():
    if landlock.version() == 0:
        pytest.skip("this kernel has no Landlock")
    command = ["setpriv", "--bounding-set", "-sys_admin", sys.executable, "-c", SAY_TIER]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "landlock\n"


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
@pytest.mark.parametrize("executable", ["/nonexistent/bwrap", "/bin/false", "/bin/cat"])
def test_a_sandbox_that_does_not_work_is_not_taken(executable):
    with Judge(1, sandboxes=[Bubblewrap(Path(executable))]) as judge:
        assert judge.tier is None
        assert "bubblewrap: " in judge.reason
        (run,) = judge.run_all("print(1)", Problem(), [""])
        assert run.verdict is Verdict.NOT_JUDGED
