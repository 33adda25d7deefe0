from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="training needs the extra `train`", exc_type=ImportError
)
onnx = pytest.importorskip("onnx", reason="training needs the extra `train`", exc_type=ImportError)

import json  # noqa: E402

from reference.model.cpu import OnnxRuntime  # noqa: E402
from reference.model.exploration import Outlook, Reading  # noqa: E402
from reference.model.network import Network, Shape  # noqa: E402
from reference.model.prompt import ACCEPTED, END  # noqa: E402
from reference.training.export import (  # noqa: E402
    build_graph,
    eight_bit_rows,
    four_bit_weights,
    write_weights,
)
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


PROMPT = [5, 200, 7, 300, 9]
DRAFT = [400, 410, 420, 430, 1]
FIRST = Reading(  # two answers: one after the draft's first two tokens, one after nothing
    tokens=np.array([240, 250, 260]),
    positions=np.array([2, 3, 0]),
    following=np.array([250, 1, 300]),
    seen=np.array([[1, 1, 0, 0, 1, 0, 0], [1, 1, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0, 1]], np.bool_),
)
SECOND = Reading(  # both go on, the first one after its first token
    tokens=np.array([270, 280]),
    positions=np.array([3, 1]),
    following=np.array([1, 310]),
    seen=np.array([[1, 1, 0, 0, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 1, 0, 1]], np.bool_),
)
EIGHT_BITS = 0.1
"""What the rounding of inputs may change of a likelihood; other texts change it more."""


def exported(folder: Path) -> Network:
    """Write a model to a folder; return the same in torch, its weights rounded alike."""
    torch.manual_seed(0)
    network = Network(SHAPE)
    network.embedding.weight.data /= 8  # scores as wide as those of a model that learned
    (folder / "model.onnx").write_bytes(build_graph(network).SerializeToString())
    embedding = eight_bit_rows(network.embedding.weight.detach())
    write_weights(four_bit_weights(network), embedding, folder)
    (folder / "shape.json").write_text(json.dumps(asdict(SHAPE)))
    round_weights(network)
    return network


def alike(found: Outlook, expected: Outlook) -> None:
    assert found.following == pytest.approx(expected.following, abs=EIGHT_BITS)
    chances = expected.log_probabilities
    assert found.log_probabilities == pytest.approx(chances, abs=EIGHT_BITS)


def test_the_exported_graph_scores_as_the_network_does(tmp_path: Path) -> None:
    network = exported(tmp_path)
    expected, found = TorchRuntime(network), OnnxRuntime(tmp_path, threads=1)
    known, outlook = expected.begin(PROMPT, DRAFT)
    memory, begun = found.begin(PROMPT, DRAFT)
    alike(begun, outlook)
    for reading in (FIRST, SECOND):
        alike(found.read(memory, reading), expected.read(known, reading))


@pytest.mark.parametrize("length", [510, 514, 1100])
def test_a_prompt_that_is_read_in_pieces_scores_as_the_network_does(
    tmp_path: Path, length: int
) -> None:
    network = exported(tmp_path)
    prompt = [200 + n % 240 for n in range(length)]
    expected, found = TorchRuntime(network), OnnxRuntime(tmp_path, threads=1)
    (known, outlook), (memory, begun) = (one.begin(prompt, DRAFT) for one in (expected, found))
    alike(begun, outlook)
    alike(found.read(memory, FIRST), expected.read(known, FIRST))


def test_what_a_token_may_not_see_changes_nothing(tmp_path: Path) -> None:
    exported(tmp_path)
    runtime = OnnxRuntime(tmp_path, threads=1)
    other = replace(FIRST, tokens=np.array([241, 251, 260]))
    found = []
    for draft, first in ((DRAFT, FIRST), ([*DRAFT[:2], 99, 98, 1], other)):
        memory, _ = runtime.begin(PROMPT, draft)
        found.append([runtime.read(memory, reading) for reading in (first, SECOND)])
    (first, second), (other_first, other_second) = found
    # The second answer is the same in both, and sees nothing of the first.
    assert first.following[2] == pytest.approx(other_first.following[2], abs=1e-5)
    assert second.following[1] == pytest.approx(other_second.following[1], abs=1e-5)
    # The first answer has another token.
    assert abs(first.following[1] - other_first.following[1]) > EIGHT_BITS
    assert abs(second.following[0] - other_second.following[0]) > EIGHT_BITS


def test_what_a_prompt_has_in_common_with_the_last_one_changes_nothing(tmp_path: Path) -> None:
    exported(tmp_path)
    runtime = OnnxRuntime(tmp_path, threads=1)
    for prompt in ([5, 200, 7, 300, 9], [5, 200, 7, 301, 9, 10], [5, 200, 7, 301], [6, 7]):
        fresh = OnnxRuntime(tmp_path, threads=1)
        for draft in (DRAFT, DRAFT[1:], [ACCEPTED, END]):
            memory, begun = runtime.begin(prompt, draft)
            known, expected = fresh.begin(prompt, draft)
            alike(begun, expected)
            if draft == DRAFT:
                for reading in (FIRST, SECOND):
                    alike(runtime.read(memory, reading), fresh.read(known, reading))
