from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="training needs the extra `train`", exc_type=ImportError
)
onnx = pytest.importorskip("onnx", reason="training needs the extra `train`", exc_type=ImportError)

import json  # noqa: E402

from reference.model.cpu import OnnxRuntime  # noqa: E402
from reference.model.network import Network, Shape  # noqa: E402
from reference.training.export import build_graph, write_model  # noqa: E402
from reference.training.generate import TorchRuntime  # noqa: E402
from reference.training.rounding import round_weights  # noqa: E402

SHAPE = Shape(
    vocabulary=448,
    width=64,
    hidden=96,
    layers=2,
    heads=4,
    kv_heads=2,
    rope_base=1e4,
    norm_epsilon=1e-5,
)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_the_exported_graph_scores_as_the_network_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Network(SHAPE)
    write_model(build_graph(network), tmp_path)
    (tmp_path / "shape.json").write_text(json.dumps(asdict(SHAPE)))
    round_weights(network)
    runtimes = [TorchRuntime(network), OnnxRuntime(tmp_path, threads=1)]
    prompt = [5, 200, 7, 300, 9]
    states, scores = zip(*(runtime.prefill(prompt) for runtime in runtimes), strict=True)
    assert correlation(*scores) > 0.999
    for parents, tokens in (([0, 0, 0], [20, 30, 40]), ([2, 0], [50, 60]), ([1, 0], [70, 71])):
        states, scores = zip(
            *(
                runtime.step(state, np.array(parents), np.array(tokens))
                for runtime, state in zip(runtimes, states, strict=True)
            ),
            strict=True,
        )
        assert correlation(*scores) > 0.999


def test_what_a_prompt_has_in_common_with_the_last_one_changes_nothing(tmp_path: Path) -> None:
    torch.manual_seed(0)
    write_model(build_graph(Network(SHAPE)), tmp_path)
    (tmp_path / "shape.json").write_text(json.dumps(asdict(SHAPE)))
    runtime = OnnxRuntime(tmp_path, threads=1)
    for prompt in ([5, 200, 7, 300, 9], [5, 200, 7, 301, 9, 10], [5, 200, 7, 301], [6, 7]):
        fresh = OnnxRuntime(tmp_path, threads=1)
        for _ in range(2):
            memory, scores = runtime.prefill(prompt)
            expected_memory, expected = fresh.prefill(prompt)
            assert correlation(scores, expected) > 0.999
            assert memory.tokens == expected_memory.tokens == len(prompt)
            _, scores = runtime.step(memory, np.array([0, 0]), np.array([20, 30]))
            _, expected = fresh.step(expected_memory, np.array([0, 0]), np.array([20, 30]))
            assert correlation(scores, expected) > 0.999
