"""What `modal deploy -m modal_app.deploy` asks of Modal, to the letter."""

import json
import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from modal_proto import api_pb2 as pb

from .conftest import ROOT, Altered
from .standin import ControlPlane, DeployedClass

SHIPPED = ROOT / "reference" / "model" / "weights" / "gpu" / "base.json"
SOURCE = ("/root/reference/", "/root/modal_app/")


def summary(deployed: DeployedClass) -> dict[str, Any]:
    """Return what matters of a definition: price, speed, and who may call it."""
    function = deployed.function
    web = function.method_definitions["web"].webhook_config
    return {
        "module": function.module_name,
        "gpu": (function.resources.gpu_config.gpu_type, function.resources.gpu_config.count),
        "milli_cpu": function.resources.milli_cpu,
        "memory_mib": function.resources.memory_mb,
        "memory_snapshot": function.checkpointing_enabled,
        "experimental_options": dict(function.experimental_options),
        "min_containers": function.autoscaler_settings.min_containers,
        "max_containers": function.autoscaler_settings.max_containers,
        "scaledown_window_s": function.autoscaler_settings.scaledown_window,
        "startup_timeout_s": function.startup_timeout_secs,
        "timeout_s": function.timeout_secs,
        "max_requests": function.max_concurrent_inputs,
        "target_requests": function.target_concurrent_inputs,
        "methods": sorted(function.method_definitions),
        "webhook": pb.WebhookType.Name(web.type),
        "requires_proxy_auth": web.requires_proxy_auth,
        "regions": list(function.scheduler_placement.regions),
        "volumes": deployed.volumes,
        "secrets": list(function.secret_ids),
    }


EXPECTED = {
    "module": "modal_app.deploy",
    "gpu": ("T4", 1),
    "milli_cpu": 4000,
    "memory_mib": 8192,
    "memory_snapshot": True,
    "experimental_options": {"enable_gpu_snapshot": "True"},
    "min_containers": 0,
    "max_containers": 4,
    "scaledown_window_s": 120,
    "startup_timeout_s": 600,
    "timeout_s": 120,
    "max_requests": 32,
    "target_requests": 16,
    "methods": ["web"],
    "webhook": "WEBHOOK_TYPE_ASGI_APP",
    "requires_proxy_auth": True,
    "regions": [],
    "volumes": {},
    "secrets": [],
}


def deploy(
    plane: ControlPlane, *, root: Path = ROOT, environment: dict[str, str] | None = None
) -> DeployedClass:
    result = plane.run(
        "modal", "deploy", "-m", "modal_app.deploy", cwd=root, environment=environment
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return plane.handlers.deployed_class("Endpoint")


def test_the_class_is_defined_exactly(deployed: DeployedClass) -> None:
    assert summary(deployed) == EXPECTED


def test_the_app_is_published_under_its_name(plane: ControlPlane, deployed: DeployedClass) -> None:
    published = plane.handlers.layout
    assert published is not None
    assert published.name == "wpc"
    assert dict(published.function_ids) == {"Endpoint.*": deployed.function_id}
    assert list(published.class_ids) == ["Endpoint"]


def test_the_image_installs_pinned_packages_and_the_settings(deployed: DeployedClass) -> None:
    base, requirements, environment, closed, *_ = deployed.layers
    assert base[0].startswith("FROM python:3.11.")
    assert "RUN python -m pip install -r /.requirements.txt" in requirements
    assert environment == [
        "FROM base",
        "ENV TORCHINDUCTOR_COMPILE_THREADS=1",
        "ENV PYTHONUNBUFFERED=1",
        "ENV WPC_DISPOSABLE_CONTAINER=1",
    ]
    assert closed == ["FROM base", "RUN chmod 700 /root"]
    lines = (ROOT / "modal_app" / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"[a-z0-9_.-]+==[0-9][0-9a-z.]*", pin) for pin in pins)


def test_the_image_holds_the_engine_and_the_bank_and_nothing_else(deployed: DeployedClass) -> None:
    files = deployed.files
    metadata = f"/root/wpc_lsp-{version('wpc-lsp')}.dist-info/METADATA"
    assert [file for file in files if not file.startswith(SOURCE)] == [metadata]
    for held in (
        "/root/modal_app/deploy.py",
        "/root/modal_app/service.py",
        "/root/reference/wpc.py",
        "/root/reference/judge/inside/zygote.py",
    ):
        assert held in files
    catalog = ROOT / "reference" / "problems" / "catalog"
    shipped = {path.relative_to(ROOT) for path in catalog.rglob("*.in")}
    assert shipped
    assert {f"/root/{path}" for path in shipped} <= set(files)
    parts = {part for file in files for part in Path(file).parts}
    assert not parts & {".git", ".env", ".venv", "shared", "__pycache__", "server"}
    assert not [file for file in files if re.search(r"\.(pyc|pem|key|jsonl)$", file)]


