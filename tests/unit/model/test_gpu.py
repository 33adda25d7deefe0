import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra `gpu`", exc_type=ImportError)

from reference.model.decoding import Beam, EditSearch  # noqa: E402
from reference.model.gpu import BatchedSearch, Capacity, Decoder  # noqa: E402
from reference.model.network import Network, Shape  # noqa: E402
from reference.model.prompt import CODE, END, FIRST_LINE, FIX, PROBLEM, SPECIAL_TOKENS  # noqa: E402
from reference.training.drawing import DrawnBeams  # noqa: E402
from reference.training.generate import TorchRuntime  # noqa: E402

VOCABULARY = len(SPECIAL_TOKENS) + 20
LINE_ENDS = np.arange(VOCABULARY) % 2 == 1
LINE_ENDS[: len(SPECIAL_TOKENS)] = False
CAPACITY = Capacity(slots=3, width=6, max_tokens=24, prompt=96, chunk=16)
LATER = 600.0


def network(bias: bool) -> Network:
    """Return a network with opinions, so that no two beams are equally likely."""
    torch.manual_seed(1)
    shape = Shape(
        vocabulary=VOCABULARY,
        width=64,
        hidden=96,
        layers=3,
        heads=4,
        kv_heads=2,
        rope_base=1e4,
        norm_epsilon=1e-5,
        attention_bias=bias,
    )
    model = Network(shape)
    torch.nn.init.normal_(model.embedding.weight, std=0.3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter *= 1.5
        model.embedding.weight[END] *= 8  # or hardly any answer would end
    return model.eval()


def prompt(chance: random.Random, lines: int, problem: int) -> list[int]:
    """Return a prompt as the codec makes them, of random text."""
    texts = range(len(SPECIAL_TOKENS), VOCABULARY)
    tokens = [PROBLEM, *random.Random(problem).choices(texts, k=11), CODE]
    for line in range(lines):
        tokens += [FIRST_LINE + line, *chance.choices(texts, k=chance.randrange(1, 7))]
    return [*tokens, FIRST_LINE + lines, FIX]


@pytest.fixture(params=[False, True], ids=["llama", "qwen"])
def model(request: pytest.FixtureRequest) -> Network:
    return network(request.param)


@pytest.fixture
def batched(model: Network) -> Iterator[BatchedSearch]:
    search = BatchedSearch(Decoder(model.shape, model.state_dict(), LINE_ENDS, CAPACITY))
    yield search
    search.close()


def same(found: list[Beam], expected: list[Beam]) -> None:
    assert [beam.tokens for beam in found] == [beam.tokens for beam in expected]
    likelihoods = [beam.log_probability for beam in found]
    assert likelihoods == pytest.approx([beam.log_probability for beam in expected], abs=1e-3)


def test_many_searches_at_once_find_what_each_finds_alone(
    model: Network, batched: BatchedSearch
) -> None:
    plain = EditSearch(TorchRuntime(model), LINE_ENDS)
    chance = random.Random(0)
    questions = []
    for number in range(20):
        lines = chance.randrange(1, 10)
        limits = {"width": chance.randrange(1, 7), "max_tokens": chance.randrange(6, 25)}
        questions.append((prompt(chance, lines, problem=number % 3), lines, limits))

    def ask(search: BatchedSearch | EditSearch, number: int) -> list[Beam]:
        text, lines, limits = questions[number]
        return list(search.search(text, lines, **limits, deadline=time.monotonic() + LATER))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: ask(batched, number), range(len(questions))))
    assert sum(map(len, answers)) > len(questions)
    for number, answer in enumerate(answers):
        same(answer, ask(plain, number))


def test_a_search_that_does_not_fit_is_refused_alone(batched: BatchedSearch) -> None:
    chance = random.Random(0)
    text = prompt(chance, 4, problem=0)
    end = time.monotonic() + LATER
    with pytest.raises(ValueError, match="no room"):
        list(batched.search(text * 9, 4, width=2, max_tokens=5, deadline=end))
    with pytest.raises(ValueError, match="no room"):
        list(batched.search(text, 4, width=99, max_tokens=5, deadline=end))
    assert list(batched.search(text, 4, width=6, max_tokens=20, deadline=end))


def test_no_search_goes_on_after_the_deadline(batched: BatchedSearch) -> None:
    text = prompt(random.Random(0), 4, problem=0)
    begun = time.monotonic()
    assert list(batched.search(text, 4, width=5, max_tokens=20, deadline=begun - 1)) == []


def test_a_search_that_is_cut_off_tells_what_it_has_found() -> None:
    model = network(bias=False)
    capacity = replace(CAPACITY, max_tokens=4000)
    search = BatchedSearch(Decoder(model.shape, model.state_dict(), LINE_ENDS, capacity))
    text = prompt(random.Random(5), 4, problem=0)  # of this no answer would come by itself
    end = time.monotonic() + LATER
    begun = list(search.search(text, 4, width=6, max_tokens=30, deadline=end))
    assert begun
    soon = time.monotonic() + 2
    same(list(search.search(text, 4, width=6, max_tokens=4000, deadline=soon))[:3], begun[:3])
    assert list(search.search(text, 4, width=6, max_tokens=30, deadline=end)) == begun
    search.close()


def test_the_first_choice_is_what_plain_decoding_gives(
    model: Network, batched: BatchedSearch
) -> None:
    plain = EditSearch(TorchRuntime(model), LINE_ENDS)
    chance = random.Random(3)
    for lines in (1, 5, 9):
        text = prompt(chance, lines, problem=lines)
        expected = plain.first(text, lines)[: len(SPECIAL_TOKENS)]
        assert batched.first(text, lines) == pytest.approx(expected, abs=1e-4)


def test_drawn_answers_are_as_likely_as_a_search_finds_them() -> None:
    model = network(bias=True)
    text = prompt(random.Random(1), 6, problem=0)
    limits = {"max_tokens": 12, "deadline": time.monotonic() + LATER}
    plain = EditSearch(TorchRuntime(model), LINE_ENDS).search(text, 6, width=100, **limits)
    likely = {beam.tokens: beam for beam in plain}
    drawing = BatchedSearch(
        Decoder(model.shape, model.state_dict(), LINE_ENDS, CAPACITY, DrawnBeams)
    )
    drawn = [beam for _ in range(20) for beam in drawing.search(text, 6, width=6, **limits)]
    drawing.close()
    assert len({beam.tokens for beam in drawn}) > 3
    both = [beam for beam in drawn if beam.tokens in likely]
    assert len(both) > 10
    same(both, [likely[beam.tokens] for beam in both])
