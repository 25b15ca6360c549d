"""What one member did, said and follows lately: all that a feed is mixed from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
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
MUTES, FOLLOWS, SHOWN = range(3)  # what a row tells of
Plain = NullType()  # as the driver gives it: what reads moments one by one takes longer


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


async def of(view: View, reader: Reader) -> Portrait:
    """The portrait of this reader."""
    member = {"member_id": reader.member_id}
    connection = await view.core()
    deeds = (await connection.execute(_deeds(), member)).all()
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    shown = seen.NOTHING
    for what, kind, subject, items, floor_id, began_at in await connection.execute(
        _subjects(), member
    ):
        if what == SHOWN:
            shown = seen.unpacked(items, floor_id=floor_id, began_at=began_at)
        else:
            named[what, kind].append(subject)
    return Portrait(
        reader=reader,
        deeds=_in_order(deeds),
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


@cache
def _deeds() -> CompoundSelect[Any]:
    """What a member did: the newest of each kind. Made once: to put it together takes a while."""
    who = bindparam("member_id", type_=Integer)
    maker: Any = col(Creation.author_id).label("maker")
    opinion = case(
        (col(Opinion.wanted) == Wanted.MORE, Did.WANTS_MORE.value),
        (col(Opinion.wanted) == Wanted.LESS, Did.WANTS_LESS.value),
        else_=Did.HID.value,
    )
    parts: list[Select[Any]] = []
    for did, number, member, at in (
        (literal(Did.REACTED.value), Reaction.creation_id, Reaction.member_id, Reaction.created_at),
        (literal(Did.SAVED.value), Bookmark.creation_id, Bookmark.member_id, Bookmark.created_at),
        (literal(Did.COMMENTED.value), Comment.creation_id, Comment.author_id, Comment.created_at),
        (opinion, Opinion.creation_id, Opinion.member_id, Opinion.created_at),
    ):
        newest = (
            sa_select(
                *(did.label("did"), col(number).label("number")),
                type_coerce(col(at), Plain).label("at"),
            )
            .where(col(member) == who)
            .order_by(col(at).desc())
            .limit(NEWEST)
            .subquery()
        )
        parts.append(
            sa_select(newest.c.did, newest.c.number, maker, newest.c.at).join(
                Creation, col(Creation.id) == newest.c.number
            )
        )
    made = (
        sa_select(
            literal(Did.MADE.value).label("did"),
            col(Creation.id).label("number"),
            maker,
            type_coerce(col(Creation.created_at), Plain).label("at"),
        )
        .where(col(Creation.author_id) == who)
        .order_by(col(Creation.id).desc())
        .limit(NEWEST)
        .subquery()
    )
    return union_all(*parts, sa_select(made))


@cache
def _subjects() -> CompoundSelect[Any]:
    """What a member follows and muted, and what they were shown."""
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
    )


def _numbers(subjects: Iterable[str]) -> frozenset[int]:
    return frozenset(map(int, subjects))
