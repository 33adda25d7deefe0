import random

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="training needs the extra `train`", exc_type=ImportError
)

from reference.model.decoding import outlook  # noqa: E402
from reference.model.exploration import Outlook, Reading  # noqa: E402
from reference.model.network import Network, Packing, Shape  # noqa: E402
from reference.model.prompt import MAX_TOKENS  # noqa: E402
from reference.training.generate import TorchRuntime  # noqa: E402
from reference.training.packing import Sequenced, pack  # noqa: E402
from reference.training.rounding import round_weights, rounded  # noqa: E402

SHAPE = Shape(
    vocabulary=400,
    width=64,
    hidden=96,
    layers=2,
    heads=4,
    kv_heads=2,
    rope_base=1e4,
    norm_epsilon=1e-5,
)


def network() -> Network:
    torch.manual_seed(0)
    model = Network(SHAPE)
    round_weights(model)
    return model


def scores_after(
    model: Network, tokens: list[int]
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    bounds = torch.tensor([0, len(tokens)], dtype=torch.int32)
    packing = Packing(bounds, len(tokens), torch.arange(len(tokens)))
    with torch.no_grad():
        hidden = model(torch.tensor(tokens), packing)
        return model.logits(hidden[-1]).numpy()


def same(found: Outlook, expected: Outlook) -> None:
    assert found.following == pytest.approx(expected.following, abs=1e-4)
    assert found.log_probabilities == pytest.approx(expected.log_probabilities, abs=1e-4)
    assert found.tokens.tolist() == expected.tokens.tolist()


def test_what_is_read_scores_as_if_each_text_were_read_from_the_start() -> None:
    model, prompt, draft = network(), [5, 6, 7, 8], [200, 210, 220, 1]

    def expected(texts: list[list[int]], following: list[int]) -> Outlook:
        scores = np.stack([scores_after(model, prompt + text) for text in texts])
        return outlook(scores, np.array(following))

    runtime = TorchRuntime(model)
    memory, begun = runtime.begin(prompt, draft)
    same(begun, expected([draft[:n] for n in range(4)], draft))
    # Two answers at once: one after the draft's first token, one after nothing.
    first = Reading(
        tokens=np.array([230, 240, 250]),
        positions=np.array([1, 2, 0]),
        following=np.array([240, 1, 1]),
        seen=np.array([[1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 1]], np.bool_),
    )
    texts = [[200, 230], [200, 230, 240], [250]]
    same(runtime.read(memory, first), expected(texts, [240, 1, 1]))
    second = Reading(
        tokens=np.array([260, 270]),
        positions=np.array([2, 1]),
        following=np.array([1, 9]),
        seen=np.array([[1, 0, 0, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1, 0, 1]], np.bool_),
    )
    same(runtime.read(memory, second), expected([[200, 230, 260], [250, 270]], [1, 9]))


def test_packed_sequences_do_not_see_each_other() -> None:
    model, one, two = network(), [5, 6, 7], [9, 8, 7, 6]
    bounds = torch.tensor([0, 3, 7], dtype=torch.int32)
    packing = Packing(bounds, 4, torch.tensor([0, 1, 2, 0, 1, 2, 3]))
    with torch.no_grad():
        together = model.logits(model(torch.tensor(one + two), packing)).numpy()
    assert together[2] == pytest.approx(scores_after(model, one), abs=1e-4)
    assert together[6] == pytest.approx(scores_after(model, two), abs=1e-4)


def test_rounding_leaves_sixteen_levels_a_block_and_little_error() -> None:
    weight = torch.randn(8, 64, generator=torch.Generator().manual_seed(0))
    result = rounded(weight)
    assert max(len(block.unique()) for block in result.view(-1, 32)) <= 16
    assert (result - weight).abs().max() < (weight.max() - weight.min()) / 15


def test_rows_hold_every_sequence_once_and_none_longer_than_told() -> None:
    rng = random.Random(0)
    sequences = [
        Sequenced(np.full(size, n, np.uint16), np.ones(size, np.float32))
        for n, size in enumerate((rng.randrange(20, MAX_TOKENS) for _ in range(40)), 1)
    ]
    rows = list(pack(sequences, length=4096))
    found = [
        row.tokens[start:end].tolist()
        for row in rows
        for start, end in zip(row.bounds, row.bounds[1:], strict=False)
        if end > start and row.weights[start]
    ]
    assert found == [sequence.tokens.tolist() for sequence in sequences]
    assert max(np.diff(row.bounds).max() for row in rows) <= MAX_TOKENS
    assert len({len(row.bounds) for row in rows}) == 1
