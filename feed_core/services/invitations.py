"""Members invite strangers: by a code that works for so many, for so long, until it is called back.

Whoever comes by one follows who sent it, and is undoing that as anything they follow.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.curation import Follow, Followed
from feed_core.models.invitations import Invitation, Invited
from feed_core.services import deliveries
from feed_core.services.link_codes import LETTERS
from feed_core.services.members import in_turn
from feed_core.states import DeliveryKind
from feed_core.store import View, Work

LENGTH = 10  # letters: not to be guessed, and no button's token
MOST_PEOPLE, MOST_DAYS = 20, 30
MOST_OPEN = 5  # of one member


@dataclass(eq=False)
class InvitationTooWide(Refusal):
    """It would be for too many, or last too long."""

    people: int
    days: int
    code = "invitation_too_wide"


@dataclass(eq=False)
class TooManyInvitations(Refusal):
    """The member has so many open invitations that no more fit."""

    limit: int
    code = "too_many_invitations"


@dataclass(eq=False)
class InvitationNotFound(Refusal):
    """The member has no open invitation of this number."""

    number: int
    code = "invitation_not_found"


class InvitationClosed(Refusal):
    """The invitation has run out, is used up or was called back; or there never was one."""

    code = "invitation_closed"


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that still works, and how many came by it."""

    invitation: Invitation
    came: int


@dataclass(frozen=True, slots=True)
class Met:
    """Who sent an invitation, and whether the member who followed it came by it just now."""

    inviter_id: int
    new: bool


async def invite(work: Work, *, member_id: int, people: int, days: int) -> Invitation:
    """A new invitation of this member's.

    Raises:
        InvitationTooWide: nobody may invite so many at once, or for so long.
        TooManyInvitations: as many are open already as fit.
    """
    if not (1 <= people <= MOST_PEOPLE and 1 <= days <= MOST_DAYS):
        raise InvitationTooWide(MOST_PEOPLE, MOST_DAYS)
    await in_turn(work, member_id)
    if len(await open_ones(work, member_id=member_id)) >= MOST_OPEN:
        raise TooManyInvitations(MOST_OPEN)
    invitation = Invitation(
        member_id=member_id,
        code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
        people=people,
        created_at=work.now,
        expires_at=work.now + timedelta(days=days),
    )
    work.db.add(invitation)
    await work.db.flush()
    return invitation


async def open_ones(view: View, *, member_id: int) -> Sequence[Open]:
    """The member's invitations that still work, oldest first."""
    found = await view.db.exec(
        select(Invitation, func.count(col(Invited.member_id)))
        .join(Invited, col(Invited.invitation_id) == col(Invitation.id), isouter=True)
        .where(
            Invitation.member_id == member_id,
            col(Invitation.revoked_at).is_(None),
            col(Invitation.expires_at) > view.now,
        )
        .group_by(col(Invitation.id))
        .order_by(col(Invitation.id))
    )
    return [Open(it, came) for it, came in found if came < it.people]


async def revoke(work: Work, *, member_id: int, number: int) -> None:
    """Let nobody else come by an invitation; who came stays.

    Raises:
        InvitationNotFound: the member has none of this number that still works.
    """
    await in_turn(work, member_id)
    opened = await open_ones(work, member_id=member_id)
    found = next((it.invitation for it in opened if it.invitation.id == number), None)
    if found is None:
        raise InvitationNotFound(number)
    found.revoked_at = work.now


async def find_open(view: View, code: str) -> Invitation | None:
    """The invitation of this code, where it still works."""
    found = await view.db.exec(select(Invitation).where(Invitation.code == code.strip().upper()))
    invitation = found.first()
    if invitation is None or invitation.revoked_at or invitation.expires_at <= view.now:
        return None
    came = select(func.count()).where(Invited.invitation_id == invitation.id)
    return invitation if (await view.db.exec(came)).one() < invitation.people else None


async def hold_open(work: Work, code: str) -> Invitation | None:
    """As `find_open`; until the transaction ends nobody else comes by it."""
    await work.alone(f"invitation {code.strip().upper()}")
    return await find_open(work, code)


async def accept(work: Work, invitation: Invitation, *, member_id: int) -> None:
    """Let a member who is new be one who came by this invitation, which is held."""
    assert invitation.id is not None
    work.db.add(Invited(member_id=member_id, invitation_id=invitation.id, created_at=work.now))
    await work.db.flush()


async def meet(work: Work, *, code: str, member_id: int) -> Met:
    """Who sent an invitation; a newcomer who came by it follows them, who are told so, once.

    Raises:
        InvitationClosed: it does not work, or is the member's own.
    """
    came = await work.hold_if_any(Invited, member_id)
    if came is not None:
        invitation = await work.db.get_one(Invitation, came.invitation_id)
        if invitation.code == code.strip().upper() and invitation.member_id != member_id:
            if came.greeted_at is None:
                came.greeted_at = work.now
                await _acquaint(work, invitation.member_id, member_id)
            return Met(invitation.member_id, new=True)
    opened = await find_open(work, code)
    if opened is None or opened.member_id == member_id:
        raise InvitationClosed
    return Met(opened.member_id, new=False)


async def brought(view: View, member_id: int) -> Open | None:
    """The invitation by which a member came, and how many came by it."""
    came = await view.db.get(Invited, member_id)
    if came is None:
        return None
    invitation = await view.db.get_one(Invitation, came.invitation_id)
    counted = select(func.count()).where(Invited.invitation_id == came.invitation_id)
    return Open(invitation, (await view.db.exec(counted)).one())


async def _acquaint(work: Work, inviter_id: int, member_id: int) -> None:
    subject = str(inviter_id)
    if await work.hold_if_any(Follow, (member_id, Followed.MEMBER, subject)) is None:
        work.db.add(
            Follow(member_id=member_id, kind=Followed.MEMBER, subject=subject, created_at=work.now)
        )
    await deliveries.tell(
        work, member_id=inviter_id, kind=DeliveryKind.INVITED, subject_id=member_id
    )
