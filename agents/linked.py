"""What a member is told whose account another one was linked to."""

from agents import phrases
from agents.answer import Answer
from agents.turn import Parts, Turn
from feed_core.models.members import Identity
from feed_core.services import deliveries, members
from feed_core.states import DeliveryKind
from feed_core.store import Work


async def tell(work: Work, turn: Turn, *, member_id: int) -> None:
    """Tell the member who gave a code which account was linked by it; before both are one."""
    for it in await members.identities(work, turn.member_id):
        if it.platform == turn.place.platform and it.id is not None:
            await deliveries.tell(
                work,
                member_id=member_id,
                kind=DeliveryKind.LINKED,
                subject_id=it.id,
                key=f"{DeliveryKind.LINKED}:{it.id}:{member_id}",
            )


async def linked_notice(parts: Parts, identity_id: int) -> Answer | None:
    """Which account is one with the others now; None when it is gone."""
    async with parts.store.read() as view:
        account = await view.db.get(Identity, identity_id)
    if account is None:
        return None
    return Answer(text=phrases.linked_here(account.platform), private=True)
