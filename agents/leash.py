"""How freely a member's agent does what others see."""

from agents.profile import Leash
from agents.turn import Turn
from feed_core.services import members


async def may_act(turn: Turn, act: str) -> bool:
    """Whether the agent may do this without asking: as its member set it, else as the file says."""
    async with turn.store.read() as view:
        settings = await members.agent_settings(view, turn.member_id)
    if settings.paused:
        return False
    default = turn.parts.profile.autonomy.get(act, Leash.ASK)
    return Leash(settings.leash.get(act, default)) is not Leash.ASK
