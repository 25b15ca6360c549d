"""Memories that go: forgotten by their owner, or moved to the member they became."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from feed_core.errors import MemoryNotFound
from feed_core.events import MemoryForgotten
from feed_core.models.memories import Memory, MemoryState
from feed_core.services import conversation
from feed_core.services.members import in_turn
from feed_core.store import View, Work
from memory import parting, preferences
from memory.counting import COUNTED
from memory.indexing import index_some
from memory.likeness import overlap
from memory.lineages import beneath, row_of
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.remembered import Remembered, remembered
from memory.shelf import Shelf
from memory.texts import alike
from memory.words import stems

TELLING = 12  # characters of a text from which on a line that contains it says it
ALIKE = 5
LAST = 2  # lines: what the member and their agent said in one turn


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a memory was that is gone, with what of it went along and what says the same.

    `versions` counts those that it had superseded, `lines` those of the conversation that said it.
    `alike` are memories that say much the same and stay. `barred`: it was counted from what its
    owner did, and is not counted again.
    """

    memory: Remembered
    versions: int
    lines: int
    alike: Sequence[Remembered]
    barred: bool


async def forget(shelf: Shelf, owner_id: int, number: int) -> Forgotten:
    """Remove one memory and the versions it superseded, and see that nothing of them is found.

    Rows, vectors, the lines of the conversation that say it, and texts of questions kept ready are
    removed; what was said up to now is learned from no more. Then rows and index are searched for
    it. SQLite overwrites the rows (secure_delete); a copy may stand in its write-ahead log until
    the next checkpoint, and Chroma keeps the numbers of a removed vector in its files, reachable by
    no query, until the shard is made anew.

    Raises:
        MemoryNotFound: the owner has no memory of this number.
        Unavailable: the index failed; nothing was removed for good, and trying again helps.
        ValueError: the owner id cannot be a member's.
    """
    async with shelf.indexing:
        async with shelf.store.read() as view:
            row = await row_of(view, owner_id, number)
            if row is None:
                raise MemoryNotFound(number)
            rows = [row, *await beneath(view, owner_id, row)]
            said = await _lines(view, owner_id, [it.text for it in rows])
        gone, ids = remembered(row), [it.id for it in rows if it.id is not None]
        texts = {it.text for it in rows}
        counted = gone.slot if gone.reason in COUNTED else ""
        # The vectors first: a crash in between leaves rows that get their vectors back.
        await shelf.index.remove(owner_id, ids)
        async with shelf.store.work() as work:
            these = owned_by(owner_id), col(Memory.id).in_(ids)
            await work.db.exec(
                update(Memory)
                .where(owned_by(owner_id), col(Memory.superseded_by_id).in_(ids))
                .values(superseded_by_id=None)
            )
            await work.db.exec(delete(Memory).where(*these))
            await conversation.remove(work, member_id=owner_id, line_ids=said)
            await preferences.pass_over(work, owner_id)
            if counted:
                await preferences.never(work, owner_id, [f"slot:{counted}"])
            work.record(MemoryForgotten(owner_id))
        shelf.embedder.forget_queries()
        alike_ones = await _still_there(shelf, owner_id, ids, texts)
    return Forgotten(gone, len(rows) - 1, len(said), alike_ones, bool(counted))


async def _lines(view: View, owner_id: int, texts: Sequence[str]) -> list[int]:
    """The lines of the member's conversations that say one of the texts."""
    wanted = {alike(it) for it in texts}
    long = {it for it in wanted if len(it) >= TELLING}
    found = []
    for line_id, text in await conversation.lines_of(view, member_id=owner_id):
        line = alike(text)
        if line in wanted or any(it in line for it in long):
            found.append(line_id)
    return found


async def unsay(work: Work, owner_id: int, *, text: str) -> None:
    """Remove what this turn added to the talk that says a text that it forgot.

    The request names what it wants forgotten, and is kept after it was done.
    """
    said = re.compile(rf"(?<!\w){re.escape(alike(text))}(?!\w)")
    lines = await conversation.spoken(work, member_id=owner_id, limit=LAST)
    naming = [it.id for it in lines if said.search(alike(it.text))]
    await conversation.remove(work, member_id=owner_id, line_ids=naming)


