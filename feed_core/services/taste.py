"""What reactions and texts tell of one member's taste, in plain NumPy.

The votes come from three-step walks: what the member liked, who else liked it, what those like.
A walk is damped at each step, so that neither the popular nor the busy decide; popularity is then
added back on its own, as of now. After Paudel et al. 2017, "Updatable, accurate, diverse and
scalable recommendations for interactive applications" (RP3-beta), and Verstrepen and Goethals
2014, "Unifying nearest neighbors collaborative filtering".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from feed_core.services.wordbag import word_vectors

When: TypeAlias = datetime | float
Reacted: TypeAlias = tuple[int, int, When]  # member, item, when
Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]

LIKED_BEFORE = 0.3  # power by which an item's popularity is damped in telling who is alike
LATEST = 100  # of a member's reactions, the newest are compared by text
SHARP = 2  # power of text similarity: one close text says more than many that are a little alike
FEW = 20  # texts from which on their mean counts for more than half
NARROW_PART = 1.0  # of the hundred nearest members' votes, beside those of everybody
TEXT_PART = 0.2  # of text similarity, beside all votes


class Vectors(Protocol):
    """Turns texts into rows of the same length, of float32; each row has length 1 (or is 0)."""

    def __call__(self, texts: Sequence[str], /) -> Floats:
        """One row for each text."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How votes are damped: powers of busyness and popularity, and how many neighbours vote."""

    busy: float
    popular: float
    nearest: int | None = None


WIDE = Walk(busy=1.0, popular=0.7)
NARROW = Walk(busy=0.5, popular=0.6, nearest=100)


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

    def take(self, rows: Places) -> tuple[Places, Places]:
        """All places of these rows, and for each of them which of the rows it is from."""
        length = self.start[rows + 1] - self.start[rows]
        origin = np.repeat(np.arange(len(rows)), length)
        before = np.cumsum(length) - length
        return self.places[np.arange(len(origin)) + (self.start[rows] - before)[origin]], origin


