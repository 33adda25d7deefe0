"""What CI systems run, as far as it runs without their machines and without a network."""

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import RIGHT, WRONG

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    return loaded


def run_check_step(
    action: dict[str, Any], folder: Path, environment: dict[str, str], **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run the action's last step as a runner does, with the packages that are installed here."""
    values = {name: entry["default"] for name, entry in action["inputs"].items()}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    step = action["runs"]["steps"][-1]
    variables = {
        name: values[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, expression in step["env"].items()
    }
    temporary = folder / "runner"
    (temporary / "wpc").mkdir(parents=True, exist_ok=True)
    (temporary / "wpc" / "bin").symlink_to(Path(sys.executable).parent)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment | variables | {"RUNNER_TEMP": str(temporary)},
        timeout=120,
    )


def test_action_annotates(
    action: dict[str, Any], folder: Path, environment: dict[str, str]
) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    result = run_check_step(action, folder, environment, paths="sums")

    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith("::error title=WPC")


def test_action_passes_options_on_and_runs_nothing_of_them(
    action: dict[str, Any], folder: Path, environment: dict[str, str]
) -> None:
    (folder / "sums" / "a.py").write_text(WRONG)

    result = run_check_step(
        action,
        folder,
        environment,
        args="--exit-zero --ignore $(touch${IFS}run)",
        output_format="sarif",
        output_file="wpc.sarif",
    )

    assert result.returncode == 2
    assert "is no rule" in result.stderr
    assert not (folder / "run").exists()


def test_hooks_are_well_formed() -> None:
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=REPOSITORY,
        check=True,
        timeout=60,
    )


@pytest.mark.parametrize(("id", "status", "after"), [("wpc", 1, WRONG), ("wpc-fix", 1, RIGHT)])
def test_hooks_find_and_fix(
    folder: Path, environment: dict[str, str], id: str, status: int, after: str
) -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    [hook] = [hook for hook in hooks if hook["id"] == id]
    file = folder / "sums" / "a.py"
    file.write_text(WRONG)
    command, *arguments = shlex.split(hook["entry"])

    result = subprocess.run(
        [Path(sys.executable).with_name(command), *arguments, "sums/a.py"],
        capture_output=True,
        cwd=folder,
        env=environment,
        timeout=120,
    )

    assert result.returncode == status
    assert file.read_text() == after
