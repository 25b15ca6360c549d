"""What the database tells of members' deeds, follows and mutes, in one question for one or many."""

from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.curation import Bookmark, Follow, Mute, Opinion, Wanted
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.seen import Seen
from feed_core.prepared import among

NEWEST = 200  # of each kind of doing
BETWEEN = "|"  # numbers, and moments
MUTES, FOLLOWS, SHOWN, DEEDS = range(4)  # what a row tells of


class Did(IntEnum):
    """What a member did with a creation."""

    REACTED = 1
    SAVED = 2
    COMMENTED = 3
    MADE = 4
    WANTS_MORE = 5
    WANTS_LESS = 6
    HID = 7


@cache
def subjects(*, many: bool = False) -> CompoundSelect[Any]:
    """What a member follows and muted, what they were shown and did; made once: it takes a while.

    Each row begins with the member. Deeds of one kind come as two texts, numbers and moments: a
    row for each takes longer. It asks about `member_id`, or about many `members`; of one member
    who did nothing of a kind, all that is told of it is null.
    """
    no_items = literal("", String).label("items")
    nothing = (literal(0), cast(null(), UtcDateTime))
    seen_by = col(Seen.member_id)
    named: list[Any] = [
        sa_select(
            *(col(table.member_id), literal(what), col(table.kind), col(table.subject)),
            *(no_items, *nothing),
        ).where(_asked(col(table.member_id), many=many))
        for table, what in ((Follow, FOLLOWS), (Mute, MUTES))
    ]
    return union_all(
        sa_select(
            *(seen_by, literal(SHOWN), literal("", String), literal("", String)),
            *(col(Seen.items), col(Seen.floor_id), col(Seen.began_at)),
        ).where(_asked(seen_by, many=many)),
        *named,
        *(_told(it, *nothing, apart=many or kind is None) for it, kind in _newest(many=many)),
    )


def _told(deeds: Subquery, *nothing: Any, apart: bool) -> Select[Any]:
    """A row for each member and kind of these deeds; one for all if they are not `apart`.

    To tell them apart SQLite sorts them first, which takes longer than all else.
    """
    member, did = deeds.c.member, deeds.c.did
    columns: list[Any] = [
        func.aggregate_strings(cast(deeds.c[name], String), BETWEEN) for name in ("number", "at")
    ]
    columns += nothing
    if apart:
        return sa_select(member, literal(DEEDS), did, *columns).group_by(member, did)
    return sa_select(func.max(member), literal(DEEDS), func.max(did), *columns)


def _newest(*, many: bool) -> list[tuple[Subquery, Did | None]]:
    """`member`, `did`, `number` and `at` of the newest that each did of one kind or several."""
    opinion = case(
        (col(Opinion.wanted) == Wanted.MORE, str(Did.WANTS_MORE.value)),
        (col(Opinion.wanted) == Wanted.LESS, str(Did.WANTS_LESS.value)),
        else_=str(Did.HID.value),
    )
    found: list[tuple[Subquery, Did | None]] = []
    for kind, number, member, at in (
        (Did.REACTED, Reaction.creation_id, Reaction.member_id, Reaction.created_at),
        (Did.SAVED, Bookmark.creation_id, Bookmark.member_id, Bookmark.created_at),
        (Did.COMMENTED, Comment.creation_id, Comment.author_id, Comment.created_at),
        (None, Opinion.creation_id, Opinion.member_id, Opinion.created_at),
        (Did.MADE, Creation.id, Creation.author_id, Creation.created_at),
    ):
        did: ColumnElement[str] = opinion if kind is None else literal(str(kind.value), String)
        columns: dict[str, Any] = {"member": member, "did": did, "number": number, "at": at}
        deeds = sa_select(*(it.label(name) for name, it in columns.items())).where(
            _asked(col(member), many=many)
        )
        newest_first = col(at).desc()
        if not many:
            found.append((deeds.order_by(newest_first).limit(NEWEST).subquery(), kind))
            continue
        turn = func.row_number().over(partition_by=col(member), order_by=newest_first)
        ordered = deeds.add_columns(turn.label("turn")).subquery()
        found.append((sa_select(ordered).where(ordered.c.turn <= NEWEST).subquery(), kind))
    return found


def _asked(member: Any, *, many: bool) -> ColumnElement[bool]:
    """The condition that this member is asked about."""
    if many:
        return among(member, "members", Integer())
    asked: ColumnElement[bool] = member == bindparam("member_id", type_=Integer)
    return asked
