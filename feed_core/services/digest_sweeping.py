"""What was sent long ago goes: old digests, and notices to members that arrived or never will."""

from sqlalchemy import delete, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry
from feed_core.services import calls
from feed_core.states import DeliveryKind, DeliveryState, DigestState
from feed_core.store import Work

KEPT = calls.LIFETIME  # then no button of it can be pressed any more
IS_DIGEST = col(Delivery.kind) == DeliveryKind.DIGEST
BATCH = 200  # of one transaction
OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
ENDED = tuple(it for it in DeliveryState if it not in OPEN)


async def sweep(work: Work) -> bool:
    """Forget a batch of what is older than KEPT; whether there may be more.

    Each member's last digest stays, and what is still owed. What stands in rooms is not forgotten:
    it is changed and taken away later, and its key keeps it from being posted again.
    """
    digest_ids = await _old_digests(work)
    if digest_ids:
        of_these = col(Delivery.subject_id).in_(digest_ids)
        await work.db.exec(delete(Delivery).where(IS_DIGEST, of_these))
        await work.db.exec(delete(DigestEntry).where(col(DigestEntry.digest_id).in_(digest_ids)))
        await work.db.exec(delete(Digest).where(col(Digest.id).in_(digest_ids)))
    notices = await work.db.exec(
        select(col(Delivery.id))
        .where(
            col(Delivery.due_at) < work.now - KEPT,
            col(Delivery.state).in_(ENDED),
            col(Delivery.identity_id).is_not(None),
            ~IS_DIGEST,
        )
        .limit(BATCH)
    )
    notice_ids = list(notices)
    if notice_ids:
        await work.db.exec(delete(Delivery).where(col(Delivery.id).in_(notice_ids)))
    return len(digest_ids) == BATCH or len(notice_ids) == BATCH


async def _old_digests(work: Work) -> list[int | None]:
    newer = aliased(Digest)
    found = await work.db.exec(
        select(col(Digest.id))
        .where(
            col(Digest.due_at) < work.now - KEPT,
            col(Digest.state) != DigestState.DUE,
            col(Digest.room_id).is_not(None)
            | (col(Digest.state) != DigestState.COMPOSED)
            | exists().where(
                col(newer.member_id) == col(Digest.member_id),
                col(newer.room_id).is_(None),
                col(newer.state) == DigestState.COMPOSED,
                col(newer.id) > col(Digest.id),
            ),
            ~exists().where(
                IS_DIGEST,
                col(Delivery.subject_id) == col(Digest.id),
                col(Delivery.state).in_(OPEN),
            ),
        )
        .limit(BATCH)
    )
    return list(found)
