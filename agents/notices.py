"""What people are told unasked: one way to show each kind of delivery, made when it is sent."""

from collections.abc import Awaitable, Callable, Mapping

from agents import (
    asking,
    inviting,
    jamming,
    linked,
    mediating,
    moderating,
    order_notices,
    room_notices,
)
from agents.answer import Answer
from agents.digest_page import digest_notice
from agents.turn import Parts
from feed_core.states import DeliveryKind

Notice = Callable[[Parts, int], Awaitable[Answer | None]]


async def notice(parts: Parts, kind: DeliveryKind, subject_id: int) -> Answer | None:
    """What a delivery of this kind shows of its subject now; None when nothing is left to show."""
    return await NOTICES[kind](parts, subject_id)


NOTICES: Mapping[DeliveryKind, Notice] = {
    DeliveryKind.DIGEST: digest_notice,
    DeliveryKind.QUESTION: asking.question_notice,
    DeliveryKind.ANSWER: asking.answer_notice,
    DeliveryKind.JAM_STARTED: jamming.started_notice,
    DeliveryKind.JAM_TURN: jamming.turn_notice,
    DeliveryKind.JAM_ENDED: jamming.ended_notice,
    DeliveryKind.JAM_SKIPPED: jamming.skipped_notice,
    DeliveryKind.MEDIATION: mediating.offer_notice,
    DeliveryKind.VERDICT: moderating.verdict_notice,
    DeliveryKind.SPENT: order_notices.spent_notice,
    DeliveryKind.ORDER: order_notices.order_notice,
    DeliveryKind.SHARED: order_notices.shared_notice,
    DeliveryKind.POSTED: room_notices.posted_notice,
    DeliveryKind.COMMENTED: room_notices.commented_notice,
    DeliveryKind.AMENDED: room_notices.amended_notice,
    DeliveryKind.REMOVED: room_notices.removed_notice,
    DeliveryKind.ROOM_LOST: room_notices.lost_notice,
    DeliveryKind.INVITED: inviting.joined_notice,
    DeliveryKind.LINKED: linked.linked_notice,
    DeliveryKind.UNLINKED: linked.unlinked_notice,
    DeliveryKind.LEFT: linked.left_notice,
}
