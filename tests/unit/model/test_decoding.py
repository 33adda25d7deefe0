import itertools
import math
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.model.decoding import DraftSearch, Exclusive, outlook
from reference.model.exploration import ANSWERS, Answer, Effort, Outlook, Reading
from reference.model.prompt import END, SPECIAL_TOKENS

A, B, C, D, NEWLINE = TEXT = range(len(SPECIAL_TOKENS), len(SPECIAL_TOKENS) + 5)
SIZE = NEWLINE + 1
LINE_ENDS = np.arange(SIZE) == NEWLINE
PROMPT = (1, 2, 3)

Text = tuple[int, ...]

GENEROUS = Effort(at_once=5, tokens=3000)
LATER = 60.0


@dataclass
class Memory:
    """What the draft's tokens and those read later are, with their positions."""

    prompt: Text
    kept: list[tuple[int, int]]


@dataclass
class TableModel:
    """A model that likes to copy a draft; its scores depend on all that was written before.

    Parameters
    ----------
    copying
        How often it would rather go on as the draft does.
    sureness
        What that adds to the score of the token that it likes.
    """

    seed: int
    draft: Text
    copying: float = 0.8
    sureness: float = 6.0
    passes: int = 0
    rows: int = 0
    taken: set[Text] = field(default_factory=set)
    """Texts that were read as the model itself would have written them, but for a first token."""

    def scores(self, prompt: Text, text: Text) -> NDArray[np.float32]:
        rng = np.random.default_rng([self.seed, *prompt, END, *text])
        scores = np.full(SIZE, -4.0)
        scores[[END, *TEXT]] = rng.normal(0, 1, 1 + len(TEXT))
        places = [n for n in range(1, len(self.draft)) if self.draft[n - 1] == (text or [0])[-1]]
        place = min(places, key=lambda n: abs(n - len(text)), default=0)
        copied = rng.random() < self.copying
        scores[self.draft[place] if copied else rng.choice(TEXT)] += self.sureness
        return scores.astype(np.float32)

    def best(self, prompt: Text, text: Text) -> int:
        """Return what greedy decoding writes next: a program is at least one line, and ends so."""
        scores = self.scores(prompt, text)
        may_end = bool(text) and text[-1] == NEWLINE
        return max((*TEXT, END) if may_end else TEXT, key=lambda token: scores[token])

    def log_probability(self, prompt: Text, answer: Text) -> float:
        total = 0.0
        for place, token in enumerate(answer):
            scores = self.scores(prompt, answer[:place]).astype(float)
            total += scores[token] - math.log(np.exp(scores).sum())
        return total

    def begin(self, prompt: Sequence[int], draft: Sequence[int]) -> tuple[Memory, Outlook]:
        memory = Memory(tuple(prompt), list(enumerate(draft[:-1])))
        texts = [tuple(draft[:place]) for place in range(len(draft))]
        self.taken.update(texts)
        return memory, self._outlook(memory.prompt, texts, np.array(draft))

    def read(self, state: Memory, reading: Reading) -> Outlook:
        rows = list(zip(reading.positions.tolist(), reading.tokens.tolist(), strict=True))
        self.passes += 1
        self.rows += len(rows)
        state.kept += rows
        assert reading.seen.shape == (len(rows), len(state.kept))
        texts: list[Text] = []
        agreed: dict[Text, bool] = {}
        for row, seen in zip(rows, reading.seen, strict=True):
            visible = sorted(state.kept[place] for place in np.flatnonzero(seen))
            assert [position for position, _ in visible] == list(range(len(visible)))
            assert visible[-1] == row
            text = tuple(token for _, token in visible)
            before = text[:-1]
            guessed = before in agreed
            agreed[text] = not guessed or (
                agreed[before] and self.best(state.prompt, before) == text[-1]
            )
            texts.append(text)
        self.taken.update(text for text, right in agreed.items() if right)
        return self._outlook(state.prompt, texts, reading.following)

    def _outlook(
        self, prompt: Text, texts: Sequence[Text], following: NDArray[np.int64]
    ) -> Outlook:
        return outlook(np.stack([self.scores(prompt, text) for text in texts]), following)


def random_draft(seed: int, lines: int = 5) -> Text:
    """Return lines of one to four tokens, and the end."""
    rng = np.random.default_rng(seed)
    text: list[int] = []
    for _ in range(lines):
        text += [*rng.choice(TEXT[:-1], rng.integers(1, 5)).tolist(), NEWLINE]
    return (*text, END)


def search(
    model: TableModel, width: int, effort: Effort = GENEROUS, seconds: float = LATER
) -> list[Answer]:
    deadline = time.monotonic() + seconds
    finder = DraftSearch(model, LINE_ENDS, effort)
    return finder.search(PROMPT, model.draft, width=width, deadline=deadline)


def greedy(model: TableModel, longest: int) -> Text | None:
    """Return what the model writes by itself, or None if that is longer."""
    text: Text = ()
    while len(text) < longest:
        text = (*text, model.best(PROMPT, text))
        if text[-1] == END:
            return text
    return None


