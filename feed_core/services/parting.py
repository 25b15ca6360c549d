"""An account leaves its member, and begins anew as one of its own."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.events import AccountsLeft, DeliveryOwed
from feed_core.models.columns import new_uid
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.members import AgentSettings, Identity, Member
from feed_core.services import digest_hours, ledger, link_journal, members
from feed_core.services.members import in_turn, neutral
from feed_core.services.rules.folding import skeleton
from feed_core.states import DIGEST_MOVES, DeliveryState, DigestState, move
from feed_core.store import Work

LEFT = "the account is another member's"


@dataclass(eq=False)
class AccountNotFound(Refusal):
    """No account of this member is called so."""

    account: str
    code = "account_not_found"


class LastAccount(Refusal):
    """A member cannot be reached by no account at all."""

    code = "last_account"


async def unlink(work: Work, *, member_id: int, identity_id: int, persona: str) -> Member:
    """Take an account off this member; whoever has it begins anew, and is returned.

    All that was made, said and kept stays. What was spent counts for both: nobody gets a new budget
    by this.

    Raises:
        AccountNotFound: it is not this member's.
        LastAccount: they have no other.
    """
    await in_turn(work, member_id)
    account = await work.hold_if_any(Identity, identity_id)
    if account is None or account.member_id != member_id:
        raise AccountNotFound(str(identity_id))
    if len(await members.identities(work, member_id)) == 1:
        raise LastAccount
    await link_journal.end(work, member_id)
    before = await members.get(work, member_id)
    member = Member(name="", language=before.language, zone=before.zone, created_at=work.now)
    work.db.add(member)
    await work.db.flush()
    assert member.id is not None
    member.name = neutral(member.id)
    member.skeleton = skeleton(member.name)
    account.member_id = member.id
    work.db.add(AgentSettings(member_id=member.id, persona=persona))
    await work.db.flush()
    await ledger.carry(work, from_id=member_id, to_id=member.id)
    await leave(work, [identity_id], member_id=member_id)
    work.record(AccountsLeft(member_id=member_id, now_id=member.id))
    return member


async def leave(
    work: Work, accounts: Collection[int], *, member_id: int, still_owed: Collection[int] = ()
) -> None:
    """Send what is owed to a member to none of these accounts, which are another's now.

    It goes to another account where they can be written to, or nowhere; `still_owed` are deliveries
    that were for the other all along.
    """
    to = await members.private_account(work, member_id)
    schedule = await work.hold_if_any(DigestSchedule, member_id)
    if schedule is not None and schedule.identity_id in accounts:
        if to is None:
            await digest_hours.stop(work, member_id=member_id)
        left = to or (await members.identities(work, member_id))[0]
        assert left.id is not None
        schedule.identity_id = left.id
    coming = await work.db.exec(
        select(Digest).where(
            Digest.member_id == member_id,
            col(Digest.identity_id).in_(accounts),
            Digest.state == DigestState.DUE,
        )
    )
    for digest in coming:
        if to is not None:
            digest.identity_id = to.id
        else:
            digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
    waiting = await work.db.exec(
        select(Delivery).where(
            col(Delivery.identity_id).in_(accounts),
            col(Delivery.id).not_in(still_owed),
            Delivery.state == DeliveryState.PENDING,
        )
    )
    for it in waiting.all():
        await _elsewhere(work, it, to)


async def _elsewhere(work: Work, owed: Delivery, to: Identity | None) -> None:
    """Owe it anew: whoever sends it just now finds that it is owed there no more."""
    assert owed.id is not None
    key = owed.key
    ended = await work.db.exec(
        update(Delivery)
        .where(col(Delivery.id) == owed.id, col(Delivery.state) == DeliveryState.PENDING)
        .values(state=DeliveryState.FAILED, problem=LEFT, key=f"{key} left {owed.id}")
        .returning(col(Delivery.id))
    )
    if to is None or not ended.all():
        return
    anew = owed.model_dump(exclude={"id", "uid"})
    anew |= {"key": key, "identity_id": to.id, "platform": to.platform, "attempts": 0}
    anew |= {"state": DeliveryState.PENDING, "half_sent_at": None, "problem": "", "uid": new_uid()}
    row = Delivery(**anew)
    work.db.add(row)
    await work.db.flush()
    assert row.id is not None
    work.record(DeliveryOwed(delivery_id=row.id))
