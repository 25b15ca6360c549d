"""Who votes for what, row by row, and how votes are added up and damped."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Strengths: TypeAlias = NDArray[np.float64]

NEWEST_VOTES = 100  # of each member count
ANSWERS = 32  # are remembered: who turns a page asks again


@dataclass(frozen=True, slots=True)
class Walk:
    """How votes are damped: powers of busyness and popularity, and how many neighbours vote."""

    busy: float
    popular: float
    nearest: int


WIDE = Walk(busy=1.0, popular=0.7, nearest=800)
NARROW = Walk(busy=0.5, popular=0.6, nearest=100)
BOTH = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Lists:
    """Rows of different length, one after the other: row n is `places[start[n]:start[n + 1]]`."""

    start: Places
    places: Places

    @classmethod
    def of(cls, rows: Places, places: Places, count: int) -> "Lists":
        """From pairs of row and place; the pairs' order is kept inside a row."""
        start = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=count), out=start[1:])
        return cls(start, places[np.argsort(rows, kind="stable")])

    def kept(self, places: Places) -> "Lists":
        """With these places in place of its own, without those below 0."""
        kept = places >= 0
        before = np.concatenate([[0], np.cumsum(kept)])
        return Lists(before[self.start], places[kept])

    def row(self, row: int) -> Places:
        """The places of one row."""
        return self.places[self.start[row] : self.start[row + 1]]

    def take(self, rows: Places, most: int) -> tuple[Places, Places]:
        """The last places of these rows, one row after the other, and how many are of each."""
        end = self.start[rows + 1]
        length = np.minimum(end - self.start[rows], most)
        at = np.repeat(end - np.cumsum(length), length)
        at += np.arange(len(at))
        return self.places.take(at), length


@dataclass(frozen=True, slots=True)
class Voices:
    """What those who share a member's likes like, and who they are.

    Votes are one number for each item that was asked about: see `Votes`.
    """

    wide: Floats
    narrow: Floats
    nearest: Places  # ids of the members of the narrow circle, the nearest first


@dataclass(frozen=True, slots=True)
class Votes:
    """What each member votes for among some items, made ready to be added up.

    The answers to the last questions are remembered.
    """

    of: Lists  # of each member, the places of the items
    damped: dict[Walk, Strengths]  # by how much what is popular counts less, one for each item
    answers: dict[bytes, Voices] = field(default_factory=dict)

    def longer(self, more: int) -> "Votes":
        """With so many items more, for which nobody votes."""
        none = np.zeros(more)
        damped = {walk: np.concatenate([it, none]) for walk, it in self.damped.items()}
        return Votes(self.of, damped)

    def added(self, voters: Places, near: Strengths, walk: Walk) -> Floats:
        """What these say of each item, who count so much each."""
        places, each = self.of.take(voters, NEWEST_VOTES)
        damped = self.damped[walk]
        found = np.bincount(places, weights=np.repeat(near, each), minlength=len(damped))
        votes = np.empty(len(damped), dtype=np.float32)
        return np.multiply(found, damped, out=votes, casting="same_kind")

    def keep(self, question: bytes, voices: Voices) -> None:
        """Remember an answer, and let go of the oldest when there are many."""
        self.answers[question] = voices
        if len(self.answers) > ANSWERS:
            self.answers.pop(next(iter(self.answers)), None)


@dataclass(frozen=True, slots=True)
class Few:
    """Who votes for some items: pairs of a voter and the place of an item among these."""

    voters: Places
    places: Places
    at: Places  # where each of the items stands in the crowd's `ids`; behind them where it does not
