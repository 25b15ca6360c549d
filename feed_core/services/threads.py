"""Threads: a creation, what was said about it, and everything that was made of it, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer, cast, literal, or_, tuple_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from feed_core.errors import CreationNotFound
from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute
from feed_core.models.reactions import Comment
from feed_core.models.threads import ThreadEntry
from feed_core.services.muting import Silence, not_muted, silence
from feed_core.services.sight import Reader, may_place, see
from feed_core.states import CommentState, CreationState
from feed_core.store import View

LOOKED_AT = 5_000  # entries that one page looks at, where its reader muted words or tags
BATCH = 100
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class EntryKind(StrEnum):
    """What an entry of a thread is; of two of one moment, in this order."""

    COMMENT = "comment"
    REMIX = "remix"


SHAPE = re.compile(r"(after|before)-(\d{1,17})-([cr])(\d{1,16})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two entries: after the entry of this moment, kind and number, or before it.

    As text it is `after-<microseconds since 1970, UTC>-<c or r><number>`, or `before-…`. It stays
    good whatever is added to the thread or taken back.
    """

    at: datetime
    kind: EntryKind
    id: int
    before: bool = False

    def __str__(self) -> str:
        side = "before" if self.before else "after"
        return f"{side}-{(self.at - BEGINNING) // MICROSECOND}-{self.kind[0]}{self.id}"

    @classmethod
    def read(cls, typed: str) -> Self:
        """The cursor of this text.

        Raises:
            ValueError: it is none.
        """
        if not (match := SHAPE.fullmatch(typed.strip())):
            raise ValueError("that is no place in a thread")
        side, moment, kind, number = match.groups()
        at = BEGINNING + int(moment) * MICROSECOND
        told = EntryKind.COMMENT if kind == "c" else EntryKind.REMIX
        return cls(at, told, int(number), before=side == "before")


