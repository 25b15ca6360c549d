"""What happened around many members since each was told last: in a few statements for all.

It finds what `catching_up.news` finds for one reader outside of rooms, in numbers alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Integer, Select, bindparam, cast, func, union
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Follow, Followed
from feed_core.models.reactions import Comment
from feed_core.models.threads import ThreadEntry
from feed_core.services import readers
from feed_core.services.catching_up import LOOKED_AT, THREADS
from feed_core.services.readers import Wary
from feed_core.states import CommentState, CreationState
from feed_core.store import View


@dataclass(frozen=True, slots=True)
class Moved:
    """What came to one creation: comments and remixes by others, the oldest first."""

    creation_id: int
    comments: Sequence[int] = ()
    remixes: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What is for one member, made of theirs, and where they are in, as `catching_up.News`."""

    for_me: Sequence[Moved] = ()
    of_mine: Sequence[int] = ()
    threads: Sequence[Moved] = ()


class _News(NamedTuple):
    """A comment on a creation, or a creation that came to a thread, and to whom it matters."""

    member_id: int
    number: int
    place: int  # the creation or the thread
    author_id: int
    at: datetime


async def of_many(
    view: View, after: Mapping[int, datetime], wary: Mapping[int, Wary]
) -> dict[int, Around]:
    """What others did around each of these members after the moment that stands with them."""
    given = {"members": list(after), "earliest": min(after.values())}
    connection = await view.core()

    async def asked(statement: Select[Any]) -> list[_News]:
        rows = [_News(*row) for row in await connection.execute(statement, given)]
        return [it for it in rows if it.at > after[it.member_id]]

    own = await _heard(view, await asked(_said_on_own()), wary)
    said = await _heard(view, await asked(_said_in_threads()), wary)
    of_mine, made = await asked(_made_of_own()), await asked(_made_in_threads())
    roots = {it.place for it in (*said, *made)}
    there = await _read(view, roots | {it.number for it in (*of_mine, *made)})
    belongs = await readers.muted_threads(view, roots, wary.values())

    def shown(news: Sequence[_News]) -> list[_News]:
        return [
            it
            for it in news
            if it.number in there and wary[it.member_id].is_shown(there[it.number], None)
        ]

    told: dict[int, dict[int, None]] = defaultdict(dict)
    for it in shown(of_mine):
        told[it.member_id][it.number] = None
    made = [it for it in shown(made) if it.number not in told[it.member_id]]
    mine, comments, remixes = _by_place(own), _by_place(said), _by_place(made)
    found: dict[int, Around] = {}
    for number, who in wary.items():
        spoken, grown = comments[number], remixes[number]
        found[number] = Around(
            for_me=[Moved(it, news[::-1]) for it, news in mine[number].items()],
            of_mine=list(told[number]),
            threads=[
                Moved(it, spoken.get(it, [])[::-1], grown.get(it, [])[::-1])
                for it in sorted({*spoken, *grown}, reverse=True)
                if it in there and who.is_shown(there[it], belongs.get(it, ()))
            ],
        )
    return found


def _by_place(news: Sequence[_News]) -> dict[int, dict[int, list[int]]]:
    found: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for it in news:
        found[it.member_id].setdefault(it.place, []).append(it.number)
    return found


async def _heard(view: View, said: Sequence[_News], wary: Mapping[int, Wary]) -> list[_News]:
    """The comments by makers who are not muted, without muted words."""
    kept = [it for it in said if it.author_id not in wary[it.member_id].makers]
    doubtful = {it.number for it in kept if wary[it.member_id].quiet.words is not None}
    if not doubtful:
        return kept
    bodies = select(Comment.id, Comment.body).where(col(Comment.id).in_(doubtful))
    words = dict((await view.db.exec(bodies)).all())
    return [
        it
        for it in kept
        if not wary[it.member_id].quiet.mutes(it.author_id, words.get(it.number, ""))
    ]


async def _read(view: View, numbers: Collection[int]) -> dict[int, Creation]:
    if not numbers:
        return {}
    found = await view.db.exec(
        select(Creation).where(
            col(Creation.id).in_(numbers), Creation.state == CreationState.PUBLISHED
        )
    )
    return {it.id: it for it in found if it.id is not None}


MEMBERS = bindparam("members", expanding=True, type_=Integer)
LATER = bindparam("earliest", type_=UtcDateTime)


