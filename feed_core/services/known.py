"""Reactions and texts made ready to be asked about one member after the other."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from feed_core.services.blending import GENERAL, Sign, weighed
from feed_core.services.crowd import Crowd, Floats, Moments, Places, Reacted, When, seconds
from feed_core.services.factors import Factors
from feed_core.services.taste import LATEST, Likes, Vectors, chosen, read
from feed_core.services.wordbag import word_vectors

DIRECTIONS = 32
HELD_BACK = 400  # members of whom one reaction is held back, at most
OTHERS = 400  # items among which it is to stand out, at most


class Known:
    """Who reacted to what, and what it says; it never changes.

    What is read out of it takes time in proportion to the reactions and texts, once; a question
    about one member then takes time in proportion to the items.
    """

    def __init__(
        self, crowd: Crowd, texts: Mapping[int, str], *, vectors: Vectors = word_vectors
    ) -> None:
        self.crowd = crowd
        self.ids: Places = np.union1d(crowd.ids, np.array(list(texts), dtype=np.int64))
        """All items, rising."""
        self.vectors = read(texts, self.ids, vectors)
        """Their texts, a row for each."""

    @classmethod
    def of(
        cls,
        reactions: Iterable[Reacted],
        texts: Mapping[int, str],
        *,
        vectors: Vectors = word_vectors,
    ) -> "Known":
        """From (member, item, when) in any order; when is a datetime or a number that grows."""
        return cls(Crowd.of(reactions), texts, vectors=vectors)

    def likes(self, member: int) -> Likes:
        """What a member reacted to."""
        ids = self.crowd.liked_by(member)
        weights = np.ones(len(ids), dtype=np.float32)
        return Likes(ids, weights, chosen(self.vectors, self.ids, ids[-LATEST:]))

    def quality(self, now: float) -> Floats:
        """The logarithm of how often each item was liked about now."""
        return np.append(self.crowd.liked_lately(now), np.float32(0))[self._at]

    def freshness(self, now: float, born: Mapping[int, When] | None = None) -> Floats:
        """From 1 for what is new to 0 for what is old; the mean where nothing is known.

        Without `born` an item is as old as its oldest reaction.
        """
        since = self._born.copy()
        for item, when in (born or {}).items():
            place = np.searchsorted(self.ids, item)
            if place < len(self.ids) and self.ids[place] == item:
                since[place] = seconds(when)
        return fresh(since, now, self.crowd.pace)

    def signs(self, member: int, now: float, born: Mapping[int, When] | None = None) -> Floats:
        """What speaks for each of the `ids`, as standard scores; shape (signs, ids).

        The scores are standard among the items that the member has not reacted to.
        """
        likes = self.likes(member)
        voices = self.crowd.ask(likes.ids, likes.weights)
        wish = self._factors.wish(self.crowd.at(likes.ids))
        wanted, at = self._factors.wanted, self._at
        text = self.vectors @ likes.vectors.sum(axis=0)
        found = np.zeros((len(Sign), len(self.ids)), dtype=np.float32)
        found[Sign.WIDE], found[Sign.NARROW] = voices.wide[at], voices.narrow[at]
        told = bool(wanted.any())
        for sign, most in ((Sign.BROADLY, 8), (Sign.CLEARLY, 16), (Sign.FINELY, DIRECTIONS)):
            if told:
                found[sign] = np.append(wanted[:, :most] @ wish[:most], np.float32(0))[at]
            else:
                found[sign] = found[Sign.NARROW]  # of a few members the nearest tell most
        found[Sign.TEXT] = text
        found[Sign.POPULAR] = self._popular
        found[Sign.LATELY] = self.quality(now)
        found[Sign.FRESH] = self.freshness(now, born)
        open_to = ~np.isin(self.ids, likes.ids)
        for row in found:
            among = row[open_to]
            spread = among.std() if len(among) else 0.0
            row[:] = (row - among.mean()) / spread if spread > 1e-9 else 0
        found[Sign.TEXT_ALONE] = found[Sign.TEXT] / (1 + np.expm1(self._popular))
        found[Sign.POPULAR_FIRST] = found[Sign.POPULAR] / np.float32(np.sqrt(1 + len(likes.ids)))
        return found

    @cached_property
    def weights(self) -> Floats:
        """How much each sign tells here, see `blending`; chosen without looking at any member.

        Of some members one reaction is held back: of every other one the newest, else any.
        """
        members, items, when = self.crowd.reactions()
        rng = np.random.default_rng(0)
        order = np.lexsort((when, members))
        _, first, count = np.unique(members[order], return_index=True, return_counts=True)
        asked = rng.permutation(np.flatnonzero(count > 1))[:HELD_BACK]
        if not len(asked):
            return GENERAL
        places = first[asked] + rng.integers(count[asked])
        places[::2] = (first + count - 1)[asked[::2]]
        held = order[places]
        left = np.ones(len(members), dtype=bool)
        left[held] = False
        before = self._without(Crowd(members[left], items[left], when[left]))
        examples = []
        for member, item in zip(members[held].tolist(), items[held].tolist(), strict=True):
            mine = np.append(before.crowd.liked_by(member), item)
            others = np.flatnonzero(~np.isin(self.ids, mine))
            others = rng.permutation(others)[:OTHERS]
            signs = before.signs(member, before.crowd.last_seen(member))
            place = int(np.searchsorted(self.ids, item))
            examples.append(signs[:, np.append(place, others)])
        return weighed(examples)

    def _without(self, crowd: Crowd) -> "Known":
        """The same items and texts, and fewer reactions."""
        fewer = Known.__new__(Known)
        fewer.crowd, fewer.ids, fewer.vectors = crowd, self.ids, self.vectors
        return fewer

    @cached_property
    def _at(self) -> Places:
        return self.crowd.at(self.ids)

    @cached_property
    def _born(self) -> Moments:
        return np.append(self.crowd.first_liked(), np.inf)[self._at]

    @cached_property
    def _popular(self) -> Floats:
        _, items, _ = self.crowd.reactions()
        return np.log1p(np.bincount(np.searchsorted(self.ids, items), minlength=len(self.ids)))

    @cached_property
    def _factors(self) -> Factors:
        members, items, _ = self.crowd.reactions()
        _, rows = np.unique(members, return_inverse=True)
        return Factors.of(rows, self.crowd.at(items), DIRECTIONS)


def fresh(since: Moments, now: float, pace: float) -> Floats:
    """From 1 for what is of now to 0 for what is old; the mean where it is not known (inf)."""
    known = np.isfinite(since)
    if pace and known.all():
        return np.exp(-np.abs(now - since) / pace).astype(np.float32)
    found = np.zeros(len(since), dtype=np.float32)
    if pace and known.any():
        found[known] = np.exp(-np.abs(now - since[known]) / pace)
        found[~known] = found[known].mean()
    return found
