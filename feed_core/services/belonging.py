"""Which threads a creation belongs to: those of all that it was made of, however far back.

A thread is a creation and everything that was made of it. Entries are written once, when a
creation is published, and stay when it is withdrawn: those made of it keep their place.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    Insert,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.threads import ThreadEntry
from feed_core.states import CreationState
from feed_core.store import Store, Work

MOST_THREADS = 256  # that one creation joins, the nearest: a dense lineage could have any number
AT_A_TIME = 500
FROM_THE_FIRST = 0
COLUMNS = ("thread_id", "creation_id", "depth", "joined_at")


async def join(work: Work, creation: Creation) -> None:
    """Let a creation that is published now join the threads of its parents, and their own.

    One that joined them before, and was hidden for a while, keeps its place.
    """
    assert creation.id is not None
    assert creation.published_at is not None
    given = {"number": creation.id, "at": creation.published_at}
    await work.write(_joining(MOST_THREADS), given)


@cache
def _joining(most: int) -> Insert:
    """The entries of one creation, at most so many; put together once."""
    number = bindparam("number", type_=Integer)
    parents = sa_select(col(Edge.parent_id)).where(col(Edge.child_id) == number)
    near = union_all(
        sa_select(col(Edge.parent_id).label("thread_id"), literal(1).label("depth")).where(
            col(Edge.child_id) == number
        ),
        sa_select(col(ThreadEntry.thread_id), col(ThreadEntry.depth) + 1).where(
            col(ThreadEntry.creation_id).in_(parents)
        ),
    ).subquery()
    depth = func.min(near.c.depth)
    before = aliased(ThreadEntry)
    joined: Select[Any, Any, Any, Any] = (
        sa_select(near.c.thread_id, number, depth, bindparam("at", type_=UtcDateTime()))
        .where(~exists().where(col(before.creation_id) == number))
        .group_by(near.c.thread_id)
        .order_by(depth, near.c.thread_id)
        .limit(most)
    )
    return insert(ThreadEntry).from_select(COLUMNS, joined)


async def rebuild(store: Store) -> None:
    """Make all entries anew from the lineage, in small transactions; parents come first."""
    async with store.work() as work:
        await work.db.exec(delete(ThreadEntry))
    last: int | None = FROM_THE_FIRST
    while last is not None:
        async with store.work() as work:
            found = await work.db.exec(
                select(Creation)
                .where(
                    col(Creation.id) > last,
                    col(Creation.published_at).is_not(None),
                    col(Creation.state).in_([CreationState.PUBLISHED, CreationState.WITHDRAWN]),
                    col(Creation.id).in_(sa_select(col(Edge.child_id))),
                )
                .order_by(col(Creation.id))
                .limit(AT_A_TIME)
            )
            last = None
            for creation in found:
                await join(work, creation)
                last = creation.id
