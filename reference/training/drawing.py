"""Answers drawn by their probability, many at a time, where a search would take the likeliest."""

import math

import torch
from torch import Tensor

from reference.model.gpu.beams import NEVER, Beams, Question
from reference.model.prompt import END, SPECIAL_TOKENS

LEAST_SHARE = 0.05
"""Text less likely than this part of the likeliest is not drawn (min-p, arXiv:2407.01082).

Lines are drawn as they come: where a second hunk starts, there are many, each of them unlikely.
"""


class DrawnBeams(Beams):
    """Beams that know nothing of each other: each draws its own next token."""

    def begin(self, slot: int, question: Question) -> None:
        """Start as many drawings as the question is wide."""
        super().begin(slot, question)
        self._scores[slot, : question.width] = 0.0

    def choose(self, scores: Tensor, keys: int) -> None:
        """Draw a token for each open beam; see `Beams.choose`."""
        count, width = scores.shape[:2]
        some = self._slots[:count, None]
        totals = self._continued(scores)
        text = totals[..., len(SPECIAL_TOKENS) :]
        floor = totals.amax(-1, keepdim=True) + math.log(LEAST_SHARE)
        text.masked_fill_(text < floor, NEVER)
        # The largest of scores with Gumbel noise is a draw by their probability.
        noise = torch.empty_like(totals).exponential_().log_().neg_()
        tokens = (totals + noise).argmax(-1)
        likelihoods = totals.gather(-1, tokens[..., None])[..., 0]
        ends = tokens == END
        own = torch.arange(width, device=scores.device).expand(count, -1)
        nothing = likelihoods.new_full((count, width), NEVER)
        step = self.written[:count, None]
        self._parents[some, step] = own[:, None]
        self._chosen[some, step] = tokens[:, None]
        self._ended_parents[some, step] = own.repeat(1, 2)[:, None]
        ended = torch.cat((torch.where(ends, likelihoods, NEVER), nothing), dim=1)
        self._ended[some, step] = ended[:, None]
        self._scores[:count] = torch.where(ends, NEVER, likelihoods)
        full = self.written[:count] + 1 >= self._limit[:count]
        self.written[:count] += (~self.done[:count]).long()
        self.done[:count] |= (self._scores[:count] == NEVER).all(1) | full
        self.tokens[:count] = tokens
        self._follow(count, own, tokens)
