"""What one member's agent may learn: pauses, chats that leave nothing, kinds never remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, Integer, bindparam, delete, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core.models.conversation import Message
from feed_core.models.memories import MemorySettings
from feed_core.services import conversation, once
from feed_core.services.conversation import Line
from feed_core.services.members import in_turn
from feed_core.states import Role
from feed_core.store import View, Work
from memory.owning import owner

UNCHANGED = MemorySettings(member_id=0).model_dump()  # the row of who has set nothing
PLACES = 50  # chats of one member that can be incognito at once


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a member's agent may learn of them, as they said."""

    paused: bool = False
    never: Sequence[str] = ()
    incognito: Sequence[str] = ()


async def preferences(view: View, owner_id: int) -> Preferences:
    """As the member set it.

    Raises:
        ValueError: the owner id cannot be a member's.
    """
    row = await view.db.get(MemorySettings, owner(owner_id))
    if row is None:
        return Preferences()
    return Preferences(row.paused, tuple(row.never), tuple(row.incognito))


async def pause(work: Work, owner_id: int, *, paused: bool) -> bool:
    """Learn nothing from now on, or learn again; False when it is so already.

    What was said up to now and not learned from is not learned from later either.
    """
    row = await _held(work, owner_id)
    changed, row.paused = row.paused is not paused, paused
    await _pass_over(work, row)
    return changed


async def erase(work: Work, owner_id: int) -> None:
    """Forget what the member set."""
    mine = col(MemorySettings.member_id) == owner(owner_id)
    await work.db.exec(delete(MemorySettings).where(mine))


async def never(work: Work, owner_id: int, rules: Sequence[str]) -> None:
    """Never remember what these rules (`topics.rules_of`) forbid."""
    row = await _held(work, owner_id)
    row.never = list(dict.fromkeys([*row.never, *rules]))


async def allow(work: Work, owner_id: int, rules: Sequence[str]) -> bool:
    """Take such rules back; False when there were none of them."""
    row = await _held(work, owner_id)
    left = [it for it in row.never if it not in rules]
    changed = len(left) < len(row.never)
    row.never = left
    return changed


async def incognito(work: Work, owner_id: int, place: str, *, on: bool) -> bool:
    """Keep nothing of this chat and learn nothing from it, or end that; False if it is so already.

    What was said before it began stays, and is learned from no more.
    """
    row = await _held(work, owner_id)
    changed = on is not (place in row.incognito)
    if changed:
        others = [it for it in row.incognito if it != place][-PLACES + 1 :]
        row.incognito = [*others, place] if on else others
    await _pass_over(work, row)
    return changed


async def hear(
    work: Work,
    owner_id: int,
    *,
    place: str,
    lines: Sequence[Line],
    learn_in: timedelta | None,
) -> None:
    """Keep what was said, and let it be learned from when the talk has paused for `learn_in`.

    Without a `learn_in` nothing of it is learned; of a chat that is incognito nothing is kept.
    """
    found = await work.ask(_heeded(), {"owner_id": owner(owner_id)})
    paused, private = found[0] if found else (False, ())
    if place in private:
        return
    await conversation.say(work, member_id=owner_id, place=place, lines=lines)
    told = any(role is Role.MEMBER for role, _ in lines)
    if learn_in is None or not told or paused:
        return
    new = {**UNCHANGED, "member_id": owner_id, "learn_at": work.now + learn_in}
    await work.write(_learning_at(work.dialect), new)


async def pass_over(work: Work, owner_id: int) -> None:
    """Learn nothing from what was said up to now."""
    await _pass_over(work, await _held(work, owner_id))


async def move(work: Work, *, from_id: int, to_id: int) -> None:
    """Join the settings of two members that become one: the stricter of both holds."""
    theirs = await work.hold_if_any(MemorySettings, from_id)
    if theirs is None:
        return
    row = await _held(work, to_id)
    row.paused = row.paused or theirs.paused
    row.never = list(dict.fromkeys([*row.never, *theirs.never]))
    row.incognito = list(dict.fromkeys([*row.incognito, *theirs.incognito]))[-PLACES:]
    row.learned_to = max(row.learned_to, theirs.learned_to)
    row.learn_at = max(filter(None, (row.learn_at, theirs.learn_at)), default=None)
    await work.db.delete(theirs)
    await work.db.flush()


async def _held(work: Work, owner_id: int) -> MemorySettings:
    """The member's row, made when there is none; nobody else changes it meanwhile."""
    row = await work.hold_if_any(MemorySettings, owner(owner_id))
    if row is None:
        await in_turn(work, owner_id)
        row = await work.hold_if_any(MemorySettings, owner_id)
    if row is None:
        row = MemorySettings(member_id=owner_id)
        work.db.add(row)
        await work.db.flush()
    return row


async def _pass_over(work: Work, row: MemorySettings) -> None:
    last = select(func.max(col(Message.id))).where(Message.member_id == row.member_id)
    row.learned_to = max(row.learned_to, (await work.db.exec(last)).one() or 0)
    row.learn_at = None


@cache
def _heeded() -> Select[bool, Sequence[str]]:
    return select(MemorySettings.paused, MemorySettings.incognito).where(
        MemorySettings.member_id == bindparam("owner_id", type_=Integer)
    )


@cache
def _learning_at(dialect: str) -> Executable:
    """Put together once, because every message asks it; a pause that came meanwhile holds."""
    new = once.insert_in(dialect, MemorySettings)
    return new.on_conflict_do_update(
        index_elements=["member_id"],
        set_={"learn_at": new.excluded.learn_at},
        where=~col(MemorySettings.paused),
    )
