"""Showing something published in a room, each thing once in each room."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.creations import Creation, Draft
from feed_core.models.deliveries import Delivery
from feed_core.models.rooms import Room
from feed_core.services import deliveries, reactions
from feed_core.services.rules.folding import skeleton
from feed_core.states import CreationState, DeliveryKind, Visibility
from feed_core.store import View, Work

LOOKED_AT = 200  # of one member's creations, the newest


@dataclass(eq=False)
class NothingToShare(Refusal):
    """The member has nothing like that which was not shared there yet."""

    code = "nothing_to_share"


async def best(
    view: View, *, author_id: int, room_id: int, words: Collection[str]
) -> Creation | None:
    """The member's creation that most people reacted to, of those that have all these words.

    Only what everybody may see, and was not shared in this room before; of equals the newest.
    """
    found = await view.db.exec(
        select(Creation)
        .where(
            Creation.author_id == author_id,
            Creation.state == CreationState.PUBLISHED,
            Creation.visibility == Visibility.EVERYONE,
        )
        .order_by(col(Creation.id).desc())
        .limit(LOOKED_AT)
    )
    mine = [it for it in found if it.id is not None and fits(it, words)]
    before = set(
        await view.db.exec(
            select(Delivery.subject_id).where(
                Delivery.kind == DeliveryKind.SHARED,
                Delivery.room_id == room_id,
                col(Delivery.subject_id).in_([it.id for it in mine]),
            )
        )
    )
    fresh = [it for it in mine if it.id not in before]
    felt = await reactions.counts(view, [it.id for it in fresh if it.id is not None])
    return max(fresh, key=lambda it: sum(felt.get(it.id or 0, {}).values()), default=None)


async def share(work: Work, *, creation_id: int, room_id: int) -> None:
    """Owe a room the sight of a creation; a second time changes nothing."""
    await deliveries.owe(
        work,
        kind=DeliveryKind.SHARED,
        subject_id=creation_id,
        to=await work.db.get_one(Room, room_id),
        key=f"{DeliveryKind.SHARED}:{creation_id}:{room_id}",
    )


def fits(piece: Creation | Draft, words: Collection[str]) -> bool:
    """Whether its title, tags, kind or the name of how it was made hold all of these words."""
    told = " ".join([piece.title, piece.label, piece.kind, *piece.tags])
    return all(skeleton(it) in skeleton(told) for it in words)
