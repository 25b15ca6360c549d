"""What one member did, said and follows lately: all that a feed is mixed from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import CompoundSelect, Integer, Select, bindparam, case, literal, union_all
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.creations import Creation
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion, Wanted
from feed_core.models.reactions import Comment, Reaction
from feed_core.services import seen
from feed_core.services.crowd import Places, find
from feed_core.services.seen import Shown, micros
from feed_core.services.sight import Reader
from feed_core.store import View

NEWEST = 200  # of each kind of doing


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


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that the member did with one creation."""

    did: Did
    creation_id: int
    maker: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Portrait:
    """One member as their feed knows them; deeds are the newest of each kind, the oldest first."""

    reader: Reader
    deeds: Sequence[Deed]
    makers: frozenset[int]  # that they follow
    tags: frozenset[str]
    threads: frozenset[int]
    muted_makers: frozenset[int]
    muted_tags: frozenset[str]
    muted_threads: frozenset[int]
    shown: Shown

    def those(self, *which: Did) -> list[int]:
        """The creations with which they did this."""
        return [it.creation_id for it in self.deeds if it.did in which]

    def likes(self) -> Mapping[int, float]:
        """What tells of their taste, and how much; the oldest first."""
        told: dict[int, float] = {}
        for it in self.deeds:
            if it.did in TELLS and it.maker != self.reader.member_id:
                strength = max(TELLS[it.did], told.pop(it.creation_id, 0.0))
                told[it.creation_id] = strength
        return told

    def fondness(self) -> Mapping[int, float]:
        """How much they like each maker, in reactions."""
        liked: dict[int, float] = defaultdict(float)
        for it in self.deeds:
            if it.did in TELLS and it.maker != self.reader.member_id:
                liked[it.maker] += TELLS[it.did]
        return liked

    def looked(self, ids: Places) -> Places:
        """When they last looked at each of these, in microseconds since 1970; 0 for never.

        They looked at what they were shown, and at what they did something with.
        """
        told = {it.creation_id: micros(it.at) for it in self.deeds if it.did is not Did.MADE}
        touched = np.array(sorted(told.items()), dtype=np.int64).reshape(-1, 2)
        place, known = find(touched[:, 0], ids)
        looked = self.shown.when(ids)
        looked[known] = np.maximum(looked[known], touched[place[known], 1])
        return looked


async def of(view: View, reader: Reader) -> Portrait:
    """The portrait of this reader."""
    member = {"member_id": reader.member_id}
    connection = await view.db.connection()
    deeds = [
        Deed(Did(did), number, maker, at)
        for did, number, maker, at in await connection.execute(_deeds(), member)
    ]
    named: dict[tuple[bool, str], list[str]] = {}
    for follows, kind, subject in await connection.execute(_subjects(), member):
        named.setdefault((bool(follows), kind), []).append(subject)
    return Portrait(
        reader=reader,
        deeds=sorted(deeds, key=lambda it: (it.at, it.creation_id)),
        makers=_numbers(named.get((True, Followed.MEMBER), ())),
        tags=frozenset(named.get((True, Followed.TAG), ())),
        threads=_numbers(named.get((True, Followed.THREAD), ())),
        muted_makers=_numbers(named.get((False, Followed.MEMBER), ())),
        muted_tags=frozenset(named.get((False, Followed.TAG), ())),
        muted_threads=_numbers(named.get((False, Followed.THREAD), ())),
        shown=await seen.of(view, reader.member_id),
    )


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
            sa_select(did.label("did"), col(number).label("number"), col(at).label("at"))
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
            col(Creation.created_at).label("at"),
        )
        .where(col(Creation.author_id) == who)
        .order_by(col(Creation.id).desc())
        .limit(NEWEST)
        .subquery()
    )
    return union_all(*parts, sa_select(made))


@cache
def _subjects() -> CompoundSelect[Any]:
    """What a member follows, and what they muted."""
    who = bindparam("member_id", type_=Integer)
    return union_all(
        *(
            sa_select(literal(follows), col(table.kind), col(table.subject)).where(
                col(table.member_id) == who
            )
            for table, follows in ((Follow, 1), (Mute, 0))
        )
    )


def _numbers(subjects: Iterable[str]) -> frozenset[int]:
    return frozenset(map(int, subjects))
