"""From examples to rows of tokens that fill the accelerator, without padding inside."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from reference.model.prompt import MAX_ANSWER_TOKENS, MAX_TOKENS, PromptCodec, split_lines
from reference.protocol import Failure, Problem
from reference.training.corpus import Example
from reference.training.restyle import random_style, restyle

COPIED_WEIGHT = 0.35
"""Loss weight of a written token that was also sent."""

WITHOUT_STATEMENT = 0.08
WITHOUT_FAILURE = 0.15

Tokens = NDArray[np.uint16]
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sequenced:
    """One example as tokens; `weights[n]` weighs the loss of predicting token n."""

    tokens: Tokens
    weights: Weights


@dataclass(frozen=True, slots=True)
class Row:
    """Sequences laid end to end.

    Parameters
    ----------
    tokens
        uint16 [length], padded at the end.
    weights
        float32 [length]; 0 for what the model need not predict.
    bounds
        int32: where each sequence starts, and the row's length; of one size for a length, so
        that some sequences at the end are empty.
    """

    tokens: Tokens
    weights: Weights
    bounds: NDArray[np.int32]


class ExampleEncoder:
    """Turns examples into tokens, in a random style and with a random part of the evidence."""

    def __init__(self, codec: PromptCodec, problems: Mapping[str, Problem]) -> None:
        self._codec = codec
        self._problems = problems
        self._prefixes: dict[str, list[int]] = {}

    def vary(self, example: Example, rng: random.Random) -> Sequenced | None:
        """Return the example as practice, or None where it is too long."""
        failure = example.failure if rng.random() >= WITHOUT_FAILURE else None
        wrong, fixed, failure = restyle(example.wrong, example.fixed, failure, random_style(rng))
        prefix = [] if rng.random() < WITHOUT_STATEMENT else self._prefix(example.problem_id)
        return self._encode(prefix, wrong, fixed, failure)

    def plain(self, example: Example) -> Sequenced | None:
        """Return the example as it is, with all the evidence."""
        prefix = self._prefix(example.problem_id)
        return self._encode(prefix, example.wrong, example.fixed, example.failure)

    def _encode(
        self, prefix: list[int], wrong: str, fixed: str, failure: Failure | None
    ) -> Sequenced | None:
        right = split_lines(wrong) == split_lines(fixed)
        if right and failure is not None:
            return None
        program = self._codec.program(wrong, failure)
        answer = self._codec.answer(None if right else fixed)
        if program is None or len(answer) > MAX_ANSWER_TOKENS:
            return None
        length = len(prefix) + len(program) + len(answer)
        if length > MAX_TOKENS:
            return None
        weights = np.zeros(length, np.float32)
        weights[-len(answer) :] = self._answer_weights(wrong, answer)
        return Sequenced(np.array(prefix + program + answer, np.uint16), weights)

    def _prefix(self, problem_id: str) -> list[int]:
        if problem_id not in self._prefixes:
            self._prefixes[problem_id] = self._codec.problem(self._problems[problem_id])
        return self._prefixes[problem_id]

    def _answer_weights(self, wrong: str, answer: list[int]) -> Weights:
        sent = self._codec.answer(wrong)[:-1]
        weights = np.ones(len(answer), np.float32)
        blocks = SequenceMatcher(None, sent, answer, autojunk=False).get_matching_blocks()
        for block in blocks:
            weights[block.b : block.b + block.size] = COPIED_WEIGHT
        return weights


def pack(sequences: Iterable[Sequenced], *, length: int) -> Iterator[Row]:
    """Lay sequences end to end in rows; what no longer fits starts the next row."""
    places = length // 96
    row: list[Sequenced] = []
    used = 0
    for sequence in sequences:
        size = len(sequence.tokens)
        if used + size > length or len(row) == places:
            yield _row(row, length, places)
            row, used = [], 0
        row.append(sequence)
        used += size
    if row:
        yield _row(row, length, places)


def _row(sequences: Sequence[Sequenced], length: int, places: int) -> Row:
    tokens, weights = np.zeros(length, np.uint16), np.zeros(length, np.float32)
    bounds = [0]
    for sequence in sequences:
        end = bounds[-1] + len(sequence.tokens)
        tokens[bounds[-1] : end] = sequence.tokens
        weights[bounds[-1] : end] = sequence.weights
        bounds.append(end)
    # The padding is sequences too: none may be longer than attention is told.
    while bounds[-1] < length:
        bounds.append(min(bounds[-1] + MAX_TOKENS, length))
    size = places + length // MAX_TOKENS + 2
    return Row(tokens, weights, np.array((bounds + [length] * size)[:size], np.int32))
