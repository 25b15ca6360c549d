"""What one member did, said and follows lately: all that a feed is mixed from."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import (
    CompoundSelect,
    Integer,
    String,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    type_coerce,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlalchemy.types import NullType
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion, Wanted
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.seen import Seen
from feed_core.services import muting, seen
from feed_core.services.crowd import Floats, Mask, Places
from feed_core.services.muting import Silence
from feed_core.services.seen import Shown
from feed_core.services.sight import Reader
from feed_core.store import View

NEWEST = 200  # of each kind of doing
KEPT = 500  # members whose deeds are kept in memory
MUTES, FOLLOWS, SHOWN, DEEDS = range(4)  # what a row tells of
Plain = NullType()  # as the driver gives it: what reads moments one by one takes longer
Mark: TypeAlias = frozenset[tuple[Any, ...]]  # of each kind: how many, when last, and sums


class Did(IntEnum):
    """What a member did with a creation."""

    REACTED = 1
    SAVED = 2
    COMMENTED = 3
    MADE = 4
    WANTS_MORE = 5
    WANTS_LESS = 6
    HID = 7


# How much each tells of taste, in reactions.
TELLS = {Did.REACTED: 1.0, Did.SAVED: 1.5, Did.COMMENTED: 0.7, Did.WANTS_MORE: 3.0}
WEIGHTS = np.array([TELLS.get(it, 0.0) for it in (None, *Did)], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a member did: arrays of one length, the oldest first."""

    did: Places  # a Did
    ids: Places  # the creations that they did it with
    makers: Places  # who made those
    at: Places  # in microseconds since 1970

    def only(self, *which: Did) -> "Deeds":
        """Those of these kinds."""
        return self.where(np.logical_or.reduce([self.did == it for it in which]))

    def where(self, which: Mask) -> "Deeds":
        """Those of which it holds."""
        return Deeds(self.did[which], self.ids[which], self.makers[which], self.at[which])

    def newest(self, count: int) -> "Deeds":
        """At most so many of the newest."""
        return Deeds(self.did[-count:], self.ids[-count:], self.makers[-count:], self.at[-count:])


@dataclass(frozen=True, slots=True)
class Portrait:
    """One member as their feed knows them; of deeds the newest of each kind."""

    reader: Reader
    deeds: Deeds
    makers: frozenset[int]  # that they follow
    tags: frozenset[str]
    threads: frozenset[int]
    muted_makers: frozenset[int]
    muted_threads: frozenset[int]
    quiet: Silence
    shown: Shown

    def likings(self) -> Deeds:
        """What tells of their taste: deeds with what others made."""
        told = (WEIGHTS[self.deeds.did] > 0) & (self.deeds.makers != self.reader.member_id)
        return self.deeds.where(told)

    def likes(self) -> tuple[Places, Floats]:
        """The creations that tell of their taste, the oldest first, and how much each tells."""
        deeds = self.likings()
        ids, last = np.unique(deeds.ids[::-1], return_index=True)
        weights = np.zeros(len(ids), dtype=np.float32)
        np.maximum.at(weights, np.searchsorted(ids, deeds.ids), WEIGHTS[deeds.did])
        order = np.argsort(-last, kind="stable")
        return ids[order], weights[order]

    def touched(self) -> Deeds:
        """What they did with creations that were there already."""
        return self.deeds.where(self.deeds.did != Did.MADE)

    def looked(self, ids: Places) -> Places:
        """When they last looked at each of these, in microseconds since 1970; 0 for never.

        They looked at what they were shown, and at what they did something with.
        """
        deeds = self.touched()
        did = np.where(deeds.ids[:, None] == ids, deeds.at[:, None], 0).max(axis=0, initial=0)
        looked: Places = np.maximum(self.shown.when(ids), did)
        return looked