def test_a_likelihood_is_the_sum_of_all_tokens() -> None:
    model = TableModel(1, random_draft(1))
    finder = DraftSearch(model, LINE_ENDS)
    for answer in (model.draft, (A, B, NEWLINE, END), (END,)):
        expected = model.log_probability(PROMPT, answer)
        assert finder.likelihood(PROMPT, answer) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("sureness", [2.0, 4.0, 6.0])
@pytest.mark.parametrize("width", [1, 10, 100])
def test_an_answer_that_was_read_to_its_end_has_its_own_probability(
    sureness: float, width: int
) -> None:
    read = 0
    for seed in range(10):
        model = TableModel(seed, random_draft(seed), sureness=sureness)
        for answer in search(model, width, Effort(at_once=5, tokens=400)):
            if all(answer.tokens[:place] in model.taken for place in range(len(answer.tokens))):
                expected = model.log_probability(PROMPT, answer.tokens)
                assert answer.log_probability == pytest.approx(expected, abs=1e-4)
                read += 1
    assert read


class Tied(TableModel):
    """A model that never begins a line as the draft does, once it has written one.

    So what follows a line is never presumed to be the draft.
    """

    def scores(self, prompt: Text, text: Text) -> NDArray[np.float32]:
        scores = super().scores(prompt, text)
        scores[: len(scores) - len(TEXT)] += 4  # so that long texts are unlikely
        if text and text[-1] == NEWLINE:
            scores[self.draft[0]] -= 50
        return scores


@pytest.mark.parametrize("draft", [(A, NEWLINE, END), (A, B, C, NEWLINE, END)])
def test_the_likeliest_answers_are_those_of_trying_everything(draft: Text) -> None:
    lines = [
        (*text, NEWLINE)
        for size in range(6)
        for text in itertools.product(TEXT, repeat=size)
        if (*text, NEWLINE, END) != draft
    ]
    for seed in range(6):
        model = Tied(seed, draft, copying=0.5, sureness=3.0)
        likely = {line: model.log_probability(PROMPT, line) for line in lines}
        whole = {
            (*line, END): model.log_probability(PROMPT, (*line, END))
            for line, chance in likely.items()
            if chance > -14  # so that not everything is looked up
        }
        expected = sorted(whole, key=lambda answer: -whole[answer])[:3]
        longer = max(chance for line, chance in likely.items() if len(line) == 6)
        assert longer < whole[expected[-1]]  # what is longer yet is not as likely
        found = search(model, 3)
        assert [answer.tokens for answer in found] == expected
        assert [answer.log_probability for answer in found] == pytest.approx(
            [whole[answer] for answer in expected], abs=1e-4
        )


def test_guesses_from_the_draft_do_not_change_what_greedy_decoding_writes() -> None:
    tried = passes = tokens = 0
    for seed in range(150):
        model = TableModel(seed, random_draft(seed))
        written = greedy(model, 60)
        if written is None or written == model.draft:
            continue
        # What has more than half of all probability is the likeliest, so no search may miss it.
        if model.log_probability(PROMPT, written) < math.log(0.5):
            continue
        (found,) = search(model, 1)
        assert found.tokens == written
        tried += 1
        passes += model.passes
        tokens += len(written) - next(
            n for n, pair in enumerate(zip(written, model.draft, strict=False)) if len({*pair}) > 1
        )
    assert tried > 20
    assert passes < 0.7 * tokens  # and guesses spare passes


@pytest.mark.parametrize("width", [1, 5, 40])
def test_answers_are_whole_lines_that_differ_likeliest_first(width: int) -> None:
    for seed in range(15):
        model = TableModel(seed, random_draft(seed, lines=1 + seed % 5), sureness=3.0)
        found = search(model, width, Effort(at_once=5, tokens=600))
        assert 0 < len(found) <= width
        assert len({answer.tokens for answer in found}) == len(found)
        chances = [answer.log_probability for answer in found]
        assert chances == sorted(chances, reverse=True)
        for answer in found:
            assert answer.tokens != model.draft
            assert answer.tokens[-2:] == (NEWLINE, END)
            assert set(answer.tokens[:-1]) <= set(TEXT)


def test_lines_at_the_end_of_the_draft_can_be_left_out() -> None:
    class Shortener(TableModel):
        """A model that would end after any line, nearly as soon as go on as the draft does."""

        def scores(self, prompt: Text, text: Text) -> NDArray[np.float32]:
            scores = super().scores(prompt, text)
            if text and text[-1] == NEWLINE:
                scores[END] = scores[list(TEXT)].max() - 1
            return scores

    draft = (A, NEWLINE, B, NEWLINE, C, NEWLINE, END)
    found = search(Shortener(0, draft, copying=1.0, sureness=9.0), 2)
    assert {answer.tokens for answer in found} == {(*draft[:2], END), (*draft[:4], END)}


