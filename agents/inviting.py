"""Invitations as people see them: made and passed on, followed, and told of."""

from collections.abc import Sequence

from agents import invite_words
from agents.answer import Answer, Button, Call, undoing
from agents.subjects import typed
from agents.turn import Parts, Turn
from feed_core.models.curation import Followed
from feed_core.services import invitations, members
from feed_core.services.curation import Subject
from feed_core.services.invitations import InvitationClosed

LEAD = "invite"
LONGEST_LABEL = 80  # characters of a button


def address(parts: Parts, code: str) -> str:
    """The address by which a stranger follows an invitation; "" where there are no addresses."""
    return parts.doorways.to(f"{LEAD}-{code}")


async def followed(turn: Turn, code: str) -> tuple[str, Sequence[Button]]:
    """What somebody who follows an invitation is told before all else."""
    try:
        async with turn.store.work() as work:
            met = await invitations.meet(work, code=code, member_id=turn.member_id)
            inviter = (await members.get(work, met.inviter_id)).name
    except InvitationClosed:
        return invite_words.NO_MORE, []
    maker = {"what": typed(Subject(Followed.MEMBER, str(met.inviter_id)))}
    if met.new:
        return invite_words.came(inviter), [
            undoing(Call("unfollow", maker), f"Unfollow {inviter}"[:LONGEST_LABEL])
        ]
    return invite_words.came_before(inviter), []


async def joined_notice(parts: Parts, member_id: int) -> Answer | None:
    """Who came by somebody's invitation, for who sent it; None when they are gone."""
    async with parts.store.read() as view:
        name = (await members.names(view, [member_id])).get(member_id)
        opened = await invitations.brought(view, member_id)
    if not name or opened is None:
        return None
    return Answer(text=invite_words.joined(name, opened), private=True)
