"""What stands in a thread, row by row behind a place in it; each statement is put together once.

To put one together takes longer than to ask it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Self, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, bindparam, cast, or_, select, tuple_
from sqlalchemy.orm import Mapped
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute
from feed_core.models.reactions import Comment
from feed_core.models.threads import ThreadEntry
from feed_core.prepared import columns
from feed_core.services.muting import not_muted
from feed_core.services.sight import anybody, may_place
from feed_core.states import CommentState

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

Way: TypeAlias = tuple[EntryKind, bool] | None  # a cursor's kind, and whether it goes back


def way(cursor: Cursor | None) -> Way:
    """The way in which a cursor goes on; None is from the beginning."""
    return None if cursor is None else (cursor.kind, cursor.before)


def place(cursor: Cursor | None) -> dict[str, object]:
    """What a statement of its way is given with the cursor."""
    return {"at": cursor.at, "number": cursor.id} if cursor else {}


@cache
def root_of() -> Select[Any]:
    """The creation of a number, as far as a reader may see its place."""
    here = col(Creation.id) == bindparam("id", type_=Integer)
    return select(*columns(Creation)).where(here, may_place(anybody()))


@cache
def comments(way: Way) -> Select[Any]:
    """Those on a creation that a reader did not mute, in the order of this way."""
    reader = anybody()
    muted = select(cast(col(Mute.subject), Integer)).where(
        col(Mute.member_id) == reader.member_id, col(Mute.kind) == Followed.MEMBER
    )
    behind, order = _from(way, EntryKind.COMMENT, col(Comment.created_at), col(Comment.id))
    return (
        select(*columns(Comment))
        .where(
            col(Comment.creation_id) == bindparam("root", type_=Integer),
            col(Comment.state) == CommentState.PUBLISHED,
            or_(col(Comment.author_id) == reader.member_id, col(Comment.author_id).not_in(muted)),
            *behind,
        )
        .order_by(*order)
        .limit(bindparam("limit", type_=Integer))
    )


@cache
def remixes(way: Way) -> Select[Any]:
    """What was made of a creation, as far as a reader may see its place, in the order of this way.

    Each comes behind the moment at which it joined the thread, and its depth there. Who opens a
    thread wants to see it, also one that they muted.
    """
    reader = anybody()
    joined = col(ThreadEntry.joined_at), col(ThreadEntry.creation_id)
    behind, order = _from(way, EntryKind.REMIX, *joined)
    return (
        select(col(ThreadEntry.joined_at), col(ThreadEntry.depth), *columns(Creation))
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            col(ThreadEntry.thread_id) == bindparam("root", type_=Integer),
            may_place(reader),
            not_muted(reader, threads=False),
            *behind,
        )
        .order_by(*order)
        .limit(bindparam("limit", type_=Integer))
    )


def _from(
    way: Way, kind: EntryKind, at: Mapped[datetime], number: Mapped[Any]
) -> tuple[list[ColumnElement[bool]], tuple[ColumnElement[Any], ...]]:
    """The condition that a kind's rows are behind a cursor, and the order they come in."""
    if way is None:
        return [], (at.asc(), number.asc())
    theirs, back = way
    order = (at.desc(), number.desc()) if back else (at.asc(), number.asc())
    moment = bindparam("at", type_=UtcDateTime)
    if kind is theirs:
        here = tuple_(at, number)
        there = tuple_(moment, bindparam("number", type_=Integer))
        return [here < there if back else here > there], order
    # Of one moment, the other kind stands wholly before the cursor's or wholly behind it.
    if back:
        return [at <= moment if kind < theirs else at < moment], order
    return [at > moment if kind < theirs else at >= moment], order
