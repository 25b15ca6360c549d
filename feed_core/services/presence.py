"""Where Jamfeed is present: rooms as their platforms call them, lost, found again and moved."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import SQLModel, col, select

from feed_core.models.conversation import Message, Recap
from feed_core.models.deliveries import Delivery
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import binding, deliveries
from feed_core.services.binding import FEED
from feed_core.services.outstanding import POSTS
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Work

GRACE = timedelta(days=7)  # a bot may be removed by mistake


async def lost(work: Work, room_id: int) -> None:
    """A room cannot be written to: owe it nothing more, and tell once whoever bound it."""
    room = await work.hold(Room, room_id)
    if room.gone_at is not None:
        return
    room.gone_at = work.now
    await work.db.exec(
        update(Delivery)
        .where(col(Delivery.room_id) == room_id, col(Delivery.state) == DeliveryState.PENDING)
        .values(state=DeliveryState.FAILED, problem="the room is gone")
    )
    account = await binding.account_of(work, room) if room.bound else None
    if account is not None:
        await deliveries.tell(
            work,
            member_id=account.member_id,
            kind=DeliveryKind.ROOM_LOST,
            subject_id=room_id,
            near=room.platform,
            key=f"{DeliveryKind.ROOM_LOST}:{room_id}:{room.settings[FEED]['since']}",
        )


async def left(work: Work, *, platform: str, server_id: str) -> None:
    """Jamfeed was removed from a server, with all rooms in it."""
    for room in await _of_server(work, platform, server_id):
        await lost(work, room.id or 0)


async def returned(work: Work, *, platform: str, server_id: str) -> None:
    """Jamfeed is in a server again: its rooms go on as they were, if they are known still."""
    for room in await _of_server(work, platform, server_id):
        room.gone_at = None


async def only_in(work: Work, *, platform: str, server_ids: Collection[str]) -> None:
    """Jamfeed is in these servers and in no others: what changed while it was off is made up for.

    A room that was lost otherwise, in a server where it is, is tried once more.
    """
    found = await work.db.exec(
        select(Room).where(Room.platform == platform, col(Room.server_id) != "")
    )
    for room in found.all():
        if room.server_id in server_ids:
            room.gone_at = None
        else:
            await lost(work, room.id or 0)


async def moved(work: Work, *, platform: str, before: str, after: str) -> None:
    """A chat has another id now, and keeps everything: its rooms, and what was said there.

    Who spoke under the new id before this was known spoke in the same room. Its messages are
    numbered from one again: those of before are not reached by their numbers any more.
    """
    for room in await _of_server(work, platform, before):
        await _let_go_of_messages(work, room.id or 0)
        topic = room.external_id.removeprefix(before)
        twin = await _room(work, platform, f"{after}{topic}")
        if twin is not None:
            await _hand_over(work, twin, room)
        await _rename_place(work, room.external_id, f"{after}{topic}", platform)
        room.external_id, room.gone_at = f"{after}{topic}", None
        if room.server_id:
            room.server_id = after
    await work.db.flush()


async def forget(work: Work) -> int:
    """Forget the rooms that Jamfeed lost long ago; returns how many.

    Their rows stay, without a name, because creations and jams refer to them.
    """
    found = await work.db.exec(
        select(Room).where(
            col(Room.gone_at) <= work.now - GRACE,
            or_(col(Room.bound), col(Room.name) != "", col(Room.server) != ""),
        )
    )
    rooms = list(found)
    for room in rooms:
        place = f"{room.platform}:{room.external_id}"
        await work.db.exec(delete(RoomPost).where(col(RoomPost.room_id) == room.id))
        await work.db.exec(delete(Message).where(col(Message.place) == place))
        await work.db.exec(delete(Recap).where(col(Recap.place) == place))
        room.name = room.server = ""
        room.bound, room.settings = False, {}
    return len(rooms)


async def _of_server(work: Work, platform: str, server_id: str) -> list[Room]:
    """The rooms of a server, or of a chat and its topics."""
    found = await work.db.exec(
        select(Room)
        .where(
            Room.platform == platform,
            or_(
                col(Room.server_id) == server_id,
                col(Room.external_id) == server_id,
                col(Room.external_id).startswith(f"{server_id}:", autoescape=True),
            ),
        )
        .order_by(col(Room.id))
        .with_for_update(key_share=True)
    )
    return list(found)


async def _room(work: Work, platform: str, external_id: str) -> Room | None:
    found = await work.db.exec(
        select(Room).where(Room.platform == platform, Room.external_id == external_id)
    )
    return found.first()


async def _hand_over(work: Work, twin: Room, room: Room) -> None:
    """Give what refers to one row of a room to the other, and let the one go."""
    await work.db.flush()
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if any(it.target_fullname == "room.id" for it in column.foreign_keys):
                theirs: ColumnElement[bool] = column == twin.id
                await work.db.exec(update(table).where(theirs).values({column.name: room.id}))
    await work.db.delete(twin)
    await work.db.flush()


async def _let_go_of_messages(work: Work, room_id: int) -> None:
    """As if nothing had been posted there yet; what is on its way still arrives, as do cards."""
    here, kind, state = (col(it) for it in (Delivery.room_id, Delivery.kind, Delivery.state))
    await work.db.exec(
        delete(Delivery).where(
            here == room_id,
            kind.in_((*POSTS, DeliveryKind.REMOVED)),
            state != DeliveryState.SENDING,
            or_(kind != DeliveryKind.POSTED, state != DeliveryState.PENDING),
        )
    )
    left = select(Delivery.subject_id).where(here == room_id, kind.in_(POSTS))
    await work.db.exec(
        delete(RoomPost).where(col(RoomPost.room_id) == room_id, col(RoomPost.id).not_in(left))
    )
    for table in (Delivery, RoomPost):
        there = col(table.room_id) == room_id
        await work.db.exec(update(table).where(there).values(message_id=None))


async def _rename_place(work: Work, before: str, after: str, platform: str) -> None:
    """What was said in a place keeps it."""
    old, new = f"{platform}:{before}", f"{platform}:{after}"
    await work.db.exec(update(Message).where(col(Message.place) == old).values(place=new))
    there = select(Recap.member_id).where(Recap.place == new)
    await work.db.exec(
        delete(Recap).where(col(Recap.place) == old, col(Recap.member_id).in_(there))
    )
    await work.db.exec(update(Recap).where(col(Recap.place) == old).values(place=new))
