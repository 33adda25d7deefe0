import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra `gpu`", exc_type=ImportError)

from reference.model.decoding import DraftSearch, Search  # noqa: E402
from reference.model.exploration import (  # noqa: E402
    ANSWERS,
    Answer,
    Effort,
    Exploration,
    Outlook,
    Reading,
)
from reference.model.gpu import BatchedSearch, Capacity, Decoder, cached, passes  # noqa: E402
from reference.model.gpu import decoder as decoding  # noqa: E402
from reference.model.gpu.prompts import Begun, Prompts, Text  # noqa: E402
from reference.model.network import Network, Shape  # noqa: E402
from reference.model.prompt import (  # noqa: E402
    ACCEPTED,
    CODE,
    END,
    FIRST_LINE,
    FIX,
    PROBLEM,
    SPECIAL_TOKENS,
)
from reference.training.drawing import Drawing  # noqa: E402
from reference.training.generate import TorchRuntime  # noqa: E402

VOCABULARY = len(SPECIAL_TOKENS) + 20
LINE_ENDS = np.arange(VOCABULARY) % 2 == 1
LINE_ENDS[: len(SPECIAL_TOKENS)] = False
EFFORT = Effort(at_once=4, tokens=150)
CAPACITY = Capacity(
    slots=3, text=160, later=EFFORT.most, rows=EFFORT.rows, chunks=(8, 16), together=3, joint=40
)
LATER = 600.0


def network(bias: bool) -> Network:
    """Return a network with opinions, so that no two answers are equally likely."""
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
    model.eval()
    return model


def question(chance: random.Random, lines: int, problem: int) -> tuple[list[int], list[int]]:
    """Return a prompt and a draft as the codec makes them, of random text."""
    texts = np.arange(len(SPECIAL_TOKENS), VOCABULARY)
    inner, ends = texts[~LINE_ENDS[texts]].tolist(), texts[LINE_ENDS[texts]].tolist()
    prompt = [PROBLEM, *random.Random(problem).choices(inner, k=11), CODE]
    draft = []
    for number in range(lines):
        line = [*chance.choices(inner, k=chance.randrange(6)), chance.choice(ends)]
        prompt += [FIRST_LINE + number, *line]
        draft += line
    return [*prompt, FIRST_LINE + lines, FIX], [*draft, END]


class NotedPrompts(Prompts):
    """Notes how many prompts it reads at one time."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.counts: list[int] = []

    def begin(self, texts: Sequence[Text]) -> Begun:
        begun = super().begin(texts)
        self.counts.append(len(begun.texts))
        return begun


class Noted(Decoder):
    """A decoder that notes when it reads for a group, and when that is waited for."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.notes: list[tuple[str, int]] = []

    def start(self, readings: Mapping[int, Reading]) -> Callable[[], dict[int, Outlook]]:
        (group,) = {slot // self.capacity.slots for slot in readings}
        self.notes.append(("start", group))
        fetch = super().start(readings)

        def noted() -> dict[int, Outlook]:
            self.notes.append(("fetch", group))
            return fetch()

        return noted


def batch(
    model: Network, effort: Effort = EFFORT, explore: type[Exploration] = Exploration
) -> "closing[BatchedSearch]":
    capacity = replace(CAPACITY, later=effort.most, rows=effort.rows)
    decoder = Decoder(model.shape, model.state_dict(), capacity)
    return closing(BatchedSearch(decoder, LINE_ENDS, effort, explore))


def plain(model: Network) -> Search:
    return DraftSearch(TorchRuntime(model), LINE_ENDS, EFFORT)


@pytest.fixture(params=[False, True], ids=["llama", "qwen"])
def model(request: pytest.FixtureRequest) -> Network:
    return network(request.param)


@pytest.fixture
def batched(model: Network) -> Iterator[BatchedSearch]:
    with batch(model) as search:
        yield search


def same(found: list[Answer], expected: list[Answer]) -> None:
    assert [answer.tokens for answer in found] == [answer.tokens for answer in expected]
    likelihoods = [answer.log_probability for answer in found]
    assert likelihoods == pytest.approx([one.log_probability for one in expected], abs=1e-3)


def test_many_searches_at_once_find_what_each_finds_alone(
    model: Network, batched: BatchedSearch
) -> None:
    chance = random.Random(0)
    questions = [question(chance, chance.randrange(1, 10), number % 3) for number in range(20)]
    widths = [chance.randrange(1, 7) for _ in questions]

    def ask(search: Search, number: int) -> list[Answer]:
        end = time.monotonic() + LATER
        return search.search(*questions[number], width=widths[number], deadline=end)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: ask(batched, number), range(len(questions))))
    assert sum(map(len, found)) > len(questions)
    for number, answers in enumerate(found):
        same(answers, ask(plain(model), number))


def test_more_answers_are_looked_for_as_far_as_there_is_room(batched: BatchedSearch) -> None:
    asked = question(random.Random(3), 9, problem=0)
    usual, more = (
        batched.search(*asked, width=width, deadline=time.monotonic() + LATER)
        for width in (ANSWERS, 20 * ANSWERS)
    )
    assert len(more) > len(usual) == ANSWERS


@pytest.mark.parametrize(
    ("module", "limit", "value"), [(cached, "FUSED_FROM", 0), (passes, "SCORED_AT_ONCE", 5)]
)
def test_fused_attention_and_scores_in_parts_find_the_same(
    module: ModuleType, limit: str, value: int, model: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, value)
    asked = question(random.Random(2), 6, problem=0)
    end = time.monotonic() + LATER
    with batch(model) as search:
        found = search.search(*asked, width=5, deadline=end)
    same(found, plain(model).search(*asked, width=5, deadline=end))