async def _still_there(
    shelf: Shelf, owner_id: int, ids: Sequence[int], texts: Collection[str]
) -> list[Remembered]:
    """Search for what was removed; returns the memories that say much the same.

    Raises:
        RuntimeError: something of it is found.
    """
    left = set(await shelf.index.vectors(owner_id, ids))
    async with shelf.store.read() as view:
        rows = (await view.db.exec(select(Memory).where(owned_by(owner_id)))).all()
    left |= {it.id for it in rows if it.id is not None and it.id in ids}
    if left or await _in_conversation(shelf, owner_id, texts):
        raise RuntimeError(f"memories {sorted(left)} of member {owner_id} are still there")
    words = [set(stems(it)) for it in texts]
    same = {alike(it) for it in texts}
    return [
        remembered(it)
        for it in rows
        if alike(it.text) in same or any(overlap(set(stems(it.text)), said) for said in words)
    ][:ALIKE]


async def _in_conversation(shelf: Shelf, owner_id: int, texts: Collection[str]) -> bool:
    async with shelf.store.read() as view:
        return bool(await _lines(view, owner_id, list(texts)))


async def move_all(work: Work, *, from_id: int, to_id: int) -> None:
    """Give all of one member's memories to another, numbered after theirs, without doubles.

    A memory whose text the other has already is dropped. After the commit `settle` brings the
    index after it.
    """
    if owner(from_id) == owner(to_id):
        raise ValueError("a member's memories cannot move to that member")
    for member_id in sorted((from_id, to_id)):
        await in_turn(work, member_id)
    await parting.note(work, keep_id=to_id, gone_id=from_id)
    number = await last_number(work, to_id)
    active = col(Memory.state) == MemoryState.ACTIVE
    theirs = await work.db.exec(select(Memory.text, Memory.id).where(owned_by(to_id), active))
    known = {alike(text): memory_id for text, memory_id in theirs}
    moving = select(Memory).where(owned_by(from_id)).order_by(col(Memory.number))
    for row in (await work.db.exec(moving)).all():
        if row.state is MemoryState.ACTIVE:
            if alike(row.text) in known:
                await work.db.flush()
                await work.db.exec(  # its earlier versions are the other's now
                    update(Memory)
                    .where(
                        or_(owned_by(from_id), owned_by(to_id)),
                        col(Memory.superseded_by_id) == row.id,
                    )
                    .values(superseded_by_id=known[alike(row.text)])
                )
                await work.db.delete(row)
                continue
            known[alike(row.text)] = row.id
        number += 1
        row.owner_id, row.number, row.indexed = to_id, number, False
    await work.db.flush()
    await preferences.move(work, from_id=from_id, to_id=to_id)


async def erase(work: Work, owner_id: int) -> None:
    """Remove all of one member's memories and what may be learned of them.

    After the commit `vanish` brings the index after it.
    """
    mine = owned_by(owner_id)
    await in_turn(work, owner_id)
    await work.db.exec(update(Memory).where(mine).values(superseded_by_id=None))
    await work.db.exec(delete(Memory).where(mine))
    await preferences.erase(work, owner_id)
    work.record(MemoryForgotten(owner_id))


async def vanish(shelf: Shelf, owner_id: int) -> None:
    """Let nothing of an erased member stand in the index, and search for it.

    Raises:
        Unavailable: the index failed; trying again helps.
        RuntimeError: something of it is found.
    """
    async with shelf.indexing:
        await shelf.index.remove_owner(owner_id)
    shelf.embedder.forget_queries()
    async with shelf.store.read() as view:
        rows = (await view.db.exec(select(Memory.id).where(owned_by(owner_id)))).all()
    if rows:
        raise RuntimeError(f"{len(rows)} memories of member {owner_id} are still there")


async def settle(
    shelf: Shelf, *, from_id: int, to_id: int, only: Sequence[int] | None = None
) -> None:
    """Let the index follow memories that were moved, all or these only, once that is committed."""
    async with shelf.indexing:
        if only is None:
            await shelf.index.remove_owner(from_id)
        else:
            await shelf.index.remove(from_id, only)
    while await index_some(shelf, to_id):
        pass
