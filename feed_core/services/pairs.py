"""Makers, tags and threads as arrays: which of them each creation of a window belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from feed_core.services.crowd import find
from feed_core.services.votes import Places

NOTHING: Places = np.empty(0, dtype=np.int64)
LOOSE = 2_000  # pairs that are looked through; of more, all are put in the order of their subjects


@dataclass(frozen=True, slots=True)
class Pairs:
    """What belongs to which creation: a subject and the creation's place; places rise.

    The first of the pairs are also there by subject: who asks for a few looks at nothing else.
    """

    subjects: Places
    places: Places
    sorted_subjects: Places = field(default_factory=NOTHING.copy)
    sorted_places: Places = field(default_factory=NOTHING.copy)

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> "Pairs":
        """From subject and place of each."""
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(both[:, 0].copy(), both[:, 1].copy())

    def where(self, subjects: Collection[int]) -> Places:
        """The places of creations that one of these belongs to, one for each that does."""
        if not len(subjects):
            return NOTHING
        return self.each(np.unique(np.array(list(subjects), dtype=np.int64)))[1]

    def each(self, wanted: Places) -> tuple[Places, Places]:
        """Which of these subjects, which rise, belongs to which creation, as places of both."""
        first, end = (
            np.searchsorted(self.sorted_subjects, wanted, side=it) for it in ("left", "right")
        )
        count = end - first
        which = np.repeat(np.arange(len(wanted)), count)
        rows = np.repeat(end - np.cumsum(count), count) + np.arange(len(which))
        loose = len(self.sorted_subjects)
        at, known = find(wanted, self.subjects[loose:])
        return (
            np.concatenate([which, at[known]]),
            np.concatenate([self.sorted_places[rows], self.places[loose:][known]]),
        )

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
            self.sorted_subjects,
            self.sorted_places,
        )._tidied()

    def among(self, stands: Places) -> "Pairs":
        """Those of creations that have a place from then on, each with that place."""
        at = stands[self.places]
        return Pairs(self.subjects[at >= 0], at[at >= 0])._tidied()

    def later(self, gone: int) -> "Pairs":
        """Without the first places, which have left."""
        kept = self.places >= gone
        return Pairs(self.subjects[kept], self.places[kept] - gone)._tidied()

    def _tidied(self) -> "Pairs":
        if len(self.subjects) - len(self.sorted_subjects) <= LOOSE:
            return self
        order = np.argsort(self.subjects, kind="stable")
        return Pairs(self.subjects, self.places, self.subjects[order], self.places[order])