class Taste:
    """Reactions and texts made ready to be asked about one member after the other; never changes.

    To make it takes time in proportion to both; a question takes time in proportion to the
    reactions of those who share one with the member. Ids are any integers.
    """

    def __init__(
        self,
        members: Places,
        items: Places,
        when: NDArray[np.float64],
        texts: Mapping[int, str],
        *,
        vectors: Vectors = word_vectors,
    ) -> None:
        """From three arrays of one length, a place for each reaction, in any order."""
        order = np.lexsort((when, items, members))
        members, items, when = members[order], items[order], when[order]
        # The newest reaction of a member to an item counts: the last of its equals.
        last = np.ones(len(order), dtype=bool)
        last[:-1] = (members[1:] != members[:-1]) | (items[1:] != items[:-1])
        items, self._when = items[last], when[last]
        self.ids: Places = np.union1d(items, np.array(list(texts), dtype=np.int64))
        """The items' ids in rising order; every array of scores has one number for each."""
        self._members, self._member = np.unique(members[last], return_inverse=True)
        self._item: Places = np.searchsorted(self.ids, items)
        self._by_member = Lists.of(self._member, self._item, len(self._members))
        self._by_item = Lists.of(self._item, self._member, len(self.ids))
        self._popularity = np.bincount(self._item, minlength=len(self.ids)).astype(np.float64)
        self._busyness = np.bincount(self._member, minlength=len(self._members)).astype(np.float64)
        self._born = np.full(len(self.ids), np.inf)
        np.minimum.at(self._born, self._item, self._when)
        self._texts, self._reader = texts, vectors
        self._rows: Floats | None = None
        self.pace = self._pace()
        """How old, in seconds, the oldest of the newest fifth of all reactions is; 0 if unknown."""

    @classmethod
    def of(
        cls,
        reactions: Iterable[Reacted],
        texts: Mapping[int, str],
        *,
        vectors: Vectors = word_vectors,
    ) -> "Taste":
        """From (member, item, when) in any order; when is a datetime or a number that grows."""
        rows = [(member, item, seconds(when)) for member, item, when in reactions]
        members, items, times = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(
            np.array(members, dtype=np.int64),
            np.array(items, dtype=np.int64),
            np.array(times, dtype=np.float64),
            texts,
            vectors=vectors,
        )

    def liked_by(self, member: int) -> Places:
        """Places in `ids` of what a member reacted to, oldest first; none for a stranger."""
        row = np.searchsorted(self._members, member)
        if row == len(self._members) or self._members[row] != member:
            return np.empty(0, dtype=np.int64)
        mine = slice(self._by_member.start[row], self._by_member.start[row + 1])
        # The pairs are sorted by member, so a member's slice is the same in every array.
        order = np.argsort(self._when[mine], kind="stable")
        liked: Places = self._by_member.places[mine][order]
        return liked

    def last_seen(self, member: int) -> float:
        """When a member last reacted, in seconds; of a stranger, when anybody did; 0 if nobody."""
        mine = self._when[self._members[self._member] == member]
        return float((mine if len(mine) else self._when).max(initial=0.0))

    def votes(self, liked: Places, walk: Walk) -> Floats:
        """What those who share these likes like, one number for each item, 0 for unknown ones."""
        fans, origin = self._by_item.take(liked)
        told = self._popularity[liked] ** -LIKED_BEFORE
        shared = np.bincount(fans, weights=told[origin], minlength=len(self._members))
        near: NDArray[np.float64] = shared / np.maximum(self._busyness, 1) ** walk.busy
        if walk.nearest is not None and walk.nearest < len(near):
            near[near < np.partition(near, -walk.nearest)[-walk.nearest]] = 0
        voters = np.flatnonzero(near)
        voted, origin = self._by_member.take(voters)
        found = np.bincount(voted, weights=near[voters][origin], minlength=len(self.ids))
        return (found / np.maximum(self._popularity, 1) ** walk.popular).astype(np.float32)

    def alike(self, liked: Places) -> Floats:
        """How near each item's text is to those of the newest likes."""
        rows = self.vectors()
        near = np.maximum(rows @ rows[liked[-LATEST:]].T, 0)
        alike: Floats = (near**SHARP).sum(axis=1, dtype=np.float32)
        return alike

    def vectors(self) -> Floats:
        """Each item's text vector without what all have in common; zeros where there is no text.

        Read when first asked for; rows have length 1.
        """
        if self._rows is None:
            self._rows = self._read()
        return self._rows

    def taste(self, liked: Places) -> Floats:
        """Both kinds of votes and the texts in one; each is a standard score over all items."""
        found = standard(self.votes(liked, WIDE)) + NARROW_PART * standard(
            self.votes(liked, NARROW)
        )
        return standard(found) + np.float32(TEXT_PART) * standard(self.alike(liked))

    def liked_lately(self, now: float) -> Floats:
        """The logarithm of how often each item was liked about now; older likes fade away."""
        fading = np.exp(-np.abs(now - self._when) / (self.pace / 2)) if self.pace else None
        found = np.bincount(self._item, weights=fading, minlength=len(self.ids))
        return np.log1p(found).astype(np.float32)

    def freshness(self, now: float, born: Mapping[int, When] | None = None) -> Floats:
        """From 1 for what is new to 0 for what is old; the mean where nothing is known.

        Without `born` an item is as old as its oldest reaction.
        """
        since = self._born.copy()
        for item, when in (born or {}).items():
            place = np.searchsorted(self.ids, item)
            if place < len(self.ids) and self.ids[place] == item:
                since[place] = seconds(when)
        known = np.isfinite(since)
        found = np.zeros(len(since), dtype=np.float32)
        if self.pace and known.any():
            found[known] = np.exp(-np.abs(now - since[known]) / self.pace)
            found[~known] = found[known].mean()
        return found

    def places(self, items: Collection[int]) -> Places:
        """Places in `ids` of these items, in rising order; unknown ids are left out."""
        found: Places = np.flatnonzero(np.isin(self.ids, np.array(list(items), dtype=np.int64)))
        return found

    def _read(self) -> Floats:
        told = [n for n, item in enumerate(self.ids.tolist()) if self._texts.get(item, "").strip()]
        read = self._reader([self._texts[int(self.ids[n])] for n in told]) if told else None
        found = np.zeros((len(self.ids), 1 if read is None else read.shape[1]), dtype=np.float32)
        if read is not None:
            # What all texts share says nothing of one; of a few texts little is known to be shared.
            read = read - read.sum(axis=0) / np.float32(len(read) + FEW)
            length = np.linalg.norm(read, axis=1, keepdims=True)
            found[told] = read / np.where(length > 0, length, 1)
        return found

    def _pace(self) -> float:
        if not len(self._when):
            return 0.0
        ages = self._when.max() - self._when
        return float(np.quantile(ages, 0.2)) or float(ages.mean())  # a fifth may be of one moment


def standard(scores: Floats) -> Floats:
    """Scores with mean 0 and standard deviation 1; zeros if all are the same."""
    if not len(scores):
        return scores
    spread = scores.std()
    if spread < 1e-9:
        return np.zeros_like(scores)
    found: Floats = (scores - scores.mean()) / spread
    return found


def seconds(when: When) -> float:
    """A moment as a number; a datetime without a zone is taken as UTC."""
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    return float(when)
