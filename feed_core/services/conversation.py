"""What a member and their agent said to each other."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Integer, String, bindparam, delete
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core import bulk
from feed_core.models.conversation import Message
from feed_core.states import Role
from feed_core.store import View, Work

LONGEST_LINE = 20_000

Line = tuple[Role, str]  # who said what


async def say(work: Work, *, member_id: int, place: str, lines: Sequence[Line]) -> None:
    """Add lines, with who said each."""
    rows = [
        {
            "member_id": member_id,
            "place": place,
            "role": role,
            "text": text[:LONGEST_LINE],
            "created_at": work.now,
        }
        for role, text in lines
    ]
    await bulk.add(work, Message, rows)


async def latest(view: View, *, member_id: int, place: str, limit: int = 20) -> list[Line]:
    """The last lines in this place, oldest first."""
    connection = await view.core()
    given = {"member_id": member_id, "place": place, "limit": limit}
    found = await connection.execute(_latest(), given)
    return [(Role(role), text) for role, text in reversed(found.all())]


async def lines_of(view: View, *, member_id: int) -> list[tuple[int, str]]:
    """Every line of one member's conversations, by number, wherever they were."""
    found = await view.db.exec(
        select(Message.id, Message.text).where(Message.member_id == member_id)
    )
    return [(number, text) for number, text in found if number is not None]


async def remove(work: Work, *, member_id: int, line_ids: Sequence[int]) -> None:
    """Remove lines of this member's conversations for good."""
    await work.db.exec(
        delete(Message).where(col(Message.member_id) == member_id, col(Message.id).in_(line_ids))
    )


@cache
def _latest() -> Select[str, str]:
    """Put together once, because every message asks it."""
    return (
        select(Message.role, Message.text)
        .where(
            Message.member_id == bindparam("member_id", type_=Integer),
            Message.place == bindparam("place", type_=String),
        )
        .order_by(col(Message.id).desc())
        .limit(bindparam("limit", type_=Integer))
    )
