"""What took whose place: memories and the versions of them that were superseded."""

from collections.abc import Sequence

from sqlmodel import col, select

from feed_core.models.memories import Memory, MemoryState
from feed_core.store import View, Work
from memory.owning import owned_by


async def row_of(view: View, owner_id: int, number: int) -> Memory | None:
    """The owner's memory of this number, superseded or not."""
    found = await view.db.exec(
        select(Memory).where(owned_by(owner_id), col(Memory.number) == number)
    )
    return found.one_or_none()


async def beneath(view: View, owner_id: int, row: Memory) -> list[Memory]:
    """All that this memory superseded, and what that did, and so on; the latest first."""
    found: dict[int, Memory] = {}
    wanted = [row.id]
    while wanted:
        superseded = select(Memory).where(
            owned_by(owner_id), col(Memory.superseded_by_id).in_(wanted)
        )
        rows = [it for it in await view.db.exec(superseded) if it.id not in found]
        found |= {it.id: it for it in rows if it.id is not None and it.id != row.id}
        wanted = [it.id for it in rows if it.id != row.id]
    return sorted(found.values(), key=lambda it: it.number, reverse=True)


async def head_of(view: View, owner_id: int, row: Memory) -> Memory:
    """What stands in place of this memory today: itself, or what superseded it last."""
    known = {row.id}
    while row.superseded_by_id is not None and row.superseded_by_id not in known:
        following = await view.db.exec(
            select(Memory).where(owned_by(owner_id), col(Memory.id) == row.superseded_by_id)
        )
        if (after := following.one_or_none()) is None:
            break
        row = after
        known.add(row.id)
    return row


async def supersede(work: Work, rows: Sequence[Memory], by: Memory | None) -> None:
    """Let these leave recall and stand in the history of the one that took their place, if any."""
    for row in rows:
        row.state = MemoryState.SUPERSEDED
        row.superseded_by_id = by.id if by is not None else None
        row.ended_at = work.now
        row.indexed = False  # until its vector is gone the index is found to hold too many
    await work.db.flush()
