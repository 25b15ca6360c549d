"""Leaving a room for good: nothing of Jamfeed stays there, and nothing of the room stays here."""

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from feed_core.models.conversation import Message, Recap
from feed_core.models.deliveries import Delivery
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import deliveries, digest_hours
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Work

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


async def leave(work: Work, *, room_id: int) -> int:
    """Leave a room: it is owed nothing, heard no more and forgotten; what Jamfeed posted there
    unasked is taken away. Returns how many messages that are.

    What people made and said there stays theirs in the feed. Binding the room brings Jamfeed back.
    """
    room = await work.hold(Room, room_id)
    await digest_hours.stop_room(work, room_id=room_id)
    await work.db.exec(
        update(Delivery)
        .where(col(Delivery.room_id) == room_id, col(Delivery.state) == DeliveryState.PENDING)
        .values(state=DeliveryState.FAILED, problem="the room was left")
    )
    standing = await work.db.exec(
        select(Delivery.id).where(
            Delivery.room_id == room_id,
            col(Delivery.state).in_((DeliveryState.SENT, DeliveryState.SENDING)),
            col(Delivery.kind).not_in((DeliveryKind.AMENDED, DeliveryKind.REMOVED)),
        )
    )
    ids = [it for it in standing.all() if it is not None]
    for delivery_id in ids:
        await deliveries.owe(
            work,
            kind=DeliveryKind.REMOVED,
            subject_id=delivery_id,
            to=room,
            key=f"{DeliveryKind.REMOVED}:{delivery_id}",
        )
    place = f"{room.platform}:{room.external_id}"
    await work.db.exec(delete(Message).where(col(Message.place) == place))
    await work.db.exec(delete(Recap).where(col(Recap.place) == place))
    room.name = room.server = ""
    room.bound, room.settings, room.left_at = False, {}, work.now
    return len(ids)


async def forget(work: Work) -> int:
    """Forget which creations stood in rooms that were left, once they are gone; returns how many
    rooms that are."""
    rooms = await work.db.exec(
        select(Room).where(
            col(Room.left_at).is_not(None),
            col(Room.id).in_(select(RoomPost.room_id)),
            select(func.count())
            .where(
                Delivery.room_id == Room.id,
                Delivery.kind == DeliveryKind.REMOVED,
                col(Delivery.state).in_(OPEN),
            )
            .scalar_subquery()
            == 0,
        )
    )
    ids = [it.id for it in rooms.all()]
    await work.db.exec(delete(RoomPost).where(col(RoomPost.room_id).in_(ids)))
    return len(ids)
