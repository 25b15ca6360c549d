"""Renames members and their agents: stored, checked outside any transaction, then borne."""

from agents import name_words
from agents.turn import Parts, Turn
from feed_core import worker
from feed_core.errors import Unavailable
from feed_core.models.moderation import Thing
from feed_core.services import members, naming
from feed_core.states import RevisionState


async def rename(parts: Parts, *, member_id: int, thing: Thing, name: str) -> bool:
    """Give a member or their agent a name; False when they have it already.

    Raises:
        EmptyText, TextTooLong, NameRefused: nobody can be called that.
        NameHeld, Blocked: the gate did not let it pass.
    """
    async with parts.store.work() as work:
        change = await naming.begin(work, member_id=member_id, thing=thing, name=name)
    if change is None:
        return False
    assert change.id is not None
    await worker.check_name(parts.store, parts.check, change.id)
    async with parts.store.read() as view:
        await naming.require_borne(view, change.id)
    return True


async def welcome(turn: Turn, change_id: int | None, called: str) -> str:
    """Let a newcomer be called as on their platform; returns what they have to know of it.

    That is nothing where others see the name that they have there, or where that is checked later.
    """
    state, parts = RevisionState.BLOCKED, turn.parts
    try:
        if change_id is not None:
            state = (await worker.check_name(parts.store, parts.check, change_id)).state
        async with parts.store.read() as view:
            name = (await members.get(view, turn.member_id)).name
    except Unavailable:
        return ""
    return "" if name == naming.arrived(called) else name_words.newcomer(name, state)
