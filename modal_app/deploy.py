"""The endpoint on Modal: `wpc-engine modal deploy`, or `modal deploy -m modal_app.deploy`.

The only file that imports modal. It runs twice: here, where it describes the deployment, and in
the container, where the class is started.
"""

import json
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from shlex import quote

import modal
from fastapi import FastAPI

from modal_app.container import Container
from modal_app.model import GPU_MODEL_VARIABLE
from modal_app.service import create_app
from modal_app.settings import (
    ADAPTER,
    BASE_MODEL,
    BUILT_IN_PROBLEMS,
    GPU_MODEL,
    VOLUME_PROBLEMS,
    DeploymentSettings,
)
from reference.judge.tiers import DISPOSABLE
from reference.model.repair_model import WEIGHTS

APP = "wpc"
PYTHON = "3.11"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PACKAGES = ("reference", "modal_app")
SHIPPED_ADAPTER = WEIGHTS / "gpu"
BASE_MODEL_FILES = ("config.json", "tokenizer.json", "*.safetensors")
NO_PROBLEM = ["**/.*", "**/__pycache__"]  # a folder of problems is often a git repository

settings = DeploymentSettings.from_environment()
app = modal.App(APP, include_source=False)


def _image() -> modal.Image:
    """Return the image: pinned packages, settings, problems, and last what changes most often.

    Copied into layers, not mounted, since a snapshot must find the files it was made with.
    """
    image = (
        modal.Image.debian_slim(python_version=PYTHON)
        .pip_install_from_requirements(str(REQUIREMENTS))
        .env(
            {
                # Inductor's compile workers are child processes, which spoil a snapshot.
                "TORCHINDUCTOR_COMPILE_THREADS": "1",
                "PYTHONUNBUFFERED": "1",
                DISPOSABLE: "1",
                **settings.in_container().environment(),
            }
        )
        .run_commands("chmod 700 /root")  # programs that are judged are not root
    )
    for number, folder in enumerate(settings.problems):
        place = str(BUILT_IN_PROBLEMS / str(number))
        image = image.add_local_dir(folder, place, copy=True, ignore=NO_PROBLEM)
    if settings.adapter is not None:
        image = image.add_local_dir(settings.adapter, str(ADAPTER), copy=True)
    origin = (settings.adapter or SHIPPED_ADAPTER) / "base.json"
    has_model = origin.exists()
    if has_model:
        image = _with_base_model(image, origin)
    image = image.add_local_file(*_metadata(), copy=True)
    image = image.add_local_python_source(*PACKAGES, copy=True, ignore=[])
    # pip compiles what it installs; what is copied would be compiled at every start.
    folders = " ".join(f"/root/{package}" for package in PACKAGES)
    image = image.run_commands(f"python -m compileall -q {folders}")
    return _with_gpu_model(image) if has_model else image


def _with_base_model(image: modal.Image, origin: Path) -> modal.Image:
    """Add the model that the adapter is for, in a layer of its own: it is large, and stays."""
    if settings.base_model is not None:
        return image.add_local_dir(settings.base_model, str(BASE_MODEL), copy=True)
    base = json.loads(origin.read_text(encoding="utf-8"))
    wanted = " ".join(f"--include '{name}'" for name in BASE_MODEL_FILES)
    return image.run_commands(
        f"hf download {quote(base['repository'])} --revision {quote(base['revision'])} "
        f"--local-dir {BASE_MODEL} {wanted}"
    )


def _with_gpu_model(image: modal.Image) -> modal.Image:
    """Merge base and adapter, so that a container reads one file straight to the GPU."""
    command = f"python -m reference.model.gpu.merge {GPU_MODEL} --base {BASE_MODEL}"
    if settings.adapter is not None:
        command += f" --adapter {ADAPTER}"
    return image.run_commands(f"PYTHONPATH=/root {command}").env(
        {GPU_MODEL_VARIABLE: str(GPU_MODEL)}
    )


def _metadata() -> tuple[Path, str]:
    """Return the file that tells the distribution's version, and its place in the image."""
    wpc = distribution("wpc-lsp")
    file = next(file for file in wpc.files or () if file.name == "METADATA")
    return Path(str(file.locate())), f"/root/{file.parent.name}/METADATA"


def _volumes() -> dict[str | PurePosixPath, modal.Volume | modal.CloudBucketMount]:
    if settings.problems_volume is None:
        return {}
    volume = modal.Volume.from_name(settings.problems_volume)
    return {str(VOLUME_PROBLEMS): volume.with_mount_options(read_only=True)}


@app.cls(
    image=_image() if modal.is_local() else None,
    gpu=settings.gpu,
    cpu=settings.cpu,
    memory=settings.memory_mib,
    volumes=_volumes(),
    min_containers=settings.min_containers,
    max_containers=settings.max_containers,
    scaledown_window=settings.scaledown_window_s,
    startup_timeout=settings.startup_timeout_s,
    timeout=settings.request_timeout_s,
    region=settings.region,
    enable_memory_snapshot=True,
    experimental_options={"enable_gpu_snapshot": True},
)
@modal.concurrent(max_inputs=settings.max_requests, target_inputs=settings.target_requests)
class Endpoint:
    """The endpoint in a container of Modal."""

    @modal.enter(snap=True)
    def load(self) -> None:
        """Load what the snapshot keeps."""
        self._container = Container(settings)
        self._container.load()

    @modal.enter(snap=False)
    def open(self) -> None:
        """Open what the snapshot must not keep."""
        self._engine = self._container.open()

    @modal.exit()
    def close(self) -> None:
        """End the engine's and the judge's processes."""
        self._engine.close()

    @modal.asgi_app(requires_proxy_auth=True)
    def web(self) -> FastAPI:
        """Serve; Modal's proxy has checked the caller's token."""
        return create_app(self._engine, threads=self._container.at_once)


def url() -> str:
    """Return where the deployed endpoint is.

    Raises
    ------
    modal.exception.Error
        It is not deployed, or Modal does not answer.
    """
    endpoint = modal.Cls.from_name(APP, Endpoint.__name__)
    address: str = endpoint().web.get_web_url()
    return address
