"""Which messages of rooms that were left go away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.room_posts import RoomPost
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import View


@dataclass(frozen=True, slots=True)
class Removal:
    """A message of a room, None where it never arrived, and the one there that it stands below."""

    message_id: str | None
    under: str | None


async def removals(view: View, delivery_ids: Sequence[int]) -> Mapping[int, Removal]:
    """What some deliveries showed, by delivery; without those that are on their way still."""
    if not delivery_ids:
        return {}
    post, card = aliased(RoomPost), aliased(RoomPost)
    found = await view.db.exec(
        select(Delivery, card.message_id)
        .join(
            post,
            and_(
                col(Delivery.kind) == DeliveryKind.COMMENTED,
                col(post.id) == col(Delivery.subject_id),
            ),
            isouter=True,
        )
        .join(
            card,
            and_(
                col(card.creation_id) == col(post.creation_id),
                col(card.room_id) == col(post.room_id),
                col(card.comment_id).is_(None),
            ),
            isouter=True,
        )
        .where(col(Delivery.id).in_(delivery_ids), Delivery.state != DeliveryState.SENDING)
    )
    return {it.id or 0: Removal(it.message_id, under) for it, under in found.all()}