END = Cursor(datetime(9999, 1, 1, tzinfo=UTC), EntryKind.COMMENT, 0, before=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or made in a thread.

    `depth` counts the remixes that lead from the root to a remix; it is 0 for a comment. A remix
    that was withdrawn is there without its content.
    """

    at: datetime
    comment: Comment | None = None
    remix: Creation | None = None
    depth: int = 0

    @property
    def kind(self) -> EntryKind:
        """Which of the two it is."""
        return EntryKind.COMMENT if self.comment else EntryKind.REMIX

    @property
    def id(self) -> int:
        """Its number among its kind."""
        found = self.comment or self.remix
        return found.id if found and found.id is not None else 0

    @property
    def order(self) -> tuple[datetime, EntryKind, int]:
        """What entries are sorted by."""
        return self.at, self.kind, self.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a thread, oldest first, and where its neighbours begin, if there are any."""

    root: Creation
    entries: Sequence[Entry]
    previous: Cursor | None = None
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A creation with what was said about it and made of it, oldest first."""

    root: Creation
    comments: Sequence[Comment]
    remixes: Sequence[Creation]

    @property
    def author_ids(self) -> set[int]:
        """Everybody who said or made something in it."""
        makers = {it.author_id for it in (self.root, *self.remixes)}
        return makers | {it.author_id for it in self.comments}


async def page(
    view: View, root_id: int, *, reader: Reader, cursor: Cursor | None = None, limit: int = 10
) -> Page:
    """The entries behind a cursor, or the first ones, as far as the reader may see them.

    The comments are those on the root; a remix's own are in its own thread. A root that was
    withdrawn keeps its thread, without what was said about it.

    Raises:
        CreationNotFound: there is no such creation that this reader may see.
    """
    found = await view.db.exec(select(Creation).where(Creation.id == root_id, may_place(reader)))
    root = found.first()
    if root is None:
        raise CreationNotFound(root_id)
    entries = await _entries(view, root, reader=reader, cursor=cursor, limit=limit + 1)
    kept, more = entries[:limit], len(entries) > limit
    if not kept:
        return Page(root, [])
    back = cursor is not None and cursor.before
    if back:
        kept.reverse()
    return Page(
        root,
        kept,
        previous=_beside(kept[0], before=True) if (more if back else cursor) else None,
        next=_beside(kept[-1]) if back or more else None,
    )


async def whole(view: View, root_id: int, *, reader: Reader, limit: int = 200) -> Thread:
    """A creation with at most so many of its comments and remixes, the oldest.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    root = await see(view, root_id, reader=reader)
    entries = await _entries(view, root, reader=reader, cursor=None, limit=limit)
    return Thread(
        root,
        [it.comment for it in entries if it.comment is not None],
        [
            it.remix
            for it in entries
            if it.remix is not None and it.remix.state is CreationState.PUBLISHED
        ],
    )


async def last_said(view: View, root: Creation, *, reader: Reader, limit: int) -> list[Comment]:
    """The newest comments on a creation, oldest first."""
    quiet = await silence(view, reader=reader)
    said = [it.comment for it in await _said(view, root, reader, END, BATCH) if it.comment]
    heard = [it for it in said if not quiet.mutes(it.author_id, it.body)]
    return heard[:limit][::-1]


async def _entries(
    view: View, root: Creation, *, reader: Reader, cursor: Cursor | None, limit: int
) -> list[Entry]:
    """Entries in the cursor's direction, with what the reader muted left out."""
    quiet = await silence(view, reader=reader)
    back = cursor is not None and cursor.before
    size = limit if quiet.nothing else max(limit, BATCH)
    kept: list[Entry] = []
    for _ in range(0, max(LOOKED_AT, limit), size):
        said = await _said(view, root, reader, cursor, size)
        made = await _made(view, root, reader, cursor, size)
        batch = sorted([*said, *made], key=lambda it: it.order, reverse=back)[:size]
        kept += [it for it in batch if not _muted(it, quiet)]
        if len(kept) >= limit or len(batch) < size:
            break
        cursor = _beside(batch[-1], before=back)
    return kept[:limit]


async def _said(
    view: View, root: Creation, reader: Reader, cursor: Cursor | None, limit: int
) -> list[Entry]:
    if root.state is not CreationState.PUBLISHED:
        return []
    muted = select(cast(col(Mute.subject), Integer)).where(
        Mute.member_id == reader.member_id, col(Mute.kind) == Followed.MEMBER
    )
    place, order = _from(cursor, EntryKind.COMMENT, col(Comment.created_at), col(Comment.id))
    found = await view.db.exec(
        select(Comment)
        .where(
            Comment.creation_id == root.id,
            Comment.state == CommentState.PUBLISHED,
            or_(col(Comment.author_id) == reader.member_id, col(Comment.author_id).not_in(muted)),
            *place,
        )
        .order_by(*order)
        .limit(limit)
    )
    return [Entry(it.created_at, comment=it) for it in found]


async def _made(
    view: View, root: Creation, reader: Reader, cursor: Cursor | None, limit: int
) -> list[Entry]:
    joined = col(ThreadEntry.joined_at), col(ThreadEntry.creation_id)
    place, order = _from(cursor, EntryKind.REMIX, *joined)
    found = await view.db.exec(
        select(ThreadEntry, Creation)
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        # Who opens a thread wants to see it, also one that they muted.
        .where(
            ThreadEntry.thread_id == root.id,
            may_place(reader),
            not_muted(reader, threads=False),
            *place,
        )
        .order_by(*order)
        .limit(limit)
    )
    return [Entry(it.joined_at, remix=made, depth=it.depth) for it, made in found]


def _from(
    cursor: Cursor | None, kind: EntryKind, at: Mapped[datetime], number: Mapped[Any]
) -> tuple[list[ColumnElement[bool]], tuple[ColumnElement[Any], ...]]:
    """The condition that a kind's rows are behind a cursor, and the order they come in."""
    if cursor is None:
        return [], (at.asc(), number.asc())
    order = (at.desc(), number.desc()) if cursor.before else (at.asc(), number.asc())
    if kind is cursor.kind:
        here, there = tuple_(at, number), tuple_(literal(cursor.at, UtcDateTime()), cursor.id)
        return [here < there if cursor.before else here > there], order
    # Of one moment, the other kind stands wholly before the cursor's or wholly behind it.
    if cursor.before:
        return [at <= cursor.at if kind < cursor.kind else at < cursor.at], order
    return [at > cursor.at if kind < cursor.kind else at >= cursor.at], order


def _beside(entry: Entry, *, before: bool = False) -> Cursor:
    return Cursor(entry.at, entry.kind, entry.id, before=before)


def _muted(entry: Entry, quiet: Silence) -> bool:
    if entry.comment is not None:
        return quiet.mutes(entry.comment.author_id, entry.comment.body)
    return entry.remix is not None and quiet.keeps_away(entry.remix)
