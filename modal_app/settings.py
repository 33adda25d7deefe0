"""How the endpoint is put on Modal: every choice that is a user's to make."""

import os
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

Gpu = Literal["T4", "L4", "A10", "L40S", "A100-40GB", "A100-80GB", "H100", "H200", "B200"]
GPUS: tuple[str, ...] = get_args(Gpu)

PREFIX = "WPC_MODAL_"
# All under the home folder of root, which no program that is judged can enter.
BUILT_IN_PROBLEMS = Path("/root/problems")
VOLUME_PROBLEMS = Path("/root/volume-problems")
ADAPTER = Path("/root/adapter")
BASE_MODEL = Path("/root/base-model")
GPU_MODEL = Path("/root/gpu-model")


class SettingsError(Exception):
    """A setting that cannot be; the message names it and says what it may be."""


class DeploymentSettings(BaseModel):
    """What `modal_app.deploy` reads, each from the environment variable `WPC_MODAL_` + its name.

    Parameters
    ----------
    gpu
        Modal deploys whatever name it is given and fails later, so the name is checked here.
    cpu, memory_mib
        Reserved for the judge, which runs programs beside the model. Cores, and MiB.
    min_containers
        Kept running when nobody asks, at the price of a GPU all day.
    max_containers
        The most that run at once; further requests wait, then get 429.
    scaledown_window_s
        Seconds without a request until a container ends. They are billed.
    startup_timeout_s
        For the run that ends in the snapshot: loading, capture of CUDA graphs, warm-up.
    request_timeout_s
        For one request. The engine's own time budget is at most 30 s.
    max_requests, target_requests
        At once in one container: the limit, and the number at which another one is started.
    region
        Such as `eu` or `ap`; costs more than leaving it to Modal.
    problems
        Folders of problems beside the catalog, copied into the image. In the environment,
        separated like `PATH`.
    problems_volume
        Name of a Modal Volume that holds further problems, read at the start of a container.
    adapter
        Folder of a trained adapter, in place of the one that ships with the package.
    base_model
        Folder of the model that the adapter is for, in place of a download at image build.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gpu: Gpu = "T4"
    cpu: float = Field(default=4.0, gt=0, le=64)
    memory_mib: int = Field(default=8192, ge=1024)
    min_containers: int = Field(default=0, ge=0)
    max_containers: int = Field(default=4, ge=1)
    scaledown_window_s: int = Field(default=120, ge=2, le=1200)
    startup_timeout_s: int = Field(default=600, ge=10)
    request_timeout_s: int = Field(default=120, ge=35, le=150)
    max_requests: int = Field(default=32, ge=1)
    target_requests: int = Field(default=16, ge=1)
    region: str | None = None
    problems: tuple[Path, ...] = ()
    problems_volume: str | None = None
    adapter: Path | None = None
    base_model: Path | None = None

    @field_validator("problems", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @classmethod
    def from_environment(cls) -> "DeploymentSettings":
        """Return the settings that the environment asks for.

        Raises
        ------
        SettingsError
            One of them cannot be, or is not known.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in os.environ.items()
            if name.startswith(PREFIX)
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            faults = (f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise SettingsError("; ".join(faults)) from None

    def environment(self) -> dict[str, str]:
        """Return the variables that `from_environment` reads these settings from."""
        variables = {
            f"{PREFIX}{name.upper()}": str(value)
            for name, value in self.model_dump(exclude_defaults=True, exclude={"problems"}).items()
        }
        if self.problems:
            variables[f"{PREFIX}PROBLEMS"] = os.pathsep.join(map(str, self.problems))
        return variables

    def in_container(self) -> "DeploymentSettings":
        """Return the settings as the container sees them, where folders have other places."""
        built_in = tuple(BUILT_IN_PROBLEMS / str(n) for n in range(len(self.problems)))
        return self.model_copy(update={"problems": built_in, "adapter": None, "base_model": None})
