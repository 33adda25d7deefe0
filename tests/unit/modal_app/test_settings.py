import os
from pathlib import Path

import pytest

from modal_app.settings import DeploymentSettings, SettingsError


def test_defaults_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert DeploymentSettings.from_environment() == DeploymentSettings()
    assert DeploymentSettings().environment() == {}


def test_the_environment_carries_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = DeploymentSettings(
        gpu="L40S",
        cpu=2.5,
        memory_mib=4096,
        min_containers=1,
        max_containers=9,
        scaledown_window_s=30,
        startup_timeout_s=900,
        request_timeout_s=60,
        max_requests=8,
        target_requests=4,
        region="eu",
        problems=(Path("/a b"), Path("/c")),
        problems_volume="school",
        adapter=Path("/adapter"),
        base_model=Path("/base"),
    )
    variables = settings.environment()
    assert len(variables) == len(DeploymentSettings.model_fields)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert DeploymentSettings.from_environment() == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GPU", "T44"),
        ("MAX_CONTAINERS", "none"),
        ("MAX_CONTAINERS", "0"),
        ("SCALEDOWN_WINDOW_S", "1"),
        ("REQUEST_TIMEOUT_S", "200"),
        ("GPUS", "T4"),
    ],
)
def test_what_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"WPC_MODAL_{name}", value)
    with pytest.raises(SettingsError, match=f"WPC_MODAL_{name}: "):
        DeploymentSettings.from_environment()


def test_folders_have_other_places_in_the_container() -> None:
    folders = (Path("here/a"), Path("there/b"))
    settings = DeploymentSettings(gpu="L4", problems=folders, adapter=Path("c"))
    inside = settings.in_container()
    assert inside.environment() == {
        "WPC_MODAL_GPU": "L4",
        "WPC_MODAL_PROBLEMS": os.pathsep.join(["/root/problems/0", "/root/problems/1"]),
    }
