"""Memories that go: forgotten by their owner, or moved to the member they became."""

from sqlalchemy import delete
from sqlmodel import col, select

from feed_core.errors import MemoryNotFound
from feed_core.models.memories import Memory, MemoryState
from feed_core.services.members import in_turn
from feed_core.store import Work
from memory.indexing import index_some
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.remembered import Remembered, remembered
from memory.shelf import Shelf
from memory.texts import alike


async def forget(shelf: Shelf, owner_id: int, number: int) -> Remembered:
    """Remove one memory, vector and row, see that both are gone, and return what it was.

    SQLite overwrites the row (secure_delete); a copy may stand in its write-ahead log until the
    next checkpoint, and Chroma keeps the numbers of a removed vector in its files, reachable by
    no query, until the shard is made anew.

    Raises:
        MemoryNotFound: the owner has no memory of this number.
        Unavailable: the index failed; nothing was removed for good, and trying again helps.
        ValueError: the owner id cannot be a member's.
    """
    this = (owned_by(owner_id), col(Memory.number) == number)
    async with shelf.indexing:
        async with shelf.store.read() as view:
            row = (await view.db.exec(select(Memory).where(*this))).one_or_none()
        if row is None:
            raise MemoryNotFound(number)
        gone = remembered(row)
        # The vector first: a crash in between leaves a row that gets its vector back.
        await shelf.index.remove(owner_id, [gone.id])
        left = len(await shelf.index.vectors(owner_id, [gone.id]))
        async with shelf.store.work() as work:
            await work.db.exec(delete(Memory).where(*this, col(Memory.id) == gone.id))
            left += len((await work.db.exec(select(Memory.id).where(*this))).all())
    if left:
        raise RuntimeError(f"memory {gone.id} is still there")
    return gone


async def move_all(work: Work, *, from_id: int, to_id: int) -> None:
    """Give all of one member's memories to another, numbered after theirs, without doubles.

    A memory whose text the other has already is dropped. After the commit `settle` brings the
    index after it.
    """
    if owner(from_id) == owner(to_id):
        raise ValueError("a member's memories cannot move to that member")
    for member_id in sorted((from_id, to_id)):
        await in_turn(work, member_id)
    number = await last_number(work, to_id)
    active = col(Memory.state) == MemoryState.ACTIVE
    theirs = await work.db.exec(select(Memory.text).where(owned_by(to_id), active))
    known = {alike(text) for text in theirs}
    moving = select(Memory).where(owned_by(from_id)).order_by(col(Memory.number))
    for row in (await work.db.exec(moving)).all():
        if row.state is MemoryState.ACTIVE:
            if alike(row.text) in known:
                await work.db.delete(row)
                continue
            known.add(alike(row.text))
        number += 1
        row.owner_id, row.number, row.indexed = to_id, number, False
    await work.db.flush()


async def settle(shelf: Shelf, *, from_id: int, to_id: int) -> None:
    """Let the index follow memories that `move_all` moved, once that is committed."""
    async with shelf.indexing:
        await shelf.index.remove_owner(from_id)
    while await index_some(shelf, to_id):
        pass
