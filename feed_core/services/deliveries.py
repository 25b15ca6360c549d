"""The outbox: what is owed to whom, and how far it has come."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DELIVERY_MOVES, DeliveryState, move
from feed_core.store import Work

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)


async def recover(work: Work, *, platform: str, repeatable: bool) -> int:
    """Decide on what a stop left half sent; returns how many there were.

    Where a repeat is harmless it is owed again, elsewhere it stays unknown and is never resent.
    """
    state = DeliveryState.PENDING if repeatable else DeliveryState.UNKNOWN
    found = await work.db.execute(
        update(Delivery)
        .where(col(Delivery.platform) == platform, col(Delivery.state) == DeliveryState.SENDING)
        .values(state=state, problem="" if repeatable else "stopped while sending")
        .returning(col(Delivery.id))
    )
    return len(found.all())


async def claim(work: Work, *, platform: str, limit: int = 20) -> list[tuple[Delivery, Identity]]:
    """Take what is due on a platform and mark it as being sent, the oldest first."""
    found = await work.db.exec(
        select(Delivery, Identity)
        .join(Identity, col(Identity.id) == col(Delivery.identity_id))
        .where(
            Delivery.platform == platform,
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= work.now,
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
    )
    claimed = list(found)
    for delivery, _ in claimed:
        delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENDING)
        delivery.attempts += 1
    return claimed


async def sent(work: Work, delivery_id: int, *, message_id: str) -> None:
    """It arrived."""
    delivery = await work.db.get_one(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENT)
    delivery.message_id, delivery.sent_at = message_id, work.now


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
