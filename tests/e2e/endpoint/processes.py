"""How the tests reach real processes of `wpc-engine` and of the local endpoint."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx

from modal_app.registry import Registry

FIND = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; from modal_app.local import main; main()"
)
ENGINE = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; from modal_app.cli import main; main()"
)
SUM: dict[str, Any] = {
    "inline": {
        "tests": [
            {"name": "sample-1", "input": "1 2\n", "output": "3\n", "sample": True},
            {"name": "2", "input": "5 8\n", "output": "13\n"},
        ]
    }
}
RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"


def repair_body(code: str = RIGHT, time_budget_s: float = 10.0) -> dict[str, Any]:
    return {"code": code, "problem": SUM, "options": {"time_budget_s": time_budget_s}}


def client_of(where: dict[str, str]) -> httpx.Client:
    headers = {"authorization": f"Bearer {where['token']}"}
    return httpx.Client(base_url=where["url"], headers=headers, timeout=60, trust_env=False)


def find(**options: Any) -> subprocess.CompletedProcess[str]:
    """Ask for the local endpoint the way the language server does."""
    return subprocess.run(
        [sys.executable, "-c", FIND], capture_output=True, text=True, timeout=120, **options
    )


def found(**options: Any) -> dict[str, str]:
    result = find(**options)
    assert result.returncode == 0, result.stderr
    where = json.loads(result.stdout)
    assert set(where) == {"url", "token"}
    return dict(where)


def ended(registry: Registry) -> None:
    """Wait for the endpoint to end."""
    with registry.life_lock().acquire(timeout=30):
        pass


Serve = Callable[..., tuple[subprocess.Popen[str], dict[str, str]]]
