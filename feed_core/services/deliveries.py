"""The outbox: what is owed to whom, and how far it has come."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DELIVERY_MOVES, DeliveryState, move
from feed_core.store import View, Work

MOST_ATTEMPTS = 12  # with the pauses below: a platform may be away for almost three hours
FIRST_PAUSE = timedelta(seconds=5)
REPEATABLE_FOR = timedelta(minutes=2)  # Discord compares nonces of "the past few minutes" only


async def recover(work: Work, *, platform: str, repeatable: bool) -> int:
    """Decide on what a stop left half sent; returns how many there were.

    Where a repeat is still harmless it is owed again; all else stays unknown and is never resent.
    """
    half_sent = (col(Delivery.platform) == platform, col(Delivery.state) == DeliveryState.SENDING)
    lost = {"state": DeliveryState.UNKNOWN, "problem": "stopped while sending"}
    count = 0
    if repeatable:
        young = col(Delivery.due_at) > work.now - REPEATABLE_FOR
        count += await _set(work, *half_sent, young, values={"state": DeliveryState.PENDING})
    return count + await _set(work, *half_sent, values=lost)


async def due(view: View, *, platform: str, limit: int = 200) -> list[tuple[Delivery, Identity]]:
    """What is owed on a platform and may be sent now, with whom it is for; the oldest first."""
    found = await view.db.exec(
        select(Delivery, Identity)
        .join(Identity, col(Identity.id) == col(Delivery.identity_id))
        .where(
            Delivery.platform == platform,
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= view.now,
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
    )
    return list(found)


async def claim(work: Work, delivery_id: int) -> bool:
    """Mark one delivery as being sent; False when it is no longer owed.

    Its `due_at` says from then on when it was taken, so that `recover` knows how old a half-sent
    one is.
    """
    delivery = await work.db.get_one(Delivery, delivery_id)
    if delivery.state is not DeliveryState.PENDING:
        return False
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENDING)
    delivery.attempts += 1
    delivery.due_at = work.now
    return True


async def sent(work: Work, delivery_id: int, *, message_id: str) -> None:
    """It arrived."""
    delivery = await work.db.get_one(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENT)
    delivery.message_id, delivery.sent_at, delivery.problem = message_id, work.now, ""


async def not_taken(work: Work, delivery_id: int, *, problem: str) -> None:
    """The platform took nothing: try later, longer apart each time, then give up."""
    delivery = await work.db.get_one(Delivery, delivery_id)
    delivery.problem = problem
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.FAILED)
        return
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.PENDING)
    delivery.due_at = work.now + FIRST_PAUSE * 2 ** (delivery.attempts - 1)


async def ended(work: Work, delivery_id: int, *, state: DeliveryState, problem: str) -> None:
    """It failed for good, or nobody knows."""
    delivery = await work.db.get_one(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, state)
    delivery.problem = problem


async def _set(work: Work, *which: ColumnElement[bool], values: Mapping[str, str]) -> int:
    found = await work.db.exec(
        update(Delivery).where(*which).values(values).returning(col(Delivery.id))
    )
    return len(found.all())
