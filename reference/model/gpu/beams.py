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

HIDDEN = -1e4  # a score that no softmax lets through; finite in half precision
NEVER = -torch.inf
_NO_LINE = len(SPECIAL_TOKENS)


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
        self._width = width
        self._line_ends = torch.from_numpy(line_ends).to(device)
        self._ids = torch.arange(len(SPECIAL_TOKENS), device=device)
        self._places = torch.arange(2 * width, device=device)
        self._slots = torch.arange(slots, device=device)
        self.mask = torch.full((slots, width, keys), HIDDEN, dtype=like.dtype, device=device)

        def whole(*sizes: int, dtype: torch.dtype = torch.int64) -> Tensor:
            return torch.zeros((slots, *sizes), dtype=dtype, device=device)

        # Of each search: length of the prompt, last line that may be named, limits, tokens written.
        self.prompt, self._last_line, self._widths = whole(), whole(), whole() + 1
        self._limit, self.written = whole(), whole()
        self.done = torch.ones(slots, dtype=torch.bool, device=device)
        self._complete = torch.full((slots, width), NEVER, device=device)  # the best so far
        # Of each beam: its likelihood, its last token, and what may follow that.
        self._scores = torch.full((slots, width), NEVER, device=device)
        self.tokens, self._named = whole(width), whole(width)
        self._next_line = whole(width)  # the first that may be named; _NO_LINE for none
        self._opened = whole(width, dtype=torch.bool)  # a hunk that still lacks its end
        self._text, self._end = whole(width, dtype=torch.bool), whole(width, dtype=torch.bool)
        self._first = whole(len(SPECIAL_TOKENS), dtype=torch.float32)  # scores before any choice
        # Of each step: where each open beam came from, and which beams were complete. The row
        # after the last takes what a search does that has ended.
        steps = max_tokens + 1
        self._parents, self._chosen = whole(steps, width), whole(steps, width)
        self._ended_parents = whole(steps, 2 * width)
        self._ended = torch.full((slots, steps, 2 * width), NEVER, device=device)

    def begin(self, slot: int, question: Question) -> None:
        """Start a search whose prompt is read but for its last token, which is the first step's."""
        read = len(question.prompt) - 1
        self.prompt[slot] = read
        self._last_line[slot] = FIRST_LINE + question.lines
        self._widths[slot] = question.width
        self._limit[slot] = question.max_tokens
        self.written[slot] = 0
        self._complete[slot] = NEVER
        self._scores[slot] = NEVER
        self._scores[slot, 0] = 0.0
        self.tokens[slot] = question.prompt[-1]
        self._named[slot] = 0
        self._next_line[slot] = FIRST_LINE
        for flags in (self._opened, self._text, self._end):
            flags[slot] = False
        self.mask[slot] = HIDDEN
        self.mask[slot, :, :read] = 0.0
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
        begun = self.written[:count, None] > 0
        first = scores[:, 0, : len(self._ids)].float()
        self._first[:count] = torch.where(begun, self._first[:count], first)
        totals = torch.log_softmax(scores, dim=-1, dtype=torch.float32)
        totals += self._scores[:count, :, None]
        special, text = totals[..., : len(self._ids)], totals[..., len(self._ids) :]
        special.masked_fill_(~self._may_follow(count), NEVER)
        text.masked_fill_(~self._text[:count, :, None], NEVER)
        rows = totals.topk(2 * width)
        best = rows.values.flatten(1).topk(2 * width)
        parent = best.indices // (2 * width)
        token = rows.indices.flatten(1).gather(1, best.indices)

        widths = self._widths[:count, None]
        possible = (best.values > NEVER) & (self._places < 2 * widths)
        open_ = possible & (token != END)
        before = open_.cumsum(1) - open_.long()
        tried = possible & (before < widths)
        ended = torch.where(tried & (token == END), best.values, NEVER)
        place = torch.where(tried & open_, before, width)  # the last column is thrown away

        def kept(values: Tensor, nothing: float) -> Tensor:
            row = torch.full((count, width + 1), nothing, dtype=values.dtype, device=values.device)
            return row.scatter_(1, place, values)[:, :width]

        parents, tokens = kept(parent, 0), kept(token, 0)
        likelihoods = kept(best.values, NEVER)
        complete = torch.cat((self._complete[:count], ended), dim=1).topk(width).values
        step = self.written[:count, None]
        self._parents[some, step] = parents[:, None]
        self._chosen[some, step] = tokens[:, None]
        self._ended_parents[some, step] = parent[:, None]
        self._ended[some, step] = ended[:, None]

        best_open = likelihoods[:, 0]
        no_better = best_open < complete.gather(1, widths - 1)[:, 0]
        full = self.written[:count] + 1 >= self._limit[:count]
        self.written[:count] += (~self.done[:count]).long()
        self.done[:count] |= (best_open == NEVER) | no_better | full
        self._complete[:count] = complete
        self._scores[:count] = likelihoods
        self.tokens[:count] = tokens
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
        scores: NDArray[np.float32] = self._first[slot].cpu().numpy()
        return scores

    def _may_follow(self, count: int) -> Tensor:
        """Which special tokens may follow each beam: bool [slots, width, special tokens]."""
        line = (self._ids >= self._next_line[:count, :, None]) & (
            self._ids <= self._last_line[:count, None, None]
        )
        return line | ((self._ids == END) & self._end[:count, :, None])

    def _follow(self, count: int, parents: Tensor, tokens: Tensor) -> None:
        """Work out what may follow the new beams."""
        named = self._named[:count].gather(1, parents)
        opened = self._opened[:count].gather(1, parents)
        line = (tokens >= FIRST_LINE) & (tokens < len(self._ids))
        starts = line & ~opened
        # A hunk may end after a whole line, or at once if it deletes something.
        whole = torch.where(line, opened & (tokens != named), self._line_ends[tokens])
        named = torch.where(line, tokens, named)
        self._named[:count] = named
        self._opened[:count] = starts
        self._text[:count] = ~starts
        self._end[:count] = whole
        after = torch.where(whole, named + 1, _NO_LINE)
        self._next_line[:count] = torch.where(starts, named, after)
