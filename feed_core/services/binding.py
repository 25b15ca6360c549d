"""Rooms that their moderators bound to the feed, and what they want of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core.models.creations import Creation
from feed_core.models.members import Identity
from feed_core.models.rooms import Room
from feed_core.services import members
from feed_core.services.tagging import tag_of
from feed_core.states import CreationKind, CreationState, Permission, Visibility
from feed_core.store import View, Work

FEED = "feed"  # in the settings of a room


@dataclass(frozen=True, slots=True)
class Binding:
    """What a room wants of the feed: what has one of the `tags` and is of one of the `kinds`.

    Where one of them is empty, any will do. `listening`: what is said below a card counts as said
    about it also where nobody names Jamfeed, as far as the platform shows that. `identity_id` is
    the account that is told when the room is lost.
    """

    tags: Sequence[str] = ()
    kinds: Sequence[CreationKind] = ()
    listening: bool = False
    identity_id: int | None = None


async def bind(
    work: Work,
    *,
    room_id: int,
    member_id: int,
    tags: Sequence[str] = (),
    kinds: Sequence[CreationKind] = (),
) -> Room:
    """Let a room show what is published from now on; a second time it chooses anew what."""
    room = await work.hold(Room, room_id)
    before = of(room)
    accounts = await members.identities(work, member_id)
    account = next((it for it in accounts if it.platform == room.platform), None)
    _keep(
        room,
        Binding(
            tags=tags,
            kinds=kinds,
            listening=before.listening,
            identity_id=account.id if account else None,
        ),
        since=work.now,
    )
    room.bound, room.gone_at, room.left_at = True, None, None
    return room


async def unbind(work: Work, *, room_id: int) -> bool:
    """Let a room show nothing new; False when it showed nothing before."""
    room = await work.hold(Room, room_id)
    was, room.bound = room.bound, False
    return was


async def listen(work: Work, *, room_id: int, on: bool) -> None:
    """Choose whether what nobody says to Jamfeed is heard below the cards of a room."""
    room = await work.hold(Room, room_id)
    known = of(room)
    since = datetime.fromisoformat(room.settings[FEED]["since"]) if FEED in room.settings else None
    _keep(
        room,
        Binding(known.tags, known.kinds, on, known.identity_id),
        since=since or work.now,
    )


def of(room: Room) -> Binding:
    """What a room wants of the feed."""
    kept = room.settings.get(FEED, {})
    return Binding(
        tags=tuple(kept.get("tags", ())),
        kinds=tuple(CreationKind(it) for it in kept.get("kinds", ())),
        listening=bool(kept.get("listening")),
        identity_id=kept.get("identity_id"),
    )


async def bound(view: View) -> list[Room]:
    """Every room that is bound and can be reached."""
    return list(await view.db.exec(_bound()))


def shows(room: Room, creation: Creation, *, asked: bool = False) -> bool:
    """Whether people in this room may be shown a creation: unasked, or as its maker asked."""
    here = creation.visibility is Visibility.ROOM and creation.room_id == room.id
    return (
        creation.state is CreationState.PUBLISHED
        and (asked or creation.consent_recommend is Permission.YES)
        and (creation.visibility is Visibility.EVERYONE or here)
    )


def wants(room: Room, creation: Creation) -> bool:
    """Whether a room asked for a creation: it was published since, and is of its tags and kinds."""
    if FEED not in room.settings or creation.published_at is None:
        return False
    asked = of(room)
    known = {tag_of(it) for it in creation.tags}
    return (
        creation.published_at >= datetime.fromisoformat(room.settings[FEED]["since"])
        and (not asked.tags or any(tag_of(it) in known for it in asked.tags))
        and (not asked.kinds or creation.kind in asked.kinds)
    )


async def account_of(view: View, room: Room) -> Identity | None:
    """The account that is told what becomes of a room."""
    number = of(room).identity_id
    return await view.db.get(Identity, number) if number is not None else None


@cache
def _bound() -> SelectOfScalar[Room]:
    """Put together once, because every creation that is published asks it."""
    return select(Room).where(Room.bound, col(Room.gone_at).is_(None)).order_by(col(Room.id))


def _keep(room: Room, asked: Binding, *, since: datetime) -> None:
    room.settings = {
        **room.settings,
        FEED: {
            "since": since.isoformat(),
            "tags": list(asked.tags),
            "kinds": [it.value for it in asked.kinds],
            "listening": asked.listening,
            "identity_id": asked.identity_id,
        },
    }
