"""What model calls cost: reserved before, settled after."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Insert, Integer, Update, bindparam, case, func, insert, update
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core.errors import BudgetSpent
from feed_core.models.columns import UtcDateTime
from feed_core.models.ledger import ModelCall
from feed_core.store import View, Work

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one member's calls took: tokens of 24 hours and of 30 days, and the cost of these.

    `micros` are millionths of the currency that the prices are given in.
    """

    day: int
    month: int
    micros: int


async def reserve(
    work: Work, *, member_id: int, purpose: str, model: str, tokens: int, daily: int, daily_all: int
) -> int:
    """Set tokens aside for a call about to be made; returns the entry's id.

    `daily` and `daily_all` are the tokens that this member, and all of them, may spend in 24 hours.

    Raises:
        BudgetSpent: they would spend more.
    """
    await work.alone("budget")  # two that look at once would each find room for themselves
    connection = await work.db.connection()
    found = await connection.execute(_taken(), {"member_id": member_id, "since": work.now - DAY})
    of_member, of_all = found.one()
    if of_member + tokens > daily or of_all + tokens > daily_all:
        raise BudgetSpent
    row = {
        "member_id": member_id,
        "purpose": purpose,
        "model": model,
        "tokens_in": tokens,
        "at": work.now,
    }
    entry = await connection.execute(_reserving(), row)
    return int(entry.scalar_one())


async def settle(
    work: Work, *, entry_id: int, model: str, tokens_in: int, tokens_out: int, micros: int
) -> None:
    """Replace the estimate by what the call really took."""
    taken = {"tokens_in": tokens_in, "tokens_out": tokens_out, "micros": micros}
    values = {"entry_id": entry_id, "model": model, "settled": True, **taken}
    await (await work.db.connection()).execute(_settling(), values)


async def spent(view: View, member_id: int) -> Spent:
    """What this member has spent lately, with what is set aside for calls under way."""
    taken = ModelCall.tokens_in + ModelCall.tokens_out
    lately = case((col(ModelCall.at) > view.now - DAY, taken), else_=0)
    found = await view.db.exec(
        select(
            func.coalesce(func.sum(lately), 0),
            func.coalesce(func.sum(taken), 0),
            func.coalesce(func.sum(ModelCall.micros), 0),
        ).where(ModelCall.member_id == member_id, col(ModelCall.at) > view.now - MONTH)
    )
    day, month, micros = found.one()
    return Spent(int(day), int(month), int(micros))


@cache
def _taken() -> Select[int, int]:
    """What a member and all of them took since a moment; put together once, like the others."""
    taken = ModelCall.tokens_in + ModelCall.tokens_out
    member_id = bindparam("member_id", type_=Integer)
    theirs = case((col(ModelCall.member_id) == member_id, taken), else_=0)
    return select(func.coalesce(func.sum(theirs), 0), func.coalesce(func.sum(taken), 0)).where(
        col(ModelCall.at) > bindparam("since", type_=UtcDateTime())
    )


@cache
def _reserving() -> Insert:
    return insert(ModelCall).returning(col(ModelCall.id))


@cache
def _settling() -> Update:
    return update(ModelCall).where(col(ModelCall.id) == bindparam("entry_id", type_=Integer))