def test_groups_take_turns_as_soon_as_one_has_no_room(model: Network) -> None:
    decoder = Noted(model.shape, model.state_dict(), CAPACITY)
    questions = [question(random.Random(number), 6, problem=0) for number in range(12)]

    def ask(number: int) -> list[Answer]:
        end = time.monotonic() + LATER
        return search.search(*questions[number], width=10, deadline=end)

    with closing(BatchedSearch(decoder, LINE_ENDS, EFFORT)) as search:
        ask(0)
        assert decoder.notes == [("start", 0), ("fetch", 0)] * (len(decoder.notes) // 2)
        decoder.notes.clear()
        with ThreadPoolExecutor(2 * CAPACITY.slots) as threads:
            assert all(threads.map(ask, range(len(questions))))
    for group in range(CAPACITY.groups):
        of_group = [what for what, whose in decoder.notes if whose == group]
        assert of_group == ["start", "fetch"] * (len(of_group) // 2)
    together = [("fetch", 0), ("start", 0), ("fetch", 1), ("start", 1)]
    places = range(len(decoder.notes))
    assert any(decoder.notes[place : place + 4] == together for place in places)


def test_prompts_that_wait_are_read_together_where_they_fit(
    model: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "Prompts", NotedPrompts)
    decoder = Decoder(model.shape, model.state_dict(), CAPACITY)
    assert isinstance(decoder.prompts, NotedPrompts)
    short, long = (question(random.Random(lines), lines, problem=0) for lines in (1, 12))

    def ask(number: int) -> list[Answer]:
        asked = long if number % 5 == 4 else short
        return search.search(*asked, width=4, deadline=time.monotonic() + LATER)

    with closing(BatchedSearch(decoder, LINE_ENDS, EFFORT)) as search:
        alone = ask(0), ask(4)
        with ThreadPoolExecutor(20) as threads:
            found = list(threads.map(ask, range(40)))
    for number, answers in enumerate(found):
        same(answers, alone[number % 5 == 4])
    counts = decoder.prompts.counts
    assert counts[:2] == [1, 1]
    assert sum(counts) == 2 + len(found)
    assert max(counts) == CAPACITY.together


def test_a_search_that_does_not_fit_is_refused_alone(batched: BatchedSearch) -> None:
    prompt, draft = question(random.Random(0), 4, problem=0)
    end = time.monotonic() + LATER

    def ask(times: int) -> list[Answer]:
        return batched.search(prompt * times, draft, width=3, deadline=end)

    with ThreadPoolExecutor(3) as threads:
        first, refused, last = (threads.submit(ask, times) for times in (1, 9, 1))
        assert first.result() == last.result() != []
        with pytest.raises(ValueError, match="no room"):
            refused.result()
    with pytest.raises(ValueError, match="no room"):
        batched.likelihood(prompt * 9, draft)


def test_an_effort_that_does_not_fit_is_refused_at_once() -> None:
    model = network(bias=False)
    decoder = Decoder(model.shape, model.state_dict(), CAPACITY)
    for effort in (replace(EFFORT, tokens=EFFORT.tokens + 1), replace(EFFORT, rows=65, tokens=9)):
        with pytest.raises(ValueError, match="no room"):
            BatchedSearch(decoder, LINE_ENDS, effort)


def test_no_search_goes_on_after_the_deadline(batched: BatchedSearch) -> None:
    prompt, draft = question(random.Random(0), 4, problem=0)
    begun = time.monotonic()
    assert batched.search(prompt, draft, width=5, deadline=begun - 1) == []


def test_a_search_that_is_cut_off_tells_what_it_has_found() -> None:
    asked = question(random.Random(5), 6, problem=0)
    with batch(network(bias=False), Effort(at_once=4, tokens=1500)) as search:

        def ask(seconds: float) -> list[Answer]:
            return search.search(*asked, width=10**6, deadline=time.monotonic() + seconds)

        whole = ask(LATER)
        begun = time.monotonic()
        assert ask(LATER) == whole
        part = ask((time.monotonic() - begun) / 3)
    assert 0 < len(part) < len(whole)
    assert {answer.tokens for answer in part} < {answer.tokens for answer in whole}


def test_likelihoods_are_those_of_plain_decoding(model: Network, batched: BatchedSearch) -> None:
    chance = random.Random(3)
    for lines in (1, 5, 9):
        prompt, draft = question(chance, lines, problem=lines)
        for answer in (draft, [ACCEPTED, END]):
            expected = plain(model).likelihood(prompt, answer)
            assert batched.likelihood(prompt, answer) == pytest.approx(expected, abs=1e-3)


def test_drawn_answers_differ_and_are_as_likely_as_they_say() -> None:
    model = network(bias=True)
    chance = random.Random(1)
    with batch(model, Effort(at_once=10, tokens=1000), Drawing) as drawing:
        for lines in (6, 9):
            prompt, draft = question(chance, lines, problem=0)
            end = time.monotonic() + LATER
            draws = [drawing.search(prompt, draft, width=10, deadline=end) for _ in range(20)]
            likelihoods = {one.tokens: one.log_probability for drawn in draws for one in drawn}
            assert max(map(len, draws)) > 1
            assert len(likelihoods) > max(map(len, draws))  # a search finds the same each time
            for tokens, likelihood in likelihoods.items():
                assert tokens[-1] == END
                assert list(tokens) != draft
                expected = plain(model).likelihood(prompt, tokens)
                assert likelihood == pytest.approx(expected, abs=1e-3, rel=2e-6)
