"""Which messages show which digest: whoever replies to one means it, also long after."""

from collections.abc import Sequence

from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest
from feed_core.models.members import Identity
from feed_core.models.rooms import Room
from feed_core.services import once
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import View, Work


async def by_message(view: View, *, platform: str, place_id: str, message_id: str) -> Digest | None:
    """The digest that a message in this place showed, if it showed one."""
    found = await view.db.exec(
        select(Digest)
        .join(Delivery, col(Delivery.subject_id) == col(Digest.id))
        .join(Identity, col(Identity.id) == col(Delivery.identity_id), isouter=True)
        .join(Room, col(Room.id) == col(Delivery.room_id), isouter=True)
        .where(
            Delivery.message_id == message_id,
            Delivery.platform == platform,
            Delivery.kind == DeliveryKind.DIGEST,
            (col(Identity.private_place) == place_id) | (col(Room.external_id) == place_id),
        )
    )
    return found.first()


async def shown(
    work: Work, digest_id: int, *, platform: str, place_id: str, message_ids: Sequence[str]
) -> None:
    """Remember which messages of a private chat show a digest that was asked for."""
    account = await work.db.exec(
        select(Identity.id).where(Identity.platform == platform, Identity.private_place == place_id)
    )
    if (identity_id := account.first()) is None:
        return
    rows = [
        Delivery(
            key=f"{DeliveryKind.DIGEST}:{digest_id}:{platform}:{place_id}:{it}",
            identity_id=identity_id,
            platform=platform,
            kind=DeliveryKind.DIGEST,
            subject_id=digest_id,
            state=DeliveryState.SENT,
            due_at=work.now,
            sent_at=work.now,
            message_id=it,
        ).model_dump(exclude={"id"})
        for it in message_ids
    ]
    await once.add(work, Delivery, rows, by=("key",))
