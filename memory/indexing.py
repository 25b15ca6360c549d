"""The index follows the rows: what is missing is added, what does not fit is made anew."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from feed_core.errors import Unavailable
from feed_core.models.memories import Memory, MemoryState
from memory.index import Entry
from memory.owning import owned_by
from memory.sharding import SHARD_MEMBERS
from memory.shelf import Shelf

ROUND = 32  # one batch of the embedder

logger = structlog.get_logger(__name__)


async def index_some(shelf: Shelf, owner_id: int | None = None) -> int:
    """Give the newest memories without a vector one, at most 32; of one owner or of everybody.

    Returns how many there were. A crash on the way leaves them without; the next round finds them.
    """
    waiting = select(Memory.id, Memory.owner_id, Memory.text).where(
        ~col(Memory.indexed), col(Memory.state) == MemoryState.ACTIVE
    )
    if owner_id is not None:
        waiting = waiting.where(owned_by(owner_id))
    async with shelf.indexing:
        async with shelf.store.read() as view:
            rows = (await view.db.exec(waiting.order_by(col(Memory.id).desc()).limit(ROUND))).all()
        if not rows:
            return 0
        vectors = await asyncio.to_thread(shelf.embedder.vectors, [text for _, _, text in rows])
        entries = [
            Entry(memory_id, owner, vector)
            for (memory_id, owner, _), vector in zip(rows, vectors, strict=True)
            if memory_id is not None
        ]
        await shelf.index.put(entries)
        # A row that changed hands meanwhile has its vector in the wrong place and waits again.
        written = [(entry.memory_id, entry.owner_id) for entry in entries]
        async with shelf.store.work() as work:
            await work.db.exec(
                update(Memory)
                .where(
                    tuple_(col(Memory.id), col(Memory.owner_id)).in_(written),
                    col(Memory.state) == MemoryState.ACTIVE,
                )
                .values(indexed=True)
            )
    return len(rows)


async def leave(shelf: Shelf, owner_id: int, memory_ids: Sequence[int]) -> None:
    """Take the vectors of memories out that can be recalled no more, once that is committed.

    Should the index fail, the next start finds that it holds too many.
    """
    if not memory_ids:
        return
    async with shelf.indexing:
        try:
            async with shelf.store.read() as view:  # one that came back meanwhile keeps its own
                active = select(Memory.id).where(
                    owned_by(owner_id),
                    col(Memory.id).in_(memory_ids),
                    col(Memory.state) == MemoryState.ACTIVE,
                )
                back = set(await view.db.exec(active))
            await shelf.index.remove(owner_id, [it for it in memory_ids if it not in back])
        except Unavailable:
            logger.warning("vectors_left_behind", member_id=owner_id, exc_info=True)


async def compare(shelf: Shelf) -> None:
    """Empty every shard that holds more or fewer vectors than the rows say, to be filled anew."""
    shard_number = col(Memory.owner_id) // SHARD_MEMBERS
    async with shelf.indexing:
        held = await shelf.index.census()
        async with shelf.store.read() as view:
            counts = select(shard_number, func.count()).where(col(Memory.indexed))
            said = dict((await view.db.exec(counts.group_by(shard_number))).all())
        for shard in sorted(held.keys() | said.keys()):
            if held.get(shard, 0) == said.get(shard, 0):
                continue
            await shelf.index.drop_shard(shard)
            first = shard * SHARD_MEMBERS
            async with shelf.store.work() as work:
                await work.db.exec(
                    update(Memory)
                    .where(col(Memory.owner_id).between(first, first + SHARD_MEMBERS - 1))
                    .values(indexed=False)
                )
