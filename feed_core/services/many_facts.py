"""What there is to say about creations to many readers, outside of rooms: in one question for all.

It tells what reasons and digests need of what `facts.of` tells one reader.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CompoundSelect, Integer, bindparam, distinct, func, literal, null, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.threads import ThreadEntry
from feed_core.services.facts import Facts, Told
from feed_core.services.sight import Reader, may_place
from feed_core.states import CommentState, CreationState, Visibility
from feed_core.store import View

KINDRED = max(Told) + 1  # of a row: who reacted, of those asked about


@dataclass(frozen=True, slots=True)
class Question:
    """What one member asks about some creations, as `facts.of`; of others only what is new.

    What happened after `until` is not; without one, everything is.
    """

    member_id: int
    ids: Collection[int] = ()
    threads: Collection[int] = ()
    kindred: Collection[int] = ()
    since: Mapping[int, datetime] = field(default_factory=dict)
    until: datetime | None = None


async def of_many(view: View, asked: Sequence[Question]) -> list[dict[int, Facts]]:
    """People, kindred, own parents, threads and news of each creation, question by question."""
    since = {number for it in asked for number in it.since}
    rows: dict[tuple[int, int], list[tuple[int, int, datetime | None]]] = defaultdict(list)
    if (ids := {number for it in asked for number in it.ids}) or since:
        moments = [when for it in asked for when in it.since.values()]
        given = {
            "ids": list(ids),
            "threads": list({thread for it in asked for thread in it.threads}),
            "kindred": list({member for it in asked for member in it.kindred}),
            "since": list(since),
            "earliest": min(moments, default=view.now),
        }
        question = _question(bool(given["threads"]), bool(given["kindred"]), bool(since))
        for what, number, other, who, when in await (await view.core()).execute(question, given):
            rows[what, number].append((other, who, when))
    return [
        {number: _facts(it, number, rows) for number in dict.fromkeys([*it.ids, *it.since])}
        for it in asked
    ]


def _facts(
    asked: Question,
    number: int,
    rows: Mapping[tuple[int, int], Sequence[tuple[int, int, datetime | None]]],
) -> Facts:
    def told(what: int) -> Sequence[tuple[int, int, datetime | None]]:
        return rows.get((what, number), ())

    found = Facts(threads=[number] if number in asked.threads else [])
    found.people = sum(count for count, _, _ in told(Told.PEOPLE))
    found.kindred = sum(who in asked.kindred for _, who, _ in told(KINDRED))
    found.own_parents = sorted(it for it, who, _ in told(Told.PARENT) if who == asked.member_id)
    found.threads += [it for it, _, _ in told(Told.THREAD) if it in asked.threads]
    found.threads.sort(reverse=True)
    if (since := asked.since.get(number)) is None:
        return found

    def new(what: int) -> list[int]:
        return [
            it
            for it, who, when in told(what)
            if who != asked.member_id and when is not None and since < when <= (asked.until or when)
        ]

    found.news.comments = len(new(Told.SAID))
    found.news.remixes = sorted(set(new(Told.REMIXED)), reverse=True)
    found.news.edited = bool(new(Told.EDITED))
    return found


@cache
def _question(threads: bool, kindred: bool, news: bool) -> CompoundSelect[Any]:
    """Rows of what, creation, other, who and when."""
    ids = bindparam("ids", expanding=True, type_=Integer)
    nobody, never = literal(0), sql_cast(null(), UtcDateTime)
    reacted, member = col(Reaction.creation_id), col(Reaction.member_id)
    maker = Reader(cast(int, col(Creation.author_id)))  # who sees what is theirs
    asked: list[Any] = [
        sa_select(
            *(literal(Told.PEOPLE.value), reacted, func.count(distinct(member)), nobody, never)
        )
        .where(reacted.in_(ids))
        .group_by(reacted),
        sa_select(
            *(literal(Told.PARENT.value), col(Edge.child_id), col(Edge.parent_id)),
            *(col(Creation.author_id), never),
        )
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(ids), may_place(maker)),
    ]
    if kindred:
        among = member.in_(bindparam("kindred", expanding=True, type_=Integer))
        asked.append(
            sa_select(literal(KINDRED), reacted, nobody, member, never)
            .where(reacted.in_(ids), among)
            .distinct()
        )
    if threads:
        within = col(ThreadEntry.thread_id).in_(bindparam("threads", expanding=True, type_=Integer))
        asked.append(
            sa_select(
                *(literal(Told.THREAD.value), col(ThreadEntry.creation_id)),
                *(col(ThreadEntry.thread_id), nobody, never),
            ).where(col(ThreadEntry.creation_id).in_(ids), within)
        )
    return union_all(*asked, *(_since() if news else ()))


def _since() -> list[Any]:
    ids = bindparam("since", expanding=True, type_=Integer)
    earliest = bindparam("earliest", type_=UtcDateTime)
    return [
        sa_select(
            *(literal(Told.SAID.value), col(Comment.creation_id), col(Comment.id)),
            *(col(Comment.author_id), col(Comment.created_at)),
        ).where(
            col(Comment.creation_id).in_(ids),
            col(Comment.created_at) > earliest,
            col(Comment.state) == CommentState.PUBLISHED,
        ),
        sa_select(
            *(literal(Told.REMIXED.value), col(ThreadEntry.thread_id), col(Creation.id)),
            *(col(Creation.author_id), col(ThreadEntry.joined_at)),
        )
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            col(ThreadEntry.thread_id).in_(ids),
            col(ThreadEntry.joined_at) > earliest,
            col(Creation.state) == CreationState.PUBLISHED,
            col(Creation.visibility) == Visibility.EVERYONE,
        ),
        sa_select(
            *(literal(Told.EDITED.value), col(Creation.id), literal(0)),
            *(col(Creation.author_id), col(Creation.edited_at)),
        ).where(col(Creation.id).in_(ids), col(Creation.edited_at) > earliest),
    ]
