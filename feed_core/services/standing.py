"""How work that is due stands: what waits, how late it is, and what nobody knows of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.ledger import ModelCall, Purse, Spending
from feed_core.services.ledger import DIGEST
from feed_core.states import DeliveryState, DigestState
from feed_core.store import View

RECENT, LATELY = timedelta(days=7), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Used:
    """What was asked of one model today; `micros` are millionths of the prices' currency."""

    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    micros: int


@dataclass(frozen=True, slots=True)
class ForDigests:
    """What models read for digests today, and how many digests were composed for it.

    One summary of a thread serves many, so what a digest takes is told as an average.
    """

    composed: int = 0
    calls: int = 0
    tokens: int = 0
    micros: int = 0

    @property
    def tokens_each(self) -> float:
        """Tokens a digest."""
        return self.tokens / self.composed if self.composed else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to know of digests and deliveries at one moment.

    Deliveries are counted by platform: `waiting` are due, `later` not yet, `sending` on the wire,
    `sent` in the last minute, `unknown` and `failed` in seven days; `behind` is since when the
    oldest that waits is due. `oldest` is since when the oldest digest is due that is not made;
    `tokens` and `micros` are today's, with what is set aside for calls under way.
    """

    waiting: Mapping[str, int]
    later: Mapping[str, int]
    sending: Mapping[str, int]
    sent: Mapping[str, int]
    unknown: Mapping[str, int]
    failed: Mapping[str, int]
    behind: Mapping[str, datetime]
    to_compose: int
    oldest: datetime | None
    next_due: datetime | None
    models: Sequence[Used]
    for_digests: ForDigests
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
    due, recent = col(Delivery.due_at) <= view.now, col(Delivery.due_at) > view.now - RECENT
    lately = col(Delivery.due_at).between(view.now - LATELY, view.now)  # since it was claimed
    return Standing(
        waiting=await _count(view, DeliveryState.PENDING, due),
        later=await _count(view, DeliveryState.PENDING, ~due),
        sending=await _count(view, DeliveryState.SENDING),
        sent=await _count(view, DeliveryState.SENT, lately),
        unknown=await _count(view, DeliveryState.UNKNOWN, recent),
        failed=await _count(view, DeliveryState.FAILED, recent),
        behind=await _behind(view),
        to_compose=to_compose,
        oldest=min(late, default=None),
        next_due=coming,
        models=await _used(view),
        for_digests=await for_digests(view),
        micros=spent.micros if spent is not None else 0,
        tokens=spent.tokens if spent is not None else 0,
    )


async def for_digests(view: View) -> ForDigests:
    """What digests cost since midnight (UTC)."""
    midnight = _midnight(view)
    composed = await view.db.exec(
        select(func.count()).where(
            Digest.state == DigestState.COMPOSED, col(Digest.composed_at) >= midnight
        )
    )
    tokens = func.sum(col(ModelCall.tokens_in) + col(ModelCall.tokens_out))
    read = await (await view.core()).execute(
        core_select(func.count(), tokens, func.sum(ModelCall.micros)).where(
            col(ModelCall.settled), col(ModelCall.at) >= midnight, col(ModelCall.purpose) == DIGEST
        )
    )
    return ForDigests(composed.one(), *(int(it or 0) for it in read.one()))


async def _count(view: View, state: DeliveryState, *when: ColumnElement[bool]) -> dict[str, int]:
    found = await view.db.exec(
        select(Delivery.platform, func.count())
        .where(Delivery.state == state, *when)
        .group_by(col(Delivery.platform))
    )
    return dict(found.all())


async def _behind(view: View) -> dict[str, datetime]:
    found = await view.db.exec(
        select(Delivery.platform, func.min(Delivery.due_at))
        .where(Delivery.state == DeliveryState.PENDING, Delivery.due_at <= view.now)
        .group_by(col(Delivery.platform))
    )
    return dict(found.all())


async def _used(view: View) -> list[Used]:
    sums = (func.sum(it) for it in (ModelCall.tokens_in, ModelCall.tokens_out, ModelCall.micros))
    found = await (await view.core()).execute(
        core_select(col(ModelCall.model), func.count(), *sums)
        .where(col(ModelCall.settled), col(ModelCall.at) >= _midnight(view))
        .group_by(col(ModelCall.model))
        .order_by(col(ModelCall.model))
    )
    return [Used(model, *(int(it) for it in counts)) for model, *counts in found]


def _midnight(view: View) -> datetime:
    return view.now.replace(hour=0, minute=0, second=0, microsecond=0)
