"""Who may do what only some may, asked when it is done."""

from typing import Any

from agents.act import Act
from agents.turn import Authority, Through, Turn
from feed_core.errors import NotForAgents, Refusal
from feed_core.services import members


class NotAModerator(Refusal):
    """Only moderators may do this."""

    code = "not_a_moderator"


async def require(turn: Turn, act: Act[Any]) -> None:
    """Let nobody pass who may not do this, whoever or whatever asks for it.

    Raises:
        NotAModerator: the member is none.
        NotForAgents: they are, and their agent is not.
    """
    if act.authority is Authority.MEMBER:
        return
    if not await moderates(turn):
        raise NotAModerator
    if turn.through is Through.AGENT:
        raise NotForAgents(act.name)


async def may(turn: Turn, act: Act[Any]) -> bool:
    """Whether the member would be let pass by their own hand."""
    return act.authority is Authority.MEMBER or await moderates(turn)


async def moderates(turn: Turn) -> bool:
    """Whether one of the member's accounts is named in `agents.yaml`, or the platform says so."""
    if Authority.MODERATOR in turn.granted:
        return True
    named = turn.parts.profile.moderation.moderators
    if not named:
        return False
    async with turn.store.read() as view:
        accounts = await members.identities(view, turn.member_id)
    return any(f"{it.platform}:{it.external_id}" in named for it in accounts)