def test_a_fix_is_found_without_the_rest_of_a_long_program_being_read() -> None:
    class Fixer(TableModel):
        """A model that copies token by token, but doubts one."""

        def scores(self, prompt: Text, text: Text) -> NDArray[np.float32]:
            scores = np.full(SIZE, -8, np.float32)
            scores[self.draft[len(text)]] = 4
            if text == self.draft[:50]:
                scores[D] = 3
            return scores

    lines = itertools.product((A, B, C), repeat=3)
    draft = tuple(token for line in lines for token in (*line, NEWLINE))
    model = Fixer(0, (*draft, END))
    effort = Effort(at_once=1, tokens=12)
    (found,) = search(model, 1, effort)
    fix = (*draft[:50], D, *draft[51:], END)
    assert found.tokens == fix
    assert model.rows < effort.most


LINES = [(A, B, token, NEWLINE) for token in (A, B, C, D)] + [
    (A, C, token, NEWLINE) for token in (A, B, C, D)
]
"""They differ, but all begin alike, as the lines of a block do."""


@pytest.mark.parametrize(
    "written",
    [
        pytest.param([*LINES[:2], LINES[6], *LINES[2:]], id="put in, as a later line is"),
        pytest.param([*LINES[:2], *LINES[3:]], id="left out"),
        pytest.param([*LINES[:2], *LINES[4:]], id="two left out"),
    ],
)
def test_lines_put_in_and_left_out_are_followed_by_the_rest_of_the_draft(
    written: list[Text],
) -> None:
    wanted = (*itertools.chain(*written), END)
    draft = (*itertools.chain(*LINES), END)
    parting = next(n for n, (a, b) in enumerate(zip(wanted, draft, strict=False)) if a != b)

    class Knowing(TableModel):
        """A model that knows what it wants, but would nearly as soon copy the draft."""

        def scores(self, prompt: Text, text: Text) -> NDArray[np.float32]:
            scores = np.full(SIZE, -8, np.float32)
            known = wanted if text == wanted[: len(text)] else draft
            scores[known[min(len(text), len(known) - 1)]] = 3
            if len(text) == parting:
                scores[draft[parting]] = 4
            return scores

    model = Knowing(0, draft)
    (found,) = search(model, 1, Effort(at_once=1, tokens=500))
    assert found.tokens == wanted
    assert model.rows < len(draft)


def test_a_reading_of_few_tokens_is_enough() -> None:
    for seed in range(5):
        model = TableModel(seed, random_draft(seed))
        assert search(model, 3, Effort(at_once=2, tokens=500, rows=2))


@pytest.mark.parametrize("at_once", [1, 5, 40])
def test_no_more_is_read_than_told(at_once: int) -> None:
    for seed in range(5):
        model = TableModel(seed, random_draft(seed), sureness=2.0)
        effort = Effort(at_once=at_once, tokens=50)
        search(model, ANSWERS, effort)
        assert effort.tokens <= model.rows < effort.most


@pytest.mark.parametrize("at_once", [1, 5, 40])
def test_more_is_read_for_more_answers(at_once: int) -> None:
    for seed in range(5):
        model = TableModel(seed, random_draft(seed), sureness=2.0)
        effort = Effort(at_once=at_once, tokens=5)
        search(model, 30 * ANSWERS, effort)
        assert 150 <= model.rows < 150 + effort.rows


def test_what_is_far_behind_the_best_answer_is_not_read() -> None:
    for seed in range(5):
        draft = random_draft(seed)
        whole, brief = TableModel(seed, draft), TableModel(seed, draft)
        effort = Effort(at_once=5, tokens=300)
        everything = search(whole, 10 * ANSWERS, effort)
        found = search(brief, 10 * ANSWERS, replace(effort, behind=0.2))
        assert found[0] == everything[0]
        assert brief.rows < whole.rows


def test_no_search_is_begun_after_the_deadline() -> None:
    model = TableModel(7, random_draft(7))
    assert search(model, 5, seconds=-1) == []
    assert not model.taken


def test_a_search_ends_at_its_deadline_with_what_it_has_found() -> None:
    class Slow(TableModel):
        """A model that gets to the deadline while it reads for the third time."""

        deadline = math.inf

        def read(self, state: Memory, reading: Reading) -> Outlook:
            while self.passes == 2 and time.monotonic() < self.deadline:
                pass
            return super().read(state, reading)

    model = Slow(3, random_draft(3))
    model.deadline = time.monotonic() + 1
    finder = DraftSearch(model, LINE_ENDS, GENEROUS)
    finder.search(PROMPT, model.draft, width=10**6, deadline=model.deadline)
    assert model.passes == 3


def test_a_search_that_has_no_turn_before_its_deadline_finds_nothing() -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Held(TableModel):
        """A model that takes its time over a prompt."""

        def begin(self, prompt: Sequence[int], draft: Sequence[int]) -> tuple[Memory, Outlook]:
            begun.set()
            assert go_on.wait(30)
            return super().begin(prompt, draft)

    model = Held(7, random_draft(7))
    finder = Exclusive(DraftSearch(model, LINE_ENDS))

    def found(seconds: float) -> list[Answer]:
        deadline = time.monotonic() + seconds
        return finder.search(PROMPT, model.draft, width=5, deadline=deadline)

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(found, 60)
        assert begun.wait(30)
        assert found(0.01) == []
        go_on.set()
        assert first.result(30)
    assert found(60) == first.result()
