import logging
from pathlib import Path

import pytest

from modal_app.model import best_model
from reference.model import load_model


def test_without_a_gpu_the_small_model_is_taken_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WPC_GPU_MODEL", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with caplog.at_level(logging.WARNING, "wpc.endpoint"):
        model = best_model()
    assert "WPC_GPU_MODEL is not used" in caplog.text
    small = load_model()
    assert (model and model.name) == (small and small.name)