@cache
def _said_on_own() -> Select[Any]:
    maker = col(Creation.author_id)
    return _newest(
        sa_select(
            *(maker.label("member"), col(Comment.id).label("number")),
            *(col(Comment.creation_id).label("place"), col(Comment.author_id).label("author")),
            col(Comment.created_at).label("at"),
        )
        .join(Comment, col(Comment.creation_id) == col(Creation.id))
        .where(
            maker.in_(MEMBERS),
            col(Creation.state) == CreationState.PUBLISHED,
            *_published_by_others(maker),
        )
    )


@cache
def _said_in_threads() -> Select[Any]:
    inside = _inside()
    member = inside.c.member
    return _newest(
        sa_select(
            *(member, col(Comment.id).label("number"), col(Comment.creation_id).label("place")),
            *(col(Comment.author_id).label("author"), col(Comment.created_at).label("at")),
        )
        .join(Comment, col(Comment.creation_id) == inside.c.thread)
        .join(Creation, col(Creation.id) == inside.c.thread)
        .where(col(Creation.author_id) != member, *_published_by_others(member))
    )


@cache
def _made_of_own() -> Select[Any]:
    parent = aliased(Creation)
    member = col(parent.author_id)
    return _newest(
        sa_select(
            *(member.label("member"), col(Creation.id).label("number")),
            *(col(Creation.id).label("place"), col(Creation.author_id).label("author")),
            col(Creation.published_at).label("at"),
        )
        .join(Edge, col(Edge.child_id) == col(Creation.id))
        .join(parent, col(parent.id) == col(Edge.parent_id))
        .where(
            member.in_(MEMBERS),
            col(Creation.author_id) != member,
            col(Creation.published_at) > LATER,
        )
        .distinct()
    )


@cache
def _made_in_threads() -> Select[Any]:
    inside = _inside()
    member = inside.c.member
    return _newest(
        sa_select(
            *(member, col(Creation.id).label("number")),
            *(inside.c.thread.label("place"), col(Creation.author_id).label("author")),
            col(ThreadEntry.joined_at).label("at"),
        )
        .join(ThreadEntry, col(ThreadEntry.thread_id) == inside.c.thread)
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(col(ThreadEntry.joined_at) > LATER, col(Creation.author_id) != member),
        by_time=True,
    )


def _newest(news: Any, *, by_time: bool = False) -> Select[Any]:
    """At most so many rows for each member as are looked at for one alone, the newest first."""
    rows = news.subquery()
    order = ((rows.c.at.desc(),) if by_time else ()) + (rows.c.number.desc(),)
    turn = func.row_number().over(partition_by=rows.c.member, order_by=order)
    ordered = sa_select(rows, turn.label("turn")).subquery()
    columns = [ordered.c[name] for name in ("member", "number", "place", "author", "at")]
    order = ((ordered.c.at.desc(),) if by_time else ()) + (ordered.c.number.desc(),)
    return sa_select(*columns).where(ordered.c.turn <= LOOKED_AT).order_by(*order)


def _published_by_others(member: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Comment.author_id) != member,
        col(Comment.state) == CommentState.PUBLISHED,
        col(Comment.created_at) > LATER,
    )


def _inside() -> CTE:
    """`member` and `thread`: those that each began, spoke in, made something in or follows."""
    began = _latest(col(Creation.author_id), col(Creation.id), col(Creation.id))
    spoke = _latest(
        *(col(Comment.author_id), col(Comment.creation_id), col(Comment.id)),
        col(Comment.state) == CommentState.PUBLISHED,
    )
    made = sa_select(began.c.member, col(ThreadEntry.thread_id)).join(
        ThreadEntry, col(ThreadEntry.creation_id) == began.c.thread
    )
    follows = sa_select(col(Follow.member_id), cast(col(Follow.subject), Integer)).where(
        col(Follow.member_id).in_(MEMBERS), col(Follow.kind) == Followed.THREAD
    )
    parts = (sa_select(it.c.member, it.c.thread) for it in (began, spoke))
    return union(*parts, made, follows).cte("inside")


def _latest(member: Any, thread: Any, number: Any, *only: ColumnElement[bool]) -> CTE:
    turn = func.row_number().over(partition_by=member, order_by=number.desc())
    rows = sa_select(member.label("member"), thread.label("thread"), turn.label("turn"))
    ordered = rows.where(member.in_(MEMBERS), *only).subquery()
    return sa_select(ordered.c.member, ordered.c.thread).where(ordered.c.turn <= THREADS).cte()
