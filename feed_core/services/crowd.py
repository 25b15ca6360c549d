"""What the reactions of all tell of one member's taste, in plain NumPy.

The votes come from three-step walks: what the member liked, who else liked it, what those like.
A walk is damped at each step, so that neither the popular nor the busy decide; popularity is then
added back on its own, as of now. After Paudel et al. 2017, "Updatable, accurate, diverse and
scalable recommendations for interactive applications" (RP3-beta), and Verstrepen and Goethals
2014, "Unifying nearest neighbors collaborative filtering".
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from feed_core.services.votes import BOTH, NARROW, NEWEST_VOTES, WIDE, Few, Lists, Votes, Walk
from feed_core.services.votes import Floats as Floats
from feed_core.services.votes import Mask as Mask
from feed_core.services.votes import Places as Places
from feed_core.services.votes import Strengths as Strengths
from feed_core.services.votes import Voices as Voices
from feed_core.services.whereabouts import Whereabouts

When: TypeAlias = datetime | float
Reacted: TypeAlias = tuple[int, int, When] | tuple[int, int]  # member, item, when (if known)
Moments: TypeAlias = NDArray[np.float64]  # seconds since 1970

LIKED_BEFORE = 0.3  # power by which an item's popularity is damped in telling who is alike
NEWEST_LIKES = 200  # of the member walk
NEWEST_FANS = 500  # of each of those go on


class Crowd:
    """Who reacted to what, made ready to be asked about one member after the other.

    It never changes. To make it takes time in proportion to the reactions; a question takes a
    bounded time, and the answers to the last ones are remembered. Ids are any integers.
    """

    def __init__(self, members: Places, items: Places, when: Moments) -> None:
        """From three arrays of one length, a place for each reaction, in any order."""
        order = np.lexsort((when, items, members))
        members, items, when = members[order], items[order], when[order]
        # The newest reaction of a member to an item counts: the last of its equals.
        last = np.ones(len(order), dtype=bool)
        last[:-1] = (members[1:] != members[:-1]) | (items[1:] != items[:-1])
        members, items, when = members[last], items[last], when[last]
        order = np.argsort(when, kind="stable")
        members, items, self._when = members[order], items[order], when[order]
        self.ids, self._item = _numbered(items)
        """The items' ids in rising order; every array of votes has one number for each."""
        self._whereabouts = Whereabouts(self.ids)
        self._members, self._member = _numbered(members)
        self._by_member = Lists.of(self._member, np.arange(len(when)), len(self._members))
        self._by_item = Lists.of(self._item, np.arange(len(when)), len(self.ids))
        # What a question goes through lies side by side: there is less to look up for each.
        self._items_of = Lists(self._by_member.start, self._item[self._by_member.places])
        self._fans_of = Lists(self._by_item.start, self._member[self._by_item.places])
        self._popularity = np.bincount(self._item, minlength=len(self.ids)).astype(np.float64)
        self._busyness = np.bincount(self._member, minlength=len(self._members)).astype(np.float64)
        self._told = self._popularity**-LIKED_BEFORE
        self._damped = {
            it: (self._busyness**-it.busy, self._popularity**-it.popular) for it in BOTH
        }
        self.pace = self._pace()
        """How old, in seconds, the oldest of the newest fifth of all reactions is; 0 if unknown."""

    @classmethod
    def of(cls, reactions: Iterable[Reacted]) -> "Crowd":
        """From (member, item, when) in any order; when is a datetime or a number that grows."""
        rows = [
            (member, item, seconds(when[0]) if when else 0.0) for member, item, *when in reactions
        ]
        members, items, times = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(
            np.array(members, dtype=np.int64),
            np.array(items, dtype=np.int64),
            np.array(times, dtype=np.float64),
        )

    def reactions(self) -> tuple[Places, Places, Moments]:
        """Who reacted, to what, and when: the newest of each member and item, oldest first."""
        return self._members[self._member], self.ids[self._item], self._when

    def liked_by(self, member: int) -> Places:
        """Ids of what a member reacted to, oldest first; none for a stranger."""
        liked: Places = self.ids[self._item[self._rows_of(member)]]
        return liked

    def last_seen(self, member: int) -> float:
        """When a member last reacted, in seconds; of a stranger, when anybody did; 0 if nobody."""
        mine = self._when[self._rows_of(member)]
        return float((mine if len(mine) else self._when).max(initial=0.0))

    def at(self, items: Places) -> Places:
        """Where in `ids` these items stand; an unknown one behind all of them."""
        place, known = self._whereabouts.find(items)
        return np.where(known, place, len(self.ids))

    def few(self, items: Places) -> Few:
        """The votes for these items alone: where many members ask, most of a walk is done once."""
        at = self.at(items)
        known = np.flatnonzero(at < len(self.ids))
        rows, each = self._by_item.take(at[known], len(self._when))
        counted = self._late[rows]
        rows, places = rows[counted], np.repeat(known, each)[counted]
        order = np.argsort(self._member[rows], kind="stable")  # as a walk adds them up
        return Few(self._member[rows][order], places[order], at)

    def ask_few(self, liked: Places, weights: Floats, few: Few) -> Voices:
        """As `ask`, but the votes are one number for each of these items."""
        shared = self._shared(liked, weights)
        near, strength = self._nearest(shared, NARROW)
        return Voices(
            wide=self._few_votes(*self._nearest(shared, WIDE), WIDE, few),
            narrow=self._few_votes(near, strength, NARROW, few),
            nearest=self._members[near[np.argsort(-strength, kind="stable")]],
        )

    @cached_property
    def _late(self) -> Mask:
        """Which reactions are among the newest of their member, so that they count as votes."""
        late = np.zeros(len(self._when), dtype=bool)
        end = self._by_member.start[1:][self._member[self._by_member.places]]
        late[self._by_member.places] = np.arange(len(end)) >= end - NEWEST_VOTES
        return late

    def _few_votes(self, voters: Places, near: Strengths, walk: Walk, few: Few) -> Floats:
        strength = np.zeros(len(self._members))
        strength[voters] = near
        found = np.bincount(few.places, strength[few.voters], minlength=len(few.at))
        damped = np.append(self._damped[walk][1], 0.0)[few.at]
        votes: Floats = (found * damped).astype(np.float32)
        return votes

    def votes(self, items: Places) -> Votes:
        """The votes for these items alone, which are different ones: one number for each."""
        at = self.at(items)
        stands = np.full(len(self.ids) + 1, -1)
        stands[at] = np.arange(len(items))
        stands[-1] = -1
        places = stands[self._items_of.places]
        places[~self._late[self._by_member.places]] = -1
        damped = {walk: np.append(it, 0.0)[at] for walk, (_, it) in self._damped.items()}
        return Votes(self._items_of.kept(places), damped)

    @cached_property
    def _all_votes(self) -> Votes:
        damped = {walk: it for walk, (_, it) in self._damped.items()}
        return Votes(self._items_of, damped).longer(1)

    def ask(self, liked: Places, weights: Floats, votes: Votes | None = None) -> Voices:
        """What those say who share these likes.

        Args:
            liked: ids of what a member likes, oldest first.
            weights: how much each of these tells.
            votes: for what they may vote; else for all of the crowd's `ids`, and behind them
                stands 0 for all else.
        """
        votes = self._all_votes if votes is None else votes
        question = liked.tobytes() + weights.tobytes()
        if (known := votes.answers.get(question)) is not None:
            return known
        shared = self._shared(liked, weights)
        (near, strength), others = self._nearest(shared, NARROW), self._nearest(shared, WIDE)
        voices = Voices(
            wide=votes.added(*others, WIDE),
            narrow=votes.added(near, strength, NARROW),
            nearest=self._members[near[np.argsort(-strength, kind="stable")]],
        )
        votes.keep(question, voices)
        return voices

    def liked_lately(self, now: float) -> Floats:
        """The logarithm of how often each item was liked about now; older likes fade away."""
        fading = np.exp(-np.abs(now - self._when) / (self.pace / 2)) if self.pace else None
        found = np.bincount(self._item, weights=fading, minlength=len(self.ids))
        return np.log1p(found).astype(np.float32)

    def first_liked(self) -> Moments:
        """When each item was first reacted to, in seconds."""
        first = np.full(len(self.ids), np.inf)
        np.minimum.at(first, self._item, self._when)
        return first

    def last_passed(self, milestones: Sequence[int]) -> Moments:
        """When each item's reactions became as many as the last milestone that they reached."""
        found = np.full(len(self.ids), -np.inf)
        for milestone in milestones:
            many = np.flatnonzero(self._popularity >= milestone)
            reached = self._by_item.start[many] + milestone - 1
            found[many] = self._when[self._by_item.places[reached]]
        return found

    def _rows_of(self, member: int) -> Places:
        row = np.searchsorted(self._members, member)
        if row == len(self._members) or self._members[row] != member:
            return np.empty(0, dtype=np.int64)
        return self._by_member.row(int(row))

    def _shared(self, liked: Places, weights: Floats) -> Strengths:
        """How much each member shares of these likes."""
        liked, weights = liked[-NEWEST_LIKES:], weights[-NEWEST_LIKES:]
        at, known = self._whereabouts.find(liked)
        at, weights = at[known], weights[known]
        fans, each = self._fans_of.take(at, NEWEST_FANS)
        told: Strengths = self._told[at] * weights
        shared = np.bincount(fans, weights=np.repeat(told, each), minlength=len(self._members))
        return shared.astype(np.float64, copy=False)  # of nothing it would count, not add

    def _nearest(self, shared: Strengths, walk: Walk) -> tuple[Places, Strengths]:
        """The members who vote in this walk, and with how much weight."""
        near: Strengths = shared * self._damped[walk][0]
        voters = np.flatnonzero(near > 0)  # first of all: to choose among many alike takes longest
        if walk.nearest < len(voters):
            among = np.argpartition(near[voters], -walk.nearest)[-walk.nearest :]
            voters = np.sort(voters[among])
        return voters, near[voters]

    def _pace(self) -> float:
        if not len(self._when):
            return 0.0
        ages = self._when.max() - self._when
        return float(np.quantile(ages, 0.2)) or float(ages.mean())  # a fifth may be of one moment


def find(ids: Places, wanted: Places) -> tuple[Places, NDArray[np.bool_]]:
    """Where in rising ids the wanted ones stand, and which of them do stand there."""
    at = np.searchsorted(ids, wanted)
    if not len(ids):
        return at, np.zeros(len(wanted), dtype=bool)
    at = np.minimum(at, len(ids) - 1)
    return at, ids[at] == wanted


def seconds(when: When) -> float:
    """A moment as a number; a datetime without a zone is taken as UTC."""
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    return float(when)


def _numbered(values: Places) -> tuple[Places, Places]:
    """The different values in rising order, and of each value its place among them."""
    return np.unique(values, return_inverse=True)
