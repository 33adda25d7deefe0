"""`wpc-engine modal …` against the stand-in, with the mistakes people make."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import grpclib
import pytest

from .standin import ControlPlane

ENGINE = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; from modal_app.cli import main; main()"
)


@pytest.fixture
def plane() -> Iterator[ControlPlane]:
    with ControlPlane() as plane:
        yield plane


def engine(
    plane: ControlPlane, *arguments: str, cwd: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", ENGINE, "modal", *arguments],
        cwd=cwd,
        env=plane.environment() | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_deploys_and_looks_after_what_is_deployed(plane: ControlPlane, tmp_path: Path) -> None:
    school = tmp_path / "school"
    for file in ("adding_up/problem.toml", ".git/config", "adding_up/.env"):
        (school / file).parent.mkdir(parents=True, exist_ok=True)
        (school / file).write_text('title = "Adding up"\n')
    for name in ("modal", "modal_app", "reference"):  # the user's own, never to be imported
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('imported {name}')\n")
    deployed = engine(
        plane,
        "deploy",
        "--gpu",
        "L4",
        "--problems",
        "school",
        "--max-containers",
        "2",
        cwd=tmp_path,
    )
    assert deployed.returncode == 0, deployed.stderr
    endpoint = plane.handlers.deployed_class("Endpoint")
    assert endpoint.function.resources.gpu_config.gpu_type == "L4"
    assert endpoint.function.autoscaler_settings.max_containers == 2
    held = [file for file in endpoint.files if file.startswith("/root/problems/")]
    assert held == ["/root/problems/0/adding_up/problem.toml"]

    url = engine(plane, "url", cwd=tmp_path)
    assert (url.returncode, url.stdout) == (0, "https://school--wpc-web.modal.run\n"), url.stderr
    settings = tmp_path / "settings"
    for _ in range(2):
        used = engine(plane, "use", cwd=tmp_path, XDG_CONFIG_HOME=str(settings))
        assert used.returncode == 0, used.stderr
    (written,) = settings.rglob("config.toml")
    assert written.read_text() == '[endpoint]\nurl = "https://school--wpc-web.modal.run"\n'
    assert written.stat().st_mode & 0o077 == 0
    with_token = '[endpoint]\nurl = "https://another.example"\ntoken = "for that one"\n'
    written.write_text(with_token)
    refused = engine(plane, "use", cwd=tmp_path, XDG_CONFIG_HOME=str(settings))
    assert refused.returncode == 1
    assert 'Write `url = "https://school--wpc-web.modal.run"`' in refused.stderr
    assert written.read_text() == with_token
    status = engine(plane, "status", cwd=tmp_path)
    assert status.returncode == 0
    assert "deployed" in status.stdout
    logs = engine(plane, "logs", cwd=tmp_path)
    assert logs.returncode == 0
    assert "sandbox bubblewrap" in logs.stdout
    assert plane.handlers.unhandled == []


@pytest.mark.parametrize("command", ["status", "url", "logs", "use"])
def test_nothing_deployed_is_said(plane: ControlPlane, tmp_path: Path, command: str) -> None:
    result = engine(plane, command, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Run `wpc-engine modal deploy`" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["deploy", "url"])
def test_a_missing_token_is_said(plane: ControlPlane, tmp_path: Path, command: str) -> None:
    result = engine(plane, command, cwd=tmp_path, MODAL_TOKEN_ID="", MODAL_TOKEN_SECRET="")
    assert result.returncode == 1
    assert "`modal token new`" in result.stderr.splitlines()[-1]


def test_an_empty_account_is_said(plane: ControlPlane, tmp_path: Path) -> None:
    plane.handlers.refusal = grpclib.GRPCError(
        grpclib.Status.RESOURCE_EXHAUSTED, "Workspace has reached its spend limit"
    )
    result = engine(plane, "url", cwd=tmp_path)
    assert result.returncode == 1
    assert "nothing left to spend" in result.stderr


def test_another_version_of_the_client_is_said(plane: ControlPlane, tmp_path: Path) -> None:
    (tmp_path / "modal-1.0.0.dist-info").mkdir()
    (tmp_path / "modal-1.0.0.dist-info" / "METADATA").write_text("Name: modal\nVersion: 1.0.0\n")
    result = engine(plane, "status", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert f"needs modal {version('modal')} and found 1.0.0" in result.stderr
    assert "pip install 'wpc-lsp[modal]'" in result.stderr