class Album:
    """The deeds of those who looked last, each with the mark by which one sees that they changed.

    The database gives the marks, so other processes may change deeds too.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Mark, Deeds]] = OrderedDict()

    def find(self, member_id: int, mark: Mark) -> Deeds | None:
        """The deeds of this member, if they still bear this mark."""
        kept = self._kept.get(member_id)
        return kept[1] if kept is not None and kept[0] == mark else None

    def keep(self, member_id: int, mark: Mark, deeds: Deeds) -> None:
        """Keep these, and let go of what was kept first when it is too much."""
        self._kept.pop(member_id, None)
        self._kept[member_id] = (mark, deeds)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


async def of(view: View, reader: Reader, *, album: Album | None = None) -> Portrait:
    """The portrait of this reader; what the album has of it is not read again."""
    member = {"member_id": reader.member_id}
    connection = await view.core()
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    shown, marks = seen.NOTHING, []
    for what, kind, subject, items, number, moment in await connection.execute(_subjects(), member):
        if what == SHOWN:
            shown = seen.unpacked(items, floor_id=number, began_at=moment)
        elif what == DEEDS:
            marks.append((kind, subject, items, number, moment))
        else:
            named[what, kind].append(subject)
    mark = frozenset(marks)
    deeds = album.find(reader.member_id, mark) if album is not None else None
    if deeds is None:
        deeds = _in_order((await connection.execute(_deeds(), member)).all())
        if album is not None:
            album.keep(reader.member_id, mark, deeds)
    return Portrait(
        reader=reader,
        deeds=deeds,
        makers=_numbers(named[FOLLOWS, Followed.MEMBER]),
        tags=frozenset(named[FOLLOWS, Followed.TAG]),
        threads=_numbers(named[FOLLOWS, Followed.THREAD]),
        muted_makers=_numbers(named[MUTES, Followed.MEMBER]),
        muted_threads=_numbers(named[MUTES, Followed.THREAD]),
        quiet=muting.silenced(
            reader.member_id, words=named[MUTES, Followed.WORD], tags=named[MUTES, Followed.TAG]
        ),
        shown=shown,
    )


def _in_order(rows: Sequence[Any]) -> Deeds:
    did, ids, makers, at = zip(*rows, strict=True) if rows else ((), (), (), ())
    # SQLite keeps moments as text, and NumPy reads many at once.
    moments = np.array(at, dtype="datetime64[us]").astype(np.int64)
    order = np.lexsort((np.array(ids, dtype=np.int64), moments))
    kinds, numbers, authors = (np.array(it, dtype=np.int64)[order] for it in (did, ids, makers))
    return Deeds(kinds, numbers, authors, moments[order])


def _newest() -> list[Subquery]:
    """`did`, `number` and `at` of the newest a member did of each kind, last what they made."""
    who = bindparam("member_id", type_=Integer)
    opinion = case(
        (col(Opinion.wanted) == Wanted.MORE, Did.WANTS_MORE.value),
        (col(Opinion.wanted) == Wanted.LESS, Did.WANTS_LESS.value),
        else_=Did.HID.value,
    )
    found: list[Subquery] = []
    for did, number, member, at in (
        (literal(Did.REACTED.value), Reaction.creation_id, Reaction.member_id, Reaction.created_at),
        (literal(Did.SAVED.value), Bookmark.creation_id, Bookmark.member_id, Bookmark.created_at),
        (literal(Did.COMMENTED.value), Comment.creation_id, Comment.author_id, Comment.created_at),
        (opinion, Opinion.creation_id, Opinion.member_id, Opinion.created_at),
        (literal(Did.MADE.value), Creation.id, Creation.author_id, Creation.created_at),
    ):
        found.append(
            sa_select(
                *(did.label("did"), col(number).label("number")),
                type_coerce(col(at), Plain).label("at"),
            )
            .where(col(member) == who)
            .order_by(col(at).desc())
            .limit(NEWEST)
            .subquery()
        )
    return found


@cache
def _deeds() -> CompoundSelect[Any]:
    """What a member did, and with whose; made once: to put it together takes a while."""
    maker: Any = col(Creation.author_id)
    *with_others, made = _newest()
    return union_all(
        *(
            sa_select(it.c.did, it.c.number, maker, it.c.at).join(
                Creation, col(Creation.id) == it.c.number
            )
            for it in with_others
        ),
        sa_select(made.c.did, made.c.number, bindparam("member_id", type_=Integer), made.c.at),
    )


@cache
def _subjects() -> CompoundSelect[Any]:
    """What a member follows and muted, what they were shown, and marks of what they did."""
    who = bindparam("member_id", type_=Integer)
    no_items = literal("", String).label("items")
    nothing = (literal(0), cast(null(), UtcDateTime))
    return union_all(
        sa_select(
            *(literal(SHOWN), literal("", String), literal("", String)),
            *(col(Seen.items), col(Seen.floor_id), col(Seen.began_at)),
        ).where(col(Seen.member_id) == who),
        *(
            sa_select(literal(what), col(table.kind), col(table.subject), no_items, *nothing).where(
                col(table.member_id) == who
            )
            for table, what in ((Follow, FOLLOWS), (Mute, MUTES))
        ),
        *(
            sa_select(
                *(literal(DEEDS), literal(str(place), String)),
                *(cast(func.sum(it.c.number), String), cast(func.sum(it.c.did), String)),
                *(func.count(), func.max(it.c.at)),
            ).select_from(it)
            for place, it in enumerate(_newest())
        ),
    )


def _numbers(subjects: Iterable[str]) -> frozenset[int]:
    return frozenset(map(int, subjects))
