"""Tags and threads as arrays: which of them each creation of a window belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from feed_core.services.votes import Places


@dataclass(frozen=True, slots=True)
class Pairs:
    """What belongs to which creation: a tag or a thread, and the creation's place; places rise."""

    subjects: Places
    places: Places

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> "Pairs":
        """From subject and place of each."""
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(both[:, 0].copy(), both[:, 1].copy())

    def where(self, subjects: Collection[int]) -> Places:
        """The places of creations that one of these belongs to, one for each that does."""
        if not subjects:
            return np.empty(0, dtype=np.int64)
        wanted = np.array(list(subjects), dtype=np.int64)
        asked = np.zeros(int(self.subjects.max(initial=-1)) + 1, dtype=bool)  # quicker than a sort
        asked[wanted[wanted < len(asked)]] = True
        return self.places[asked[self.subjects]]

    def at(self, places: Places) -> "Pairs":
        """Those of creations in these places."""
        first, end = (np.searchsorted(self.places, places, side=it) for it in ("left", "right"))
        count = end - first
        rows = np.repeat(end - np.cumsum(count), count) + np.arange(count.sum())
        return Pairs(self.subjects[rows], self.places[rows])

    def joined(self, other: "Pairs") -> "Pairs":
        """Both, one after the other."""
        return Pairs(
            np.concatenate([self.subjects, other.subjects]),
            np.concatenate([self.places, other.places]),
        )

    def among(self, stands: Places) -> "Pairs":
        """Those of creations that have a place from then on, each with that place."""
        at = stands[self.places]
        return Pairs(self.subjects[at >= 0], at[at >= 0])

    def later(self, gone: int) -> "Pairs":
        """Without the first places, which have left."""
        kept = self.places >= gone
        return Pairs(self.subjects[kept], self.places[kept] - gone)
