"""How long `wpc-lsp --check` takes over a folder: first, and again when nothing has changed.

The last run has to start the local endpoint as well, to learn that it is still the same engine.

    python tests/benchmarks/check_folder.py [--files 1000] [--jobs 2]

The programs are accepted ones of the shipped catalog, so the first run measures judging and the
second the reading of the cache. The local endpoint and the cache are the benchmark's own.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from modal_app.local import end_running
from modal_app.registry import Registry
from reference.problems import catalog_path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home, folder = Path(temporary, "home"), Path(temporary, "programs")
        home.mkdir(mode=0o700)
        write_programs(folder, arguments.files)
        os.environ |= {"XDG_RUNTIME_DIR": str(home), "XDG_CACHE_HOME": str(home)}
        program = Path(sys.executable).with_name("wpc-lsp")
        command = [str(program), "--check", f"--jobs={arguments.jobs}"]
        print(f"{arguments.files} programs, {arguments.jobs} jobs, {platform.platform()}")
        print(f"{'run':<24}{'seconds':>10}{'files/s':>10}")
        try:
            for run in ("first", "unchanged", "unchanged", "unchanged, from cold"):
                if run.endswith("from cold"):
                    end_running(Registry())
                begun = time.perf_counter()
                result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
                seconds = time.perf_counter() - begun
                print(f"{run:<24}{seconds:>10.2f}{arguments.files / seconds:>10.0f}")
                if result.returncode:
                    print(result.stderr)
        finally:
            end_running(Registry())


def write_programs(folder: Path, count: int) -> None:
    """Write accepted programs, no two alike, into a folder for each problem."""
    solutions = sorted(catalog_path().glob("*/solutions/*.py"))
    for number, solution in enumerate(islice(cycle(solutions), count)):
        file = folder / solution.parent.parent.name / f"{number:04}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {number}\n{solution.read_text(encoding='utf-8')}", encoding="utf-8")


if __name__ == "__main__":
    main()
