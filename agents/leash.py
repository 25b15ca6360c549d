"""How freely a member's agent does what others see."""

from collections.abc import Mapping

from agents.profile import Leash
from agents.turn import Turn
from feed_core.services import members


async def may_act(turn: Turn, act: str) -> bool:
    """Whether the agent may do this without asking: as its member set it, else as the file says."""
    async with turn.store.read() as view:
        settings = await members.agent_settings(view, turn.member_id)
    return not settings.paused and act in alone(settings.leash, turn.parts.profile.autonomy)


def alone(own: Mapping[str, str], file: Mapping[str, Leash]) -> list[str]:
    """The acts that need no asking, with the member's own word before the file's."""
    leashes = {**file, **{act: Leash(it) for act, it in own.items()}}
    return sorted(act for act, it in leashes.items() if it is not Leash.ASK)
