"""Imports point one way, so that each part can be used without the others."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("reference", "modal_app", "server")
ALLOWED = {
    "reference": ("reference",),
    "modal_app": ("modal_app", "reference"),
    "server": ("server", "reference.protocol"),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module is not None
            yield node.module


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_only_what_it_may(part: str) -> None:
    files = [path for path in (ROOT / part).rglob("*.py") if "catalog" not in path.parts]
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.split(".")[0] in PARTS
        and not any(name == one or name.startswith(f"{one}.") for one in ALLOWED[part])
    ]
    assert not wrong


def test_only_the_deployment_imports_modal() -> None:
    importing = {
        path.relative_to(ROOT).as_posix()
        for part in PARTS
        for path in (ROOT / part).rglob("*.py")
        if "catalog" not in path.parts
        for name in imported(path)
        if name.split(".")[0] == "modal"
    }
    assert importing == {"modal_app/deploy.py"}


def test_the_protocol_loads_nothing_heavy() -> None:
    script = "import sys, reference.protocol; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.split())
    assert "pydantic" in loaded
    assert not loaded & {"fastapi", "httpx", "lsprotocol", "pygls", "rich", "torch", "uvicorn"}
