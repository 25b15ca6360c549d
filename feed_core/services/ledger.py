"""What model calls cost: reserved before, settled after, and never more than is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, text, update
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.ledger import ModelCall, Purse, Spending
from feed_core.services import deliveries
from feed_core.states import DeliveryKind
from feed_core.store import View, Work

EVERYBODY = 0  # the member of the purse that all share
DIGEST = "digest"  # the purpose of what is read for digests


class Period(StrEnum):
    """How long a budget has to last, in UTC."""

    DAY = "day"
    MONTH = "month"


class Amount(NamedTuple):
    """Tokens, and what they cost in millionths of the prices' currency."""

    tokens: int = 0
    micros: int = 0


class Most(NamedTuple):
    """The most that may be spent; None is any amount."""

    tokens: int | None = None
    micros: int | None = None


Budgets = Mapping[tuple[Purse, Period], Most]
Spent = Mapping[tuple[Purse, Period], Amount]


@dataclass(eq=False)
class BudgetSpent(Refusal):
    """A call may take more than is left in a purse; `problem` is such as member_day.

    With "_short" behind it something is left, with "_small" the whole purse would be too little.
    """

    problem: str
    code = "budget_spent"

    @property
    def purse(self) -> Purse:
        """Which purse it is."""
        return Purse(self.problem.partition("_")[0])


@dataclass(frozen=True, slots=True)
class Reserved:
    """A call about to be made, and what is set aside for it."""

    id: int
    member_id: int
    amount: Amount
    at: datetime
    background: bool


def _counting(*purses: Purse) -> str:
    # Everybody's row first, always: who waits for a row holds none that another waits for.
    rows = ", ".join(
        f"({':member_id' if purse is not Purse.ALL else EVERYBODY}, '{purse}', :{period}, "
        ":tokens, :micros)"
        for purse in purses
        for period in Period
    )
    return (
        f"INSERT INTO spending (member_id, purse, period, tokens, micros) VALUES {rows} "  # noqa: S608
        "ON CONFLICT (member_id, purse, period) DO UPDATE SET "
        "tokens = spending.tokens + excluded.tokens, micros = spending.micros + excluded.micros"
    )


COUNT = {
    False: text(_counting(Purse.ALL, Purse.MEMBER)),
    True: text(_counting(Purse.ALL, Purse.MEMBER, Purse.BACKGROUND)),
}
COUNTED = {
    it: text(f"{count} RETURNING purse, period, tokens, micros") for it, count in COUNT.items()
}
NOTE = (
    insert(ModelCall)
    .values({it: bindparam(it) for it in ("member_id", "purpose", "model", "tokens_in", "at")})
    .returning(col(ModelCall.id))
)
SETTLE = (
    update(ModelCall)
    .where(col(ModelCall.id) == bindparam("entry_id"))
    .values(
        {it: bindparam(f"new_{it}") for it in ("model", "micros", "tokens_in", "tokens_out")}
        | {"settled": True}
    )
)


async def reserve(
    work: Work,
    *,
    member_id: int,
    purpose: str,
    model: str,
    amount: Amount,
    budgets: Budgets,
    background: bool = False,
) -> Reserved:
    """Set aside what a call about to be made may take; `background`: nobody asked for it.

    Raises:
        BudgetSpent: a purse has less left than that.
    """
    names = _names(work.now)
    counted, ((entry_id,),) = await work.ask_all(
        (COUNTED[background], _given(member_id, amount, names)),
        (
            NOTE,
            {
                "member_id": member_id,
                "purpose": purpose,
                "model": model,
                "tokens_in": amount.tokens,
                "at": work.now,
            },
        ),
    )
    periods = {name: period for period, name in names.items()}
    spent = {
        (Purse(purse), Period(periods[name])): Amount(tokens, micros)
        for purse, name, tokens, micros in counted
    }
    for (purse, period), most in budgets.items():
        total = spent.get((purse, period), Amount())
        beyond = [
            (asked, limit, all_ - asked)
            for asked, limit, all_ in zip(amount, most, total, strict=True)
            if limit is not None and all_ > limit
        ]
        if beyond:
            raise BudgetSpent(f"{purse}_{period}{_how(beyond)}")
    return Reserved(entry_id, member_id, amount, work.now, background)


async def settle(
    work: Work, *, reserved: Reserved, model: str, tokens_in: int, tokens_out: int, micros: int
) -> None:
    """Replace what was set aside by what the call really took."""
    await work.write(
        SETTLE,
        {
            "entry_id": reserved.id,
            "new_model": model,
            "new_micros": micros,
            "new_tokens_in": tokens_in,
            "new_tokens_out": tokens_out,
        },
    )
    more = Amount(tokens_in + tokens_out - reserved.amount.tokens, micros - reserved.amount.micros)
    given = _given(reserved.member_id, more, _names(reserved.at))
    await work.write(COUNT[reserved.background], given)


async def spent(view: View, member_id: int) -> Spent:
    """What was spent today and this month, with what is set aside for calls under way."""
    names = _names(view.now)
    found = await view.db.exec(
        select(Spending).where(
            col(Spending.member_id).in_([EVERYBODY, member_id]),
            col(Spending.period).in_(names.values()),
        )
    )
    rows = {(it.purse, it.period): Amount(it.tokens, it.micros) for it in found}
    return {
        (purse, Period(period)): rows.get((purse, name), Amount())
        for purse in Purse
        for period, name in names.items()
    }


async def tell(work: Work, member_id: int) -> None:
    """Owe the member word that their agent spent all it may unasked; once a day (UTC)."""
    await deliveries.tell(
        work,
        member_id=member_id,
        kind=DeliveryKind.SPENT,
        subject_id=member_id,
        key=f"{DeliveryKind.SPENT}:{member_id}:{work.now.date().isoformat()}",
    )


async def join(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Two members are one: what both spent today and this month counts for the one."""
    theirs = await work.db.exec(
        select(Spending).where(
            Spending.member_id == gone_id, col(Spending.period).in_(_names(work.now).values())
        )
    )
    for it in theirs.all():
        kept = await work.hold_if_any(Spending, (keep_id, it.purse, it.period))
        if kept is None:
            kept = Spending(member_id=keep_id, purse=it.purse, period=it.period)
            work.db.add(kept)
        kept.tokens += it.tokens
        kept.micros += it.micros
    await work.db.exec(delete(Spending).where(col(Spending.member_id) == gone_id))


async def carry(work: Work, *, from_id: int, to_id: int) -> None:
    """What a member spent today and this month counts also for the one an account of theirs is."""
    spent = await work.db.exec(
        select(Spending).where(
            Spending.member_id == from_id, col(Spending.period).in_(_names(work.now).values())
        )
    )
    work.db.add_all(
        Spending(**it.model_dump(exclude={"member_id"}), member_id=to_id) for it in spent.all()
    )
    await work.db.flush()


def _how(beyond: Sequence[tuple[int, int, int]]) -> str:
    """What to call it: of asked, limit and spent before, those that went beyond the limit."""
    if any(limit == 0 or before >= limit for _, limit, before in beyond):
        return ""
    return "_small" if any(asked > limit for asked, limit, _ in beyond) else "_short"


def _given(member_id: int, amount: Amount, names: Mapping[str, str]) -> dict[str, object]:
    return {"member_id": member_id, **names, **amount._asdict()}


def _names(at: datetime) -> dict[str, str]:
    """What the day and the month of this moment are called."""
    day = at.date().isoformat()
    return {Period.DAY.value: day, Period.MONTH.value: day[:7]}
