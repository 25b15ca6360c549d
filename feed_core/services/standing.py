"""How work that is due stands: what waits, how late it is, and what nobody knows of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.ledger import Purse, Spending
from feed_core.states import DeliveryState, DigestState
from feed_core.store import View

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to know of digests and deliveries at one moment.

    `waiting`, `unknown` and `failed` count deliveries by platform, the last two of seven days.
    `oldest` is since when the oldest digest is due that is not made; `micros` is today's cost.
    """

    waiting: Mapping[str, int]
    unknown: Mapping[str, int]
    failed: Mapping[str, int]
    to_compose: int
    oldest: datetime | None
    next_due: datetime | None
    micros: int
    tokens: int


async def standing(view: View) -> Standing:
    """How it stands now."""
    made = await view.db.exec(
        select(func.count(), func.min(Digest.due_at)).where(
            Digest.state == DigestState.DUE, Digest.due_at <= view.now
        )
    )
    to_compose, begun = made.one()
    coming = (await view.db.exec(select(func.min(DigestSchedule.next_run_at)))).one()
    overdue = coming if coming is not None and coming <= view.now else None
    late = [it for it in (begun, overdue) if it is not None]
    spent = await view.db.get(Spending, (0, Purse.ALL, f"{view.now:%Y-%m-%d}"))
    return Standing(
        waiting=await _count(view, DeliveryState.PENDING, until=view.now),
        unknown=await _count(view, DeliveryState.UNKNOWN),
        failed=await _count(view, DeliveryState.FAILED),
        to_compose=to_compose,
        oldest=min(late, default=None),
        next_due=coming,
        micros=spent.micros if spent is not None else 0,
        tokens=spent.tokens if spent is not None else 0,
    )


async def _count(
    view: View, state: DeliveryState, *, until: datetime | None = None
) -> dict[str, int]:
    when = (
        col(Delivery.due_at) <= until
        if until is not None
        else col(Delivery.due_at) > view.now - RECENT
    )
    found = await view.db.exec(
        select(Delivery.platform, func.count())
        .where(Delivery.state == state, when)
        .group_by(col(Delivery.platform))
    )
    return dict(found.all())
