"""What is owed now, and where it goes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core.models.columns import UtcDateTime
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import quiet, removing
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import View

PLACE = func.coalesce(
    case((col(Identity.reachable), col(Identity.private_place))), col(Room.external_id)
)
# What stands in bound rooms; its subject is a RoomPost.
POSTS = (DeliveryKind.POSTED, DeliveryKind.COMMENTED, DeliveryKind.AMENDED)


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery and its place on its platform; None when that cannot be written to.

    `edits` is the message there that it changes, `under` the one there that it is said about.
    `quiet_until`: its member wants to be left alone now, and until then.
    """

    delivery: Delivery
    place: str | None
    edits: str | None = None
    under: str | None = None
    quiet_until: datetime | None = None


async def due(
    view: View,
    *,
    platform: str,
    places: Collection[str] | None = None,
    but: Collection[str] = (),
    limit: int = 200,
) -> list[Owed]:
    """What is owed on a platform, or in some places there, and may be sent now, oldest first.

    What was begun before goes before all else: a platform knows only for minutes that it has it.
    Of one post in a room one delivery at a time, and what is about it when it stands there.
    Nothing that goes to the places `but`.
    """
    wanted = _owed()
    if places is not None:
        there = (col(Identity.private_place), col(Room.external_id))
        wanted = wanted.where(or_(*(it.in_(places) for it in there)))
    if but:
        wanted = wanted.where(or_(PLACE.is_(None), PLACE.not_in(but)))
    given = {"platform": platform, "now": view.now, "limit": limit}
    found = (await view.db.exec(wanted, params=given)).all()
    if not found:
        return []
    accounts = [it.identity_id for it, *_ in found if it.identity_id is not None]
    quiet_until = await quiet.now(view, accounts)
    owed: list[Owed] = []
    begun: set[int] = set()
    removed = [it.subject_id for it, *_ in found if it.kind == DeliveryKind.REMOVED]
    going = await removing.removals(view, removed)
    for it, place_id, of, above in found:
        if it.kind == DeliveryKind.REMOVED:
            if gone := going.get(it.subject_id):
                owed.append(Owed(it, place_id, gone.message_id, gone.under))
        elif it.kind not in POSTS:
            until = quiet_until.get(it.identity_id) if it.identity_id is not None else None
            owed.append(Owed(it, place_id, quiet_until=until))
        elif it.subject_id not in begun:
            begun.add(it.subject_id)
            edits = of.message_id if it.kind == DeliveryKind.AMENDED else None
            under = above if of.comment_id is not None else None
            owed.append(Owed(it, place_id, edits, under))
    return owed


@cache
def _owed() -> Select[Delivery, Any, RoomPost, Any]:
    """Put together once, because every tick asks it."""
    post, card = aliased(RoomPost), aliased(RoomPost)
    kind = col(Delivery.kind)
    waits = or_(
        and_(kind == DeliveryKind.AMENDED, col(post.message_id).is_(None)),
        and_(kind == DeliveryKind.COMMENTED, col(card.message_id).is_(None)),
    )
    return (
        select(Delivery, PLACE, post, card.message_id)
        .join(Identity, col(Identity.id) == col(Delivery.identity_id), isouter=True)
        .join(Room, col(Room.id) == col(Delivery.room_id), isouter=True)
        .join(post, and_(kind.in_(POSTS), col(post.id) == col(Delivery.subject_id)), isouter=True)
        .join(
            card,
            and_(
                col(card.creation_id) == col(post.creation_id),
                col(card.room_id) == col(post.room_id),
                col(card.comment_id).is_(None),
            ),
            isouter=True,
        )
        .where(
            Delivery.platform == bindparam("platform", type_=String),
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= bindparam("now", type_=UtcDateTime()),
            ~waits,
        )
        .order_by(col(Delivery.attempts) == 0, col(Delivery.due_at), col(Delivery.id))
        .limit(bindparam("limit", type_=Integer))
    )
