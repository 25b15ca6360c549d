"""What a member and their agent said to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, String, and_, bindparam, delete, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core import bulk
from feed_core.models.conversation import Message, Recap
from feed_core.services.members import in_turn
from feed_core.states import Role
from feed_core.store import View, Work

LONGEST_LINE = 20_000
MOST_FOLDED = 200  # lines in one go

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


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a conversation: where and when it was said."""

    id: int
    role: Role
    text: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recent:
    """The last lines in a place, oldest first, and what was talked about before them."""

    lines: Sequence[Line]
    recap: str = ""


async def recent(view: View, *, member_id: int, place: str, limit: int) -> Recent:
    """The lines that are in no recap yet, the last `limit` of them, with the recap."""
    found = await view.ask(_recent(), {"member_id": member_id, "place": place, "limit": limit})
    lines = [(Role(role), text) for role, text, _ in reversed(found)]
    return Recent(lines, (found[0][2] or "") if found else "")


async def unfolded(view: View, *, member_id: int, place: str) -> tuple[str, list[Spoken]]:
    """The recap of a place, and the lines that are not in it, oldest first."""
    recap = await view.db.get(Recap, (member_id, place))
    found = await view.db.exec(
        select(Message)
        .where(
            Message.member_id == member_id,
            Message.place == place,
            col(Message.id) > (recap.until_id if recap else 0),
        )
        .order_by(col(Message.id))
        .limit(MOST_FOLDED)
    )
    return recap.text if recap else "", [_spoken(it) for it in found]


async def fold(
    work: Work, *, member_id: int, place: str, text: str, folded: Sequence[Spoken]
) -> bool:
    """Keep a text as the recap up to the last of these lines.

    False, and nothing is kept, where one of them is gone by now.
    """
    await in_turn(work, member_id)
    there = await work.db.exec(
        select(Message.id).where(
            Message.member_id == member_id, col(Message.id).in_([it.id for it in folded])
        )
    )
    if len(there.all()) != len(folded):
        return False
    row = await work.hold_if_any(Recap, (member_id, place))
    if row is None:
        row = Recap(member_id=member_id, place=place, text="", until_id=0, made_at=work.now)
        work.db.add(row)
    row.text, row.until_id, row.made_at = text, folded[-1].id, work.now
    return True


async def spoken(view: View, *, member_id: int, limit: int) -> list[Spoken]:
    """One member's last lines in all places, and their agent's, oldest first."""
    found = await view.db.exec(
        select(Message)
        .where(Message.member_id == member_id)
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return [_spoken(it) for it in found][::-1]


async def lines_of(view: View, *, member_id: int) -> list[tuple[int, str]]:
    """Every line of one member's conversations, by number, wherever they were."""
    found = await view.db.exec(
        select(Message.id, Message.text).where(Message.member_id == member_id)
    )
    return [(number, text) for number, text in found if number is not None]


async def remove(work: Work, *, member_id: int, line_ids: Sequence[int]) -> None:
    """Remove lines of this member's conversations for good, and every recap that they may be in."""
    if line_ids:
        await work.db.exec(delete(Recap).where(col(Recap.member_id) == member_id))
    await work.db.exec(
        delete(Message).where(col(Message.member_id) == member_id, col(Message.id).in_(line_ids))
    )


def _spoken(row: Message) -> Spoken:
    assert row.id is not None
    return Spoken(row.id, row.role, row.text, row.place, row.created_at)


@cache
def _recent() -> Select[str, str, str]:
    """Put together once, because every message asks it."""
    here = and_(col(Recap.member_id) == Message.member_id, col(Recap.place) == Message.place)
    return (
        select(Message.role, Message.text, Recap.text)
        .outerjoin(Recap, here)
        .where(
            Message.member_id == bindparam("member_id", type_=Integer),
            Message.place == bindparam("place", type_=String),
            col(Message.id) > func.coalesce(Recap.until_id, 0),
        )
        .order_by(col(Message.id).desc())
        .limit(bindparam("limit", type_=Integer))
    )
