"""What there is to say about some creations to one reader, asked for in one go."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    distinct,
    func,
    literal,
    type_coerce,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.tags import CreationTag
from feed_core.models.threads import ThreadEntry
from feed_core.services.sight import Reader, anybody, may_place, may_see, told
from feed_core.states import CommentState, ReactionKind
from feed_core.store import View


class Told(IntEnum):
    """What a row tells of."""

    FELT = 0
    PEOPLE = 1
    COMMENTS = 2
    PARENT = 3
    THREAD = 4
    EDITED = 5


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
        **told(reader),
    }
    rows = await (await view.core()).execute(_question(), given)
    for what, number, other, word, count in rows:
        it = found[number]
        match what:
            case Told.FELT:
                it.felt[ReactionKind(word)] = count
            case Told.PEOPLE:
                it.people = count
            case Told.COMMENTS:
                it.comments = count
            case Told.PARENT:
                it.parents.append(other)
                if count == reader.member_id:
                    it.own_parents.append(other)
            case _:
                it.threads.append(other)
    for it in found.values():
        it.felt = {kind: it.felt[kind] for kind in ReactionKind if kind in it.felt}
        it.parents.sort()
        it.own_parents.sort()
        it.threads.sort(reverse=True)
    return found


async def news(view: View, since: Mapping[int, datetime], *, reader: Reader) -> Mapping[int, News]:
    """What others did with each of these creations since the moment given with it."""
    if not since:
        return {}
    given = {"ids": list(since), "earliest": min(since.values()), **told(reader)}
    found: dict[int, News] = {it: News() for it in since}
    for what, number, other, when in await (await view.core()).execute(_since(), given):
        if when <= since[number]:
            continue
        known = found[number]
        match what:
            case Told.COMMENTS:
                found[number] = replace(known, comments=known.comments + 1)
            case Told.PARENT:
                found[number] = replace(known, remixes=sorted({*known.remixes, other})[::-1])
            case _:
                found[number] = replace(known, edited=True)
    return found


async def tagged(
    view: View, creation_ids: Collection[int], tags: Collection[str]
) -> Mapping[str, set[int]]:
    """Which of these creations have which of these tags."""
    if not creation_ids or not tags:
        return {}
    given = {"ids": list(creation_ids), "tags": list(tags)}
    having: dict[str, set[int]] = defaultdict(set)
    for tag, number in await (await view.core()).execute(_tags(), given):
        having[tag].add(number)
    return having


async def kindred(
    view: View, creation_ids: Collection[int], members: Collection[int]
) -> Mapping[int, int]:
    """How many of these members reacted to each of these creations."""
    if not creation_ids or not members:
        return {}
    given = {"ids": list(creation_ids), "members": list(members)}
    rows = await (await view.core()).execute(_reacted(), given)
    return dict(rows.all())


@cache
def _question() -> CompoundSelect[Any]:
    """All of it in one query, made once: to put it together takes longer than to ask it."""
    ids = bindparam("ids", expanding=True, type_=Integer)
    threads = bindparam("threads", expanding=True, type_=Integer)
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
        .where(col(Edge.child_id).in_(ids), may_place(anybody())),
        sa_select(
            literal(Told.THREAD.value),
            *(col(ThreadEntry.creation_id), col(ThreadEntry.thread_id), nothing, none),
        ).where(col(ThreadEntry.creation_id).in_(ids), col(ThreadEntry.thread_id).in_(threads)),
    )


@cache
def _since() -> CompoundSelect[Any]:
    """What others did with some creations since a moment, row by row."""
    ids, reader = bindparam("ids", expanding=True, type_=Integer), anybody()
    earliest = bindparam("earliest", type_=UtcDateTime)
    return union_all(
        sa_select(
            literal(Told.COMMENTS.value),
            *(col(Comment.creation_id), col(Comment.id), col(Comment.created_at)),
        ).where(
            col(Comment.creation_id).in_(ids),
            col(Comment.created_at) > earliest,
            col(Comment.author_id) != reader.member_id,
            col(Comment.state) == CommentState.PUBLISHED,
        ),
        sa_select(
            literal(Told.PARENT.value),
            *(col(ThreadEntry.thread_id), col(Creation.id), col(ThreadEntry.joined_at)),
        )
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            col(ThreadEntry.thread_id).in_(ids),
            col(ThreadEntry.joined_at) > earliest,
            col(Creation.author_id) != reader.member_id,
            may_see(reader),
        ),
        sa_select(
            literal(Told.EDITED.value), col(Creation.id), literal(0), col(Creation.edited_at)
        ).where(col(Creation.id).in_(ids), col(Creation.edited_at) > earliest),
    )


@cache
def _tags() -> Select[str, int]:
    """Which of some creations have which of some tags."""
    return sa_select(col(CreationTag.tag), col(CreationTag.creation_id)).where(
        col(CreationTag.creation_id).in_(bindparam("ids", expanding=True, type_=Integer)),
        col(CreationTag.tag).in_(bindparam("tags", expanding=True, type_=String)),
    )


@cache
def _reacted() -> Select[int, int]:
    """How many of some members reacted to each of some creations."""
    reacted, member = col(Reaction.creation_id), col(Reaction.member_id)
    return (
        sa_select(reacted, func.count(distinct(member)))
        .where(
            reacted.in_(bindparam("ids", expanding=True, type_=Integer)),
            member.in_(bindparam("members", expanding=True, type_=Integer)),
        )
        .group_by(reacted)
    )