def test_settings_and_a_schools_problems_come_along(plane: ControlPlane, tmp_path: Path) -> None:
    first, second = tmp_path / "week-1", tmp_path / "week-2"
    for folder in (first / "adding_up", second / "largest"):
        folder.mkdir(parents=True)
        (folder / "problem.toml").write_text('title = "A problem"\n')
    deployed = deploy(
        plane,
        environment={
            "WPC_MODAL_GPU": "L4",
            "WPC_MODAL_MIN_CONTAINERS": "1",
            "WPC_MODAL_REGION": "eu",
            "WPC_MODAL_SCALEDOWN_WINDOW_S": "300",
            "WPC_MODAL_PROBLEMS": f"{first}{os.pathsep}{second}",
            "WPC_MODAL_PROBLEMS_VOLUME": "school-problems",
        },
    )
    assert summary(deployed) == EXPECTED | {
        "gpu": ("L4", 1),
        "min_containers": 1,
        "regions": ["eu"],
        "scaledown_window_s": 300,
        "volumes": {"/root/volume-problems": ("school-problems", True)},
    }
    assert "/root/problems/0/adding_up/problem.toml" in deployed.files
    assert "/root/problems/1/largest/problem.toml" in deployed.files
    environment = deployed.layers[2]  # the container must see the same settings
    assert "ENV WPC_MODAL_GPU=L4" in environment
    assert f"ENV WPC_MODAL_PROBLEMS=/root/problems/0{os.pathsep}/root/problems/1" in environment
    assert "ENV WPC_MODAL_PROBLEMS_VOLUME=school-problems" in environment


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """Return the folder of an adapter, as training leaves it."""
    folder = tmp_path / "adapter"
    folder.mkdir()
    origin = {"repository": "someone/a-base", "revision": "0123abc"}
    (folder / "base.json").write_text(json.dumps(origin))
    for name in ("adapter.safetensors", "shape.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    return folder


def test_the_image_merges_the_base_model_at_its_revision(
    plane: ControlPlane, adapter: Path
) -> None:
    deployed = deploy(plane, environment={"WPC_MODAL_ADAPTER": str(adapter)})
    assert summary(deployed) == EXPECTED
    assert "/root/adapter/adapter.safetensors" in deployed.files
    *_, download, _, _, compiled, merge, environment = deployed.layers
    assert download[1].startswith(
        "RUN hf download someone/a-base --revision 0123abc --local-dir /root/base-model "
    )
    assert compiled[1:] == ["RUN python -m compileall -q /root/reference /root/modal_app"]
    assert merge[1:] == [
        "RUN PYTHONPATH=/root python -m reference.model.gpu.merge "
        "/root/gpu-model --base /root/base-model --adapter /root/adapter"
    ]
    assert environment[1:] == ["ENV WPC_GPU_MODEL=/root/gpu-model"]


@pytest.mark.skipif(not SHIPPED.exists(), reason="no adapter is shipped")
def test_the_shipped_adapter_is_merged(deployed: DeployedClass) -> None:
    origin = json.loads(SHIPPED.read_text())
    commands = [line for layer in deployed.layers for line in layer]
    (download,) = [line for line in commands if "hf download" in line]
    assert f"{origin['repository']} --revision {origin['revision']} " in download
    (merge,) = [line for line in commands if "reference.model.gpu.merge" in line]
    assert "--adapter" not in merge
    assert "/root/reference/model/weights/gpu/adapter.safetensors" in deployed.files


def test_a_base_model_of_ones_own_is_copied_and_not_downloaded(
    plane: ControlPlane, adapter: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "model.safetensors").write_text("")
    variables = {"WPC_MODAL_ADAPTER": str(adapter), "WPC_MODAL_BASE_MODEL": str(base)}
    deployed = deploy(plane, environment=variables)
    assert "/root/base-model/model.safetensors" in deployed.files
    commands = [line for layer in deployed.layers for line in layer]
    assert not [line for line in commands if "hf download" in line]
    assert [line for line in commands if "reference.model.gpu.merge" in line]


def test_a_gpu_that_modal_lacks_stops_the_deployment(plane: ControlPlane) -> None:
    command = ("modal", "deploy", "-m", "modal_app.deploy")
    result = plane.run(*command, cwd=ROOT, environment={"WPC_MODAL_GPU": "T44"})
    assert result.returncode != 0
    assert "WPC_MODAL_GPU" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("written", "instead", "changed"),
    [
        ("gpu=settings.gpu", 'gpu="T44"', {"gpu": ("T44", 1)}),
        ("requires_proxy_auth=True", "", {"requires_proxy_auth": False}),
        (
            '"enable_gpu_snapshot"',
            '"gpu_snapshot"',
            {"experimental_options": {"gpu_snapshot": "True"}},
        ),
    ],
)
def test_a_slip_in_the_definition_is_seen(
    plane: ControlPlane, altered: Altered, written: str, instead: str, changed: dict[str, Any]
) -> None:
    """Modal's client lets each of these pass; the exact comparison above must not."""
    assert summary(deploy(plane, root=altered(written, instead))) == EXPECTED | changed
