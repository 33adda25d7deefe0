"""What a decoder on a GPU has room for, and the sizes of its passes."""

from bisect import bisect_left
from dataclasses import dataclass

from reference.model.exploration import Effort
from reference.model.prompt import MAX_TOKENS

GPU_EFFORT = Effort(at_once=16, tokens=1200, rows=80, behind=1.0)

_FEW_SLOTS = 4  # searches that a group has before the next one has any
# Few rows of 1,024 scores or less take the softmax twice as long as rows of more.
_KEY_SIZES = (1040, 1792)
# Of the rows of all slots, for each number of places. Most searches read half of what they may,
# and the more places there are, the less do fewer rows save. Each takes time to capture.
_PARTS = ((0.25, 0.45, 0.6, 0.8, 1), (0.6, 1), (1,))
_KEY_STEP = 16  # or fused attention would copy its mask in every layer


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a decoder has room for.

    Parameters
    ----------
    slots
        Searches that are read for in one pass.
    groups
        Of so many slots each. They take turns: what the device has read for one is looked at
        while it reads for another. A few searches are all in the first.
    text
        Tokens of a prompt and its draft.
    later
        Tokens that are read for a search after prompt and draft; as many more as these are fewer
        than they might be, for those that look further.
    rows
        Tokens that are read for a search in one pass.
    chunks
        Tokens of prompt and draft that are read in one pass; the least first.
    together
        Prompts and drafts that are read in one pass where several wait.
    joint
        Tokens of these, in all; each may have as many as the largest chunk.
    """

    slots: int = 8
    groups: int = 3
    text: int = MAX_TOKENS
    later: int = GPU_EFFORT.most
    rows: int = GPU_EFFORT.rows
    chunks: tuple[int, ...] = (256, 512)
    together: int = 4
    joint: int = 1024

    def sizes(self, group: int) -> list[tuple[int, int, int]]:
        """Slots, tokens in all and places of a group's passes, the smallest first."""
        all_rows = self.slots * self.rows
        sizes = {
            (self.slots, max(self.rows, int(part * all_rows)), keys)
            for keys, parts in zip(self.key_sizes(), _PARTS, strict=False)
            for part in parts
        }
        if group == 0:  # where a search is that has no other beside it
            sizes |= {(1, self.rows, keys) for keys in self.key_sizes()}
        return sorted(sizes)

    def order(self) -> list[int]:
        """Slots in the order in which to take them: a few of a group, then of the next."""
        slots = range(self.slots * self.groups)
        return sorted(slots, key=lambda slot: slot % self.slots >= _FEW_SLOTS)

    @property
    def keys(self) -> int:
        """Places of a slot."""
        return -(-(self.text + self.later) // _KEY_STEP) * _KEY_STEP

    def key_sizes(self) -> list[int]:
        """Numbers of places that have passes of their own."""
        return [*(size for size in _KEY_SIZES if size < self.keys), self.keys]

    def text_sizes(self) -> list[int]:
        """Numbers of places that have passes of their own for prompts and drafts."""
        sizes = self.key_sizes()
        return sizes[: bisect_left(sizes, self.text) + 1]
