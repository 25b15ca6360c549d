"""What there is to say about some creations to one reader, asked for in one go."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CompoundSelect,
    Integer,
    String,
    bindparam,
    distinct,
    func,
    literal,
    type_coerce,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core.models.creations import Creation, Edge
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.tags import CreationTag
from feed_core.models.threads import ThreadEntry
from feed_core.services.sight import Reader, may_place, may_see
from feed_core.states import CommentState, ReactionKind
from feed_core.store import View


class Told(IntEnum):
    """What a row tells of."""

    FELT = 0
    PEOPLE = 1
    COMMENTS = 2
    PARENT = 3
    THREAD = 4


@dataclass(slots=True)
class Facts:
    """Of one creation: who reacted how, how many comments, what it was made of and belongs to.

    `threads` are those of the ones asked about that it began or grew out of, the nearest first.
    """

    felt: dict[ReactionKind, int] = field(default_factory=dict)
    people: int = 0
    comments: int = 0
    parents: list[int] = field(default_factory=list)
    own_parents: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class News:
    """What others did with one creation since it was shown."""

    comments: int = 0
    remixes: Sequence[int] = ()
    edited: bool = False


async def of(
    view: View, creation_ids: Collection[int], *, reader: Reader, threads: Collection[int] = ()
) -> Mapping[int, Facts]:
    """The facts of each of these creations, as far as the reader may know of them."""
    found = {it: Facts(threads=[it] if it in threads else []) for it in creation_ids}
    if not found:
        return found
    given = {
        "ids": list(found),
        "threads": list(threads),
        "member_id": reader.member_id,
        "room_id": reader.room_id,
    }
    rows = await (await view.db.connection()).execute(_question(), given)
    for what, number, other, word, count in rows:
        told = found[number]
        match what:
            case Told.FELT:
                told.felt[ReactionKind(word)] = count
            case Told.PEOPLE:
                told.people = count
            case Told.COMMENTS:
                told.comments = count
            case Told.PARENT:
                told.parents.append(other)
                if count == reader.member_id:
                    told.own_parents.append(other)
            case _:
                told.threads.append(other)
    for told in found.values():
        told.felt = {it: told.felt[it] for it in ReactionKind if it in told.felt}
        told.parents.sort()
        told.own_parents.sort()
        told.threads.sort(reverse=True)
    return found


async def news(view: View, since: Mapping[int, datetime], *, reader: Reader) -> Mapping[int, News]:
    """What others did with each of these creations since the moment given with it."""
    if not since:
        return {}
    earliest = min(since.values())
    comments = await view.db.exec(
        select(Comment.creation_id, Comment.created_at).where(
            col(Comment.creation_id).in_(since),
            Comment.created_at > earliest,
            Comment.author_id != reader.member_id,
            Comment.state == CommentState.PUBLISHED,
        )
    )
    said = Counter(it for it, when in comments if when > since[it])
    remixes = await view.db.exec(
        select(ThreadEntry.thread_id, Creation.id, ThreadEntry.joined_at)
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            col(ThreadEntry.thread_id).in_(since),
            col(ThreadEntry.joined_at) > earliest,
            may_see(reader),
            Creation.author_id != reader.member_id,
        )
        .order_by(col(Creation.id).desc())
    )
    made: dict[int, list[int]] = defaultdict(list)
    for it, remix, when in remixes:
        if remix is not None and when > since[it]:
            made[it].append(remix)
    edits = await view.db.exec(
        select(Creation.id, Creation.edited_at).where(
            col(Creation.id).in_(since), col(Creation.edited_at) > earliest
        )
    )
    edited = {it for it, when in edits if it and when and when > since[it]}
    return {it: News(said[it], made[it], it in edited) for it in since}


async def tagged(
    view: View, creation_ids: Collection[int], tags: Collection[str]
) -> Mapping[str, set[int]]:
    """Which of these creations have which of these tags."""
    if not creation_ids or not tags:
        return {}
    found = await view.db.exec(
        select(CreationTag.tag, CreationTag.creation_id).where(
            col(CreationTag.creation_id).in_(creation_ids), col(CreationTag.tag).in_(tags)
        )
    )
    having: dict[str, set[int]] = defaultdict(set)
    for tag, number in found:
        having[tag].add(number)
    return having


async def kindred(
    view: View, creation_ids: Collection[int], members: Collection[int]
) -> Mapping[int, int]:
    """How many of these members reacted to each of these creations."""
    if not creation_ids or not members:
        return {}
    found = await view.db.exec(
        select(Reaction.creation_id, func.count(distinct(col(Reaction.member_id))))
        .where(col(Reaction.creation_id).in_(creation_ids), col(Reaction.member_id).in_(members))
        .group_by(col(Reaction.creation_id))
    )
    return dict(found.all())


@cache
def _question() -> CompoundSelect[Any]:
    """All of it in one query, made once: to put it together takes longer than to ask it."""
    ids = bindparam("ids", expanding=True, type_=Integer)
    threads = bindparam("threads", expanding=True, type_=Integer)
    reader = Reader(
        cast(Any, bindparam("member_id", type_=Integer)),
        cast(Any, bindparam("room_id", type_=Integer)),
    )
    none, nothing = literal(0), literal("", String)
    reacted, said = col(Reaction.creation_id), col(Comment.creation_id)
    felt = type_coerce(col(Reaction.kind), String)
    return union_all(
        sa_select(literal(Told.FELT.value), reacted, none, felt, func.count())
        .where(reacted.in_(ids))
        .group_by(reacted, col(Reaction.kind)),
        sa_select(
            literal(Told.PEOPLE.value),
            *(reacted, none, nothing),
            func.count(distinct(col(Reaction.member_id))),
        )
        .where(reacted.in_(ids))
        .group_by(reacted),
        sa_select(literal(Told.COMMENTS.value), said, none, nothing, func.count())
        .where(said.in_(ids), col(Comment.state) == CommentState.PUBLISHED)
        .group_by(said),
        sa_select(
            literal(Told.PARENT.value),
            *(col(Edge.child_id), col(Edge.parent_id), nothing, col(Creation.author_id)),
        )
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(ids), may_place(reader)),
        sa_select(
            literal(Told.THREAD.value),
            *(col(ThreadEntry.creation_id), col(ThreadEntry.thread_id), nothing, none),
        ).where(col(ThreadEntry.creation_id).in_(ids), col(ThreadEntry.thread_id).in_(threads)),
    )
