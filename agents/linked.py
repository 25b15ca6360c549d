"""What a member is told of their accounts: on the side that does it, and on the other."""

from collections.abc import Sequence

from agents import link_words as words
from agents.answer import Answer, Button, Call, undoing
from agents.turn import Parts, Place, Turn
from feed_core.models.members import Identity
from feed_core.services import deliveries, link_journal, members
from feed_core.services.naming import NEUTRAL
from feed_core.states import DeliveryKind
from feed_core.store import Work

UNLINK = "unlink"


def speaking(place: Place, accounts: Sequence[Identity]) -> Identity | None:
    """The account of these that is spoken from, where that is sure."""
    here = [it for it in accounts if it.platform == place.platform]
    alone = [it for it in here if place.private and it.private_place == place.id]
    found = alone or here
    return found[0] if len(found) == 1 else None


def told(account: Identity) -> str:
    """The account, as its member sees it."""
    known = account.name if NEUTRAL.fullmatch(account.name) is None else ""
    return words.account(account.platform, known)


def undo_of(gone_id: int, label: str = "Undo") -> Button:
    """What takes a link apart again."""
    return undoing(Call(UNLINK, {"undo": gone_id}), label)


async def tell(work: Work, turn: Turn, *, member_id: int) -> None:
    """Tell the member who gave a code which account was linked by it; before both are one."""
    accounts = await members.identities(work, turn.member_id)
    account = speaking(turn.place, accounts)
    if account is not None and account.id is not None:
        await deliveries.tell(
            work,
            member_id=member_id,
            kind=DeliveryKind.LINKED,
            subject_id=account.id,
            key=f"{DeliveryKind.LINKED}:{account.id}:{member_id}:{work.now.timestamp():.0f}",
        )


async def tell_parted(
    work: Work, accounts: Sequence[Identity], *, member_id: int, spoken: Identity | None
) -> None:
    """Tell those who did not do it: the accounts that left, and the member whose they were."""
    at = f"{work.now.timestamp():.0f}"
    for it in accounts:
        assert it.id is not None
        elsewhere = spoken is None or it.id != spoken.id
        if elsewhere and it.private_place is not None and it.reachable:
            await deliveries.owe(
                work,
                kind=DeliveryKind.UNLINKED,
                subject_id=it.id,
                to=it,
                key=f"{DeliveryKind.UNLINKED}:{it.id}:{at}",
            )
    gone = {it.id for it in accounts}
    if spoken is None or spoken.id in gone:
        for it in accounts[:1]:
            assert it.id is not None
            await deliveries.tell(
                work,
                member_id=member_id,
                kind=DeliveryKind.LEFT,
                subject_id=it.id,
                key=f"{DeliveryKind.LEFT}:{it.id}:{at}",
            )


async def linked_notice(parts: Parts, identity_id: int) -> Answer | None:
    """Which account is one with the others now; None when it is gone, or alone again."""
    async with parts.store.read() as view:
        account = await view.db.get(Identity, identity_id)
        if account is None or not await members.has_linked(view, account.member_id):
            return None
        link = await link_journal.of_account(view, account)
    buttons = [undo_of(link.gone_id)] if link else []
    text = words.linked_here(account.platform, can_be_undone=bool(link))
    return Answer(text=text, buttons=buttons, private=True)


async def unlinked_notice(parts: Parts, identity_id: int) -> Answer | None:
    """That this account stands alone now."""
    async with parts.store.read() as view:
        account = await view.db.get(Identity, identity_id)
        if account is None:
            return None
        member = await members.get(view, account.member_id)
    return Answer(text=words.stands_alone(member.name), private=True)


async def left_notice(parts: Parts, identity_id: int) -> Answer | None:
    """Which account is another member's now."""
    async with parts.store.read() as view:
        account = await view.db.get(Identity, identity_id)
    if account is None:
        return None
    return Answer(text=words.parted(told(account)), private=True)
