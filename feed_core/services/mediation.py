"""Rooms that want a mediator to be offered, and where people talk in them now."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import String, cast
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.reactions import Comment
from feed_core.models.rooms import Room
from feed_core.services import deliveries
from feed_core.states import CommentState, CreationState, DeliveryKind
from feed_core.store import View, Work

QUIET = timedelta(days=14)  # between two offers for one thread
FRESH = timedelta(minutes=10)  # a talk that rested so long needs no offer
NEWEST = 8  # comments
MOST_DECLINED = 200  # threads that a room remembers
ON, DECLINED = "mediation", "mediation_declined"  # in the settings of a room


@dataclass(eq=False)
class MediationOff(Refusal):
    """The moderators of this room did not turn mediation on."""

    code = "mediation_off"


async def wanted(view: View, room_id: int) -> bool:
    """Whether the room's moderators turned mediation on."""
    return bool((await view.db.get_one(Room, room_id)).settings.get(ON))


async def want(work: Work, *, room_id: int, on: bool) -> None:
    """Turn mediation in a room on or off."""
    room = await work.hold(Room, room_id)
    room.settings = {**room.settings, ON: on}


async def decline(work: Work, *, room_id: int, creation_id: int) -> None:
    """Never offer it again for this thread."""
    room = await work.hold(Room, room_id)
    before = [it for it in room.settings.get(DECLINED, []) if it != creation_id]
    room.settings = {**room.settings, DECLINED: [*before, creation_id][-MOST_DECLINED:]}


async def talked_in(view: View) -> list[int]:
    """The threads of such rooms in which somebody spoke just now, and none was offered lately."""
    found = await view.db.exec(select(Room).where(cast(Room.settings, String).contains(f'"{ON}"')))
    rooms = {it.id: it for it in found if it.settings.get(ON)}
    if not rooms:
        return []
    spoken = await view.db.exec(
        select(Creation.id, Creation.room_id)
        .join(Comment, col(Comment.creation_id) == col(Creation.id))
        .where(
            Comment.created_at > view.now - FRESH,
            Comment.state == CommentState.PUBLISHED,
            Creation.state == CreationState.PUBLISHED,
            col(Creation.room_id).in_(rooms),
        )
        .distinct()
    )
    there = [id_ for id_, room_id in spoken if id_ not in rooms[room_id].settings.get(DECLINED, [])]
    offered = await view.db.exec(
        select(Delivery.subject_id).where(
            Delivery.kind == DeliveryKind.MEDIATION,
            col(Delivery.subject_id).in_(there),
            Delivery.due_at > view.now - QUIET,
        )
    )
    lately = set(offered)
    return [it for it in there if it is not None and it not in lately]


async def newest(view: View, creation_id: int) -> list[Comment]:
    """The newest comments of a thread that others read, oldest first."""
    found = await view.db.exec(
        select(Comment)
        .where(Comment.creation_id == creation_id, Comment.state == CommentState.PUBLISHED)
        .order_by(col(Comment.created_at).desc(), col(Comment.id).desc())
        .limit(NEWEST)
    )
    return list(found)[::-1]


async def offer(work: Work, creation_id: int) -> None:
    """Owe the thread's room an offer; a second time on one day changes nothing."""
    creation = await work.db.get_one(Creation, creation_id)
    room = await work.db.get_one(Room, creation.room_id)
    await deliveries.owe(
        work,
        kind=DeliveryKind.MEDIATION,
        subject_id=creation_id,
        to=room,
        key=f"{DeliveryKind.MEDIATION}:{creation_id}:{work.now:%Y-%m-%d}",
    )
