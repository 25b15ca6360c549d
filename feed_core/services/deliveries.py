"""The outbox: what is owed to whom, and how far it has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import col, select

from feed_core.events import DeliveryOwed
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.models.rooms import Room
from feed_core.services import members
from feed_core.services.once import insert
from feed_core.states import DELIVERY_MOVES, DeliveryKind, DeliveryState, move
from feed_core.store import View, Work

MOST_ATTEMPTS = 12  # with the pauses below: a platform may be away for almost three hours
FIRST_PAUSE = timedelta(seconds=5)
REPEATABLE_FOR = timedelta(minutes=2)  # Discord compares nonces of "the past few minutes" only


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery and its place on its platform; None when that cannot be written to."""

    delivery: Delivery
    place: str | None


async def owe(
    work: Work,
    *,
    kind: DeliveryKind,
    subject_id: int,
    to: Identity | Room,
    key: str = "",
    due_at: datetime | None = None,
) -> None:
    """Owe an account or a room one message; a second time under the same key changes nothing.

    Its text is made when it is sent, from the subject as it is then.
    """
    key = key or f"{kind}:{subject_id}:0"
    delivery = Delivery(
        key=key,
        identity_id=to.id if isinstance(to, Identity) else None,
        room_id=to.id if isinstance(to, Room) else None,
        platform=to.platform,
        kind=kind,
        subject_id=subject_id,
        due_at=due_at or work.now,
    )
    owed = await work.db.exec(
        insert(work, Delivery)
        .values(delivery.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(Delivery.id))
    )
    for delivery_id in owed.scalars():
        work.record(DeliveryOwed(delivery_id=delivery_id))


async def tell(
    work: Work,
    *,
    member_id: int,
    kind: DeliveryKind,
    subject_id: int,
    near: str = "",
    key: str = "",
) -> bool:
    """Owe a member one message, where they are written to in private.

    `near` is the platform on which they would look for it; under one `key` it is owed once. False
    when they can be written to nowhere.
    """
    account = await members.private_account(work, member_id, near=near)
    if account is None:
        return False
    await owe(work, kind=kind, subject_id=subject_id, to=account, key=key)
    return True


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


async def due(
    view: View, *, platform: str, places: Collection[str] | None = None, limit: int = 200
) -> list[Owed]:
    """What is owed on a platform, or in some places there, and may be sent now, oldest first."""
    wanted = (
        select(Delivery, Identity, Room)
        .join(Identity, col(Identity.id) == col(Delivery.identity_id), isouter=True)
        .join(Room, col(Room.id) == col(Delivery.room_id), isouter=True)
        .where(
            Delivery.platform == platform,
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= view.now,
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
    )
    if places is not None:
        there = (col(Identity.private_place), col(Room.external_id))
        wanted = wanted.where(or_(*(it.in_(places) for it in there)))
    return [Owed(it, _place(identity, room)) for it, identity, room in await view.db.exec(wanted)]


async def claim(work: Work, delivery_id: int) -> bool:
    """Mark one delivery as being sent; False when it is no longer owed.

    Its `due_at` says from then on when it was taken, so that `recover` knows how old a half-sent
    one is.
    """
    delivery = await work.hold(Delivery, delivery_id)
    if delivery.state is not DeliveryState.PENDING:
        return False
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENDING)
    delivery.attempts += 1
    delivery.due_at = work.now
    return True


async def sent(work: Work, delivery_id: int, *, message_id: str) -> None:
    """It arrived."""
    delivery = await work.hold(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENT)
    delivery.message_id, delivery.sent_at, delivery.problem = message_id, work.now, ""


async def not_taken(work: Work, delivery_id: int, *, problem: str) -> None:
    """The platform took nothing: try later, longer apart each time, then give up."""
    delivery = await work.hold(Delivery, delivery_id)
    delivery.problem = problem
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.FAILED)
        return
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.PENDING)
    delivery.due_at = work.now + FIRST_PAUSE * 2 ** (delivery.attempts - 1)


async def ended(work: Work, delivery_id: int, *, state: DeliveryState, problem: str) -> None:
    """It failed for good, or nobody knows."""
    delivery = await work.hold(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, state)
    delivery.problem = problem


def _place(identity: Identity | None, room: Room | None) -> str | None:
    if identity is not None:
        return identity.private_place if identity.reachable else None
    return room.external_id if room is not None else None


async def _set(work: Work, *which: ColumnElement[bool], values: Mapping[str, str]) -> int:
    found = await work.db.exec(
        update(Delivery).where(*which).values(values).returning(col(Delivery.id))
    )
    return len(found.all())
