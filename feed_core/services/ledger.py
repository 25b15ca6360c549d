"""What model calls cost: reserved before, settled after."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, insert, update
from sqlmodel import col, select

from feed_core.errors import BudgetSpent
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
    taken = ModelCall.tokens_in + ModelCall.tokens_out
    theirs = case((col(ModelCall.member_id) == member_id, taken), else_=0)
    found = await work.db.exec(
        select(func.coalesce(func.sum(theirs), 0), func.coalesce(func.sum(taken), 0)).where(
            col(ModelCall.at) > work.now - DAY
        )
    )
    of_member, of_all = found.one()
    if of_member + tokens > daily or of_all + tokens > daily_all:
        raise BudgetSpent
    entry = await work.db.exec(
        insert(ModelCall)
        .values(member_id=member_id, purpose=purpose, model=model, tokens_in=tokens, at=work.now)
        .returning(col(ModelCall.id))
    )
    return int(entry.scalar_one())


async def settle(
    work: Work, *, entry_id: int, model: str, tokens_in: int, tokens_out: int, micros: int
) -> None:
    """Replace the estimate by what the call really took."""
    await work.db.exec(
        update(ModelCall)
        .where(col(ModelCall.id) == entry_id)
        .values(
            model=model, micros=micros, tokens_in=tokens_in, tokens_out=tokens_out, settled=True
        )
    )


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
