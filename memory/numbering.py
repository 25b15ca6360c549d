"""The numbers by which owners know their memories."""

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.models.memories import Memory
from feed_core.store import Work
from memory.owning import owned_by


async def last_number(work: Work, owner_id: int) -> int:
    """The highest number among an owner's memories, 0 when there are none."""
    highest = select(func.max(col(Memory.number))).where(owned_by(owner_id))
    return (await work.db.exec(highest)).one() or 0
