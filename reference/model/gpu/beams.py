"""The bookkeeping of `EditSearch`, for several searches at once and on the device.

What is written, what may follow and when a search ends are those of `reference.model.decoding`;
here they are tensors, so that scores never leave the device.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from reference.model.decoding import Beam
from reference.model.prompt import END, FIRST_LINE, SPECIAL_TOKENS

NEVER = -torch.inf
_PARTS = (16, 8, 4, 2, 1)  # of a row of scores, to find the best in
NO_LINE = -1


@dataclass(frozen=True, slots=True)
class Question:
    """What a search is to find; see `EditSearch.search`."""

    prompt: tuple[int, ...]
    lines: int
    width: int
    max_tokens: int


class Beams:
    """The open beams of every slot, and how they came about.

    Parameters
    ----------
    slots, width, max_tokens, keys
        Searches at a time, beams of each, tokens of a beam, places of a slot.
    line_ends
        bool [vocabulary]: tokens whose text ends a line.
    like
        Of the network's type and on its device.
    """

    def __init__(
        self,
        slots: int,
        width: int,
        max_tokens: int,
        keys: int,
        line_ends: NDArray[np.bool_],
        like: Tensor,
    ) -> None:
        device = like.device
        vocabulary = len(line_ends)
        self._parts = next(
            parts
            for parts in _PARTS
            if parts == 1 or (vocabulary % parts == 0 and vocabulary // parts >= 2 * width)
        )
        self._ids = torch.arange(len(SPECIAL_TOKENS), device=device)
        # Tokens after which a hunk is whole: a line's end, or a line that is named as the last.
        self._completes = torch.from_numpy(line_ends).to(device) | (
            torch.arange(len(line_ends), device=device) < len(SPECIAL_TOKENS)
        )
        self._is_end = self._ids == END
        self._slots = torch.arange(slots, device=device)
        # A number beside a tensor would be written to the device each time.
        self._never = torch.tensor(NEVER, device=device)
        self._no_line = torch.tensor(len(SPECIAL_TOKENS), device=device)
        self.mask = torch.ones((slots, width, keys), dtype=torch.bool, device=device)

        def whole(*sizes: int, dtype: torch.dtype = torch.int64) -> Tensor:
            return torch.zeros((slots, *sizes), dtype=dtype, device=device)

        # Of each search: length of the prompt, lines that may be named by their tokens, limits,
        # tokens written.
        self.prompt, self._widths = whole(), whole() + 1
        self._lines = whole(len(SPECIAL_TOKENS))
        self._considered = whole(2 * width, dtype=torch.float32)  # NEVER for candidates beyond
        self._limit, self.written = whole(), whole()
        self.done = torch.ones(slots, dtype=torch.bool, device=device)
        # Of each beam: where it came from, its last token, its likelihood, and what may follow.
        # The first column takes what is thrown away.
        self._kept = whole(2, width + 1)
        self._likelihoods = torch.full((slots, width + 1), NEVER, device=device)
        self.tokens, self._scores = self._kept[:, 1, 1:], self._likelihoods[:, 1:]
        self._named, self._next_line = whole(width), whole(width)  # the first that may be named
        self._opened = whole(width, dtype=torch.bool)  # a hunk that still lacks its end
        self._text, self._end = whole(width, dtype=torch.bool), whole(width, dtype=torch.bool)
        # Scores before any choice; the second row takes those of later steps.
        self._first = torch.zeros((slots, 2, len(SPECIAL_TOKENS)), dtype=like.dtype, device=device)
        # Of each step: where each open beam came from, and which beams were complete. The row
        # after the last takes what a search does that has ended.
        steps = max_tokens + 1
        self._history = whole(steps, 2, width)
        self._parents, self._chosen = self._history.unbind(2)
        self._ended_parents = whole(steps, 2 * width)
        self._ended = torch.full((slots, steps, 2 * width), NEVER, device=device)

    def begin(self, slot: int, question: Question) -> None:
        """Start a search whose prompt is read but for its last token, which is the first step's."""
        read = len(question.prompt) - 1
        self.prompt[slot] = read
        lines = FIRST_LINE + question.lines + 1
        self._lines[slot] = NO_LINE
        self._lines[slot, FIRST_LINE:lines] = self._ids[FIRST_LINE:lines]
        self._widths[slot] = question.width
        self._considered[slot] = 0.0
        self._considered[slot, 2 * question.width :] = NEVER
        self._limit[slot] = question.max_tokens
        self.written[slot] = 0
        self._ended[slot] = NEVER
        self._scores[slot] = NEVER
        self._scores[slot, 0] = 0.0
        self.tokens[slot] = question.prompt[-1]
        self._named[slot] = 0
        self._next_line[slot] = FIRST_LINE
        for flags in (self._opened, self._text, self._end):
            flags[slot] = False
        self.mask[slot] = True
        self.mask[slot, :, :read] = False
        self.done[slot] = False

    def choose(self, scores: Tensor, keys: int) -> None:
        """Go on with the likeliest beams.

        Parameters
        ----------
        scores
            [slots, width, vocabulary]: of what may follow each beam of the first so many slots.
        keys
            Places of a slot that are in use.
        """
        count, width = scores.shape[:2]
        some = self._slots[:count, None]
        first = scores[:, :1, : len(self._ids)]
        self._first[some, self.written[:count, None].clamp(max=1)] = first
        totals = self._continued(scores)
        # First within parts of the rows: a GPU takes a part at a time.
        parts = totals.view(count, self._parts * width, -1)
        within = parts.topk(2 * width)
        best = within.values.flatten(1).topk(2 * width)
        place = within.indices.flatten(1).gather(1, best.indices)
        place += best.indices // (2 * width) * parts.shape[-1]
        parent = place // totals.shape[-1]
        token = place % totals.shape[-1]
        values = best.values + self._considered[:count]

        widths = self._widths[:count, None]
        open_ = (values > NEVER) & (token != END)
        rank = open_.cumsum(1)
        ended = torch.where(open_ | (rank >= widths), self._never, values)
        column = rank * (open_ & (rank <= widths))
        kept, likelihoods = self._kept[:count], self._likelihoods[:count]
        kept[:, 0].scatter_(1, column, parent)
        kept[:, 1].scatter_(1, column, token)
        likelihoods.fill_(NEVER).scatter_(1, column, values)
        step = self.written[:count, None]
        self._history[some, step] = kept[:, None, :, 1:]
        self._ended_parents[some, step] = parent[:, None]
        self._ended[some, step] = ended[:, None]

        best_open = likelihoods[:, 1]
        better = (self._ended[:count] > best_open[:, None, None]).sum((1, 2))
        self.written[:count] += ~self.done[:count]
        self.done[:count] |= (
            (best_open == NEVER)
            | (better >= self._widths[:count])
            | (self.written[:count] >= self._limit[:count])
        )
        parents, tokens = kept[:, :, 1:].unbind(1)
        self.mask[:count, :, :keys] = self.mask[:count, :, :keys][some, parents]
        self._follow(count, parents, tokens)

    def found(self, slot: int) -> list[Beam]:
        """Return the complete beams of a search, in the order in which they were found."""
        steps = int(self.written[slot])
        parents, chosen, ended_parents, ended = (
            of_slot[slot, :steps].cpu().numpy()
            for of_slot in (self._parents, self._chosen, self._ended_parents, self._ended)
        )
        beams = []
        for step, place in np.argwhere(np.isfinite(ended)):
            tokens = [END]
            beam = ended_parents[step, place]
            for earlier in range(step - 1, -1, -1):
                tokens.append(int(chosen[earlier, beam]))
                beam = parents[earlier, beam]
            beams.append(Beam(tuple(reversed(tokens)), float(ended[step, place])))
        return beams

    def first(self, slot: int) -> NDArray[np.float32]:
        """Return the scores of a search's first token, [special tokens], before any choice."""
        scores: NDArray[np.float32] = self._first[slot, 0].float().cpu().numpy()
        return scores

    def _continued(self, scores: Tensor) -> Tensor:
        """How likely each beam is with each token that may follow: float32, as `scores`."""
        count = len(scores)
        totals = torch.log_softmax(scores, dim=-1, dtype=torch.float32)
        own = self._scores[:count, :, None]
        special, text = totals[..., : len(self._ids)], totals[..., len(self._ids) :]
        special += torch.where(self._may_follow(count), own, self._never)
        text += torch.where(self._text[:count, :, None], own, self._never)
        return totals

    def _may_follow(self, count: int) -> Tensor:
        """Which special tokens may follow each beam: bool [slots, width, special tokens]."""
        line = self._lines[:count, None] >= self._next_line[:count, :, None]
        return torch.where(self._is_end, self._end[:count, :, None], line)

    def _follow(self, count: int, parents: Tensor, tokens: Tensor) -> None:
        """Work out what may follow the new beams."""
        named = self._named[:count].gather(1, parents)
        opened = self._opened[:count].gather(1, parents)
        line = tokens < len(self._ids)
        starts = line & ~opened
        # A hunk may end after a whole line, or at once if it deletes something. One that starts
        # names a line after the last.
        whole = self._completes[tokens] & (tokens != named)
        last = torch.where(line, tokens, named, out=self._named[:count])
        text = torch.logical_not(starts, out=self._text[:count])
        self._opened[:count] = starts
        torch.logical_and(whole, text, out=self._end[:count])
        torch.add(torch.where(whole, last, self._no_line), text, out=self._next_line[:count])
