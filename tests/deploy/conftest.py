import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("modal", reason="needs the `modal` extra")

from .standin import ControlPlane, DeployedClass

ROOT = Path(__file__).parents[2]

Altered = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def plane() -> Iterator[ControlPlane]:
    with ControlPlane() as plane:
        yield plane


@pytest.fixture(scope="module")
def deployed(plane: ControlPlane) -> DeployedClass:
    """The endpoint's class, as `modal deploy` with default settings asks for it."""
    result = plane.run("modal", "deploy", "-m", "modal_app.deploy", cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert plane.handlers.unhandled == []
    return plane.handlers.deployed_class("Endpoint")


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """Return a function that copies `modal_app` with one place of `deploy.py` changed."""

    def alter(written: str, instead: str) -> Path:
        package = tmp_path / "modal_app"  # found before the one it was copied from
        shutil.copytree(ROOT / "modal_app", package, ignore=shutil.ignore_patterns("__pycache__"))
        deploy = package / "deploy.py"
        source = deploy.read_text()
        assert source.count(written) == 1
        deploy.write_text(source.replace(written, instead))
        return tmp_path

    return alter
