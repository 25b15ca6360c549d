"""What the database says of the live part of the feed, read in pieces that block nobody."""

from array import array
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.threads import ThreadEntry
from feed_core.services.crowd import Crowd, Moments, Places
from feed_core.services.tagging import tag_of
from feed_core.services.window import EVERYWHERE, MOST, NOWHERE, Row
from feed_core.states import CommentState, CreationState, Permission, Visibility
from feed_core.store import View

REACTIONS = 400_000  # the newest of all, which tell who is alike
AT_ONCE = 2_000  # rows, then others have a turn
EMPTY: tuple[tuple[int, ...], ...] = ((), (), ())
NEAR = 8  # steps over which a creation is known to belong to a thread
Heard = tuple[int, int, float]  # member, creation, seconds since 1970
Which = Callable[[Any], ColumnElement[bool]]  # a condition on a column of creations' numbers


@dataclass(frozen=True, slots=True)
class Reactions:
    """The newest reactions in the order they were read: three arrays of one length."""

    members: Places
    items: Places
    when: Moments  # seconds since 1970

    @classmethod
    def of(cls, rows: Collection[Heard]) -> "Reactions":
        """These reactions, the oldest first."""
        members, items, when = zip(*sorted(rows, key=itemgetter(2)), strict=True) if rows else EMPTY
        return cls(
            np.array(members, dtype=np.int64),
            np.array(items, dtype=np.int64),
            np.array(when, dtype=np.float64),
        )

    def each(self) -> set[Heard]:
        """All of them, one by one."""
        return set(zip(self.members.tolist(), self.items.tolist(), self.when.tolist(), strict=True))

    def crowd(self) -> Crowd:
        """What they tell."""
        return Crowd(self.members, self.items, self.when)

    def after(self, moment: float) -> "Reactions":
        """Those after this moment."""
        late = self.when > moment
        return Reactions(self.members[late], self.items[late], self.when[late])

    def joined(self, other: "Reactions") -> "Reactions":
        """With others behind them, without the oldest that are too many."""
        return Reactions(
            np.concatenate([self.members, other.members])[-REACTIONS:],
            np.concatenate([self.items, other.items])[-REACTIONS:],
            np.concatenate([self.when, other.when])[-REACTIONS:],
        )


async def newest(view: View) -> list[Row]:
    """The newest creations that were published, the oldest of them first."""
    oldest = (
        sa_select(col(Creation.id))
        .where(col(Creation.state) == CreationState.PUBLISHED)
        .order_by(col(Creation.id).desc())
        .offset(MOST)
        .limit(1)
    )
    before = (await (await view.core()).execute(oldest)).scalar() or 0
    return await _rows(view, lambda it: it > before)


async def published(view: View, *, since: datetime) -> set[int]:
    """The numbers of what was published since then."""
    wanted = sa_select(col(Creation.id)).where(col(Creation.published_at) > since)
    return {it async for (it,) in _streamed(view, wanted)}


async def these(view: View, creation_ids: Collection[int]) -> list[Row]:
    """Those of these creations that are published, the oldest first."""
    return await _rows(view, lambda it: it.in_(creation_ids)) if creation_ids else []


async def said(view: View, *, since: datetime) -> dict[int, float]:
    """What was commented on since then, and when last, in seconds."""
    # Grouped by creation, SQLite would go through all comments that there ever were.
    comments = (
        sa_select(col(Comment.creation_id), col(Comment.created_at))
        .where(col(Comment.state) == CommentState.PUBLISHED, col(Comment.created_at) > since)
        .order_by(col(Comment.created_at))
    )
    return {it: when.timestamp() async for it, when in _streamed(view, comments)}


async def edited(view: View, *, since: datetime) -> dict[int, float]:
    """What was edited since then, and when, in seconds."""
    edits = sa_select(col(Creation.id), col(Creation.edited_at)).where(
        col(Creation.edited_at) > since
    )
    return {it: when.timestamp() async for it, when in _streamed(view, edits)}


async def reactions(view: View, *, since: datetime | None = None) -> Reactions:
    """The newest reactions, or all since then; the oldest first."""
    wanted = sa_select(
        col(Reaction.member_id), col(Reaction.creation_id), col(Reaction.created_at)
    ).order_by(col(Reaction.created_at).desc())
    if since is not None:
        wanted = wanted.where(col(Reaction.created_at) > since)
    return Reactions.of(
        [
            (member, item, when.timestamp())
            async for member, item, when in _streamed(view, wanted.limit(REACTIONS))
        ]
    )


async def makers(view: View) -> tuple[Places, Places]:
    """The numbers of all creations, rising, and who made each."""
    number: Any = col(Creation.id)
    wanted = sa_select(number, col(Creation.author_id))  # in any order an index alone answers it
    ids, authors = array("q"), array("q")
    async with (await view.core()).stream(wanted) as result:
        async for piece in result.partitions(AT_ONCE):
            numbers, members = zip(*piece, strict=True)
            ids.extend(numbers)
            authors.extend(members)
    order = np.argsort(np.array(ids, dtype=np.int64))
    return np.array(ids, dtype=np.int64)[order], np.array(authors, dtype=np.int64)[order]


async def _rows(view: View, which: Which) -> list[Row]:
    wanted = sa_select(
        col(Creation.id),
        col(Creation.author_id),
        col(Creation.visibility),
        col(Creation.room_id),
        col(Creation.published_at),
        col(Creation.edited_at),
        col(Creation.consent_recommend),
        col(Creation.tags),
    ).where(col(Creation.state) == CreationState.PUBLISHED, which(col(Creation.id)))
    entries = sa_select(col(ThreadEntry.creation_id), col(ThreadEntry.thread_id)).where(
        which(col(ThreadEntry.creation_id)), col(ThreadEntry.depth) <= NEAR
    )
    threads: dict[int, list[int]] = {}
    async for number, thread in _streamed(view, entries):
        threads.setdefault(number, []).append(thread)
    rows = [_row(it, threads.get(it.id, ())) async for it in _streamed(view, wanted)]
    return sorted(rows, key=lambda it: (it.published, it.id))


def _row(found: Any, threads: Sequence[int]) -> Row:
    return Row(
        id=found.id,
        maker=found.author_id,
        room=_room(found.visibility, found.room_id),
        published=found.published_at.timestamp(),
        edited=found.edited_at.timestamp() if found.edited_at else 0.0,
        recommended=found.consent_recommend is Permission.YES,
        tags=[tag_of(it) for it in found.tags],
        threads=threads,
    )


async def _streamed(view: View, wanted: Select[*tuple[Any, ...]]) -> AsyncIterator[Any]:
    """The rows of a query, a piece at a time."""
    async with (await view.core()).stream(wanted) as result:
        async for piece in result.partitions(AT_ONCE):
            for row in piece:
                yield row


def _room(visibility: Visibility, room_id: int | None) -> int:
    if visibility is Visibility.EVERYONE:
        return EVERYWHERE
    return room_id if visibility is Visibility.ROOM and room_id is not None else NOWHERE
