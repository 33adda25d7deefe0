"""An engine that may answer otherwise has another digest."""

from pathlib import Path

import pytest

from reference.digest import engine_digest
from reference.wpc import WPC


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in ("repair.py", "model/weights/model.onnx", "__pycache__/repair.pyc"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"1")
    return tmp_path


@pytest.mark.parametrize("name", ["repair.py", "model/weights/model.onnx", "new.py"])
def test_a_change_of_code_or_weights_changes_it(package: Path, name: str) -> None:
    before = engine_digest(package)
    (package / name).write_bytes(b"2")
    assert engine_digest(package) != before


def test_what_python_leaves_behind_does_not_change_it(package: Path) -> None:
    before = engine_digest(package)
    (package / "__pycache__" / "repair.pyc").write_bytes(b"2")
    assert engine_digest(package) == before


def test_the_engine_says_it() -> None:
    with WPC() as engine:
        assert engine.health().digest == engine_digest()
