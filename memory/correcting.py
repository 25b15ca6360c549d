"""Memories put right by their owner: another text in place of one, and back again."""

from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import MemoryNotFound
from feed_core.models.memories import Memory, MemoryReason, MemoryState
from feed_core.services.members import in_turn
from memory.indexing import leave
from memory.lineages import beneath, head_of, row_of, supersede
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.remembered import Remembered, remembered
from memory.shelf import Shelf
from memory.statements import slot_of
from memory.texts import alike, readable

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Replaced:
    """A memory that holds now, and the one whose place it took, if there was one."""

    now: Remembered
    before: Remembered | None


async def fix(shelf: Shelf, owner_id: int, number: int, text: str, *, source: str) -> Replaced:
    """Put a new text in place of a memory, which leaves recall at once and stays in its history.

    Raises:
        MemoryNotFound: the owner has no memory of this number that can be recalled.
        EmptyText, TextTooLong: the new text cannot be remembered.
        ValueError: the owner id cannot be a member's.
    """
    said = readable(text)
    async with shelf.store.work() as work:
        await in_turn(work, owner(owner_id))
        old = await row_of(work, owner_id, number)
        if old is None or old.state is not MemoryState.ACTIVE:
            raise MemoryNotFound(number)
        if alike(old.text) == alike(said):
            return Replaced(remembered(old), None)
        new = Memory(
            owner_id=owner_id,
            number=await last_number(work, owner_id) + 1,
            kind=old.kind,
            text=said,
            source=source,
            reason=MemoryReason.FIXED,
            slot=slot_of(said) or old.slot,
            created_at=work.now,
        )
        work.db.add(new)
        await work.db.flush()
        await supersede(work, [old], new)
        replaced = Replaced(remembered(new), remembered(old))
        assert old.id is not None
    await leave(shelf, owner_id, [old.id])
    return replaced


async def restore(shelf: Shelf, owner_id: int, number: int) -> Replaced:
    """Let a superseded memory hold again; what stands in its place today is superseded by it.

    Raises:
        MemoryNotFound: the owner has no memory of this number.
        ValueError: the owner id cannot be a member's.
    """
    async with shelf.store.work() as work:
        await in_turn(work, owner(owner_id))
        row = await row_of(work, owner_id, number)
        if row is None:
            raise MemoryNotFound(number)
        if row.state is MemoryState.ACTIVE:
            return Replaced(remembered(row), None)
        head = await head_of(work, owner_id, row)
        row.state, row.superseded_by_id, row.ended_at = MemoryState.ACTIVE, None, None
        await work.db.flush()
        outdone = [head] if head.state is MemoryState.ACTIVE and head.id != row.id else []
        await supersede(work, outdone, row)
        replaced = Replaced(remembered(row), remembered(head) if outdone else None)
    await leave(shelf, owner_id, [it.id for it in outdone if it.id is not None])
    return replaced


async def history(shelf: Shelf, owner_id: int, number: int | None) -> list[Remembered]:
    """All versions of one memory, the one that holds first; or what was superseded last, of all.

    Raises:
        MemoryNotFound: the owner has no memory of this number.
        ValueError: the owner id cannot be a member's.
    """
    async with shelf.store.read() as view:
        if number is None:
            ended = await view.db.exec(
                select(Memory)
                .where(owned_by(owner_id), col(Memory.state) == MemoryState.SUPERSEDED)
                .order_by(col(Memory.ended_at).desc(), col(Memory.number).desc())
                .limit(SHOWN)
            )
            return [remembered(it) for it in ended]
        row = await row_of(view, owner_id, number)
        if row is None:
            raise MemoryNotFound(number)
        head = await head_of(view, owner_id, row)
        return [remembered(it) for it in (head, *await beneath(view, owner_id, head))]
