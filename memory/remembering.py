"""What an agent keeps in mind for its member, and the one thing that callers hand around."""

import asyncio

import structlog
from sqlmodel import col, select

from feed_core.errors import Unavailable
from feed_core.models.memories import Memory, MemoryKind, MemoryState
from feed_core.services.members import in_turn
from feed_core.store import Store, Work
from memory import forgetting, recall
from memory.embedding import Embedder
from memory.index import Index
from memory.indexing import compare, index_some
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.remembered import Recalled, Remembered, remembered
from memory.shelf import Shelf
from memory.texts import alike, readable

logger = structlog.get_logger(__name__)


class Memories:
    """The memories of all members; every question names the one owner it is about.

    An owner id that cannot be a member's raises ValueError.
    """

    def __init__(self, store: Store, index: Index, embedder: Embedder) -> None:
        self._shelf = Shelf(store, index, embedder)
        self._warming = asyncio.Lock()
        self._warm = False

    async def warm(self) -> None:
        """Load the embedder, open the index and give every memory its vector.

        What needs vectors waits only until index and embedder are open; without this call the
        first that needs them opens them.

        Raises:
            ConfigurationError: the index's folder or the embedder's files cannot be used.
        """
        await self._ready()
        while await index_some(self._shelf):
            pass

    async def remember(
        self, owner_id: int, text: str, *, kind: MemoryKind = MemoryKind.FACT, source: str
    ) -> Remembered:
        """Keep a text in mind, once: the same text again returns the memory there is.

        The row is true when this returns; its vector follows at once, or, when the index is not
        open yet or fails, later.

        Raises:
            EmptyText: nothing in it can be seen.
            TextTooLong: it has more than 2,000 characters.
        """
        said = readable(text)
        async with self._shelf.store.work() as work:
            await in_turn(work, owner(owner_id))
            row = await _same(work, owner_id, said)
            if row is None:
                row = Memory(
                    owner_id=owner_id,
                    number=await last_number(work, owner_id) + 1,
                    kind=kind,
                    text=said,
                    source=source,
                    created_at=work.now,
                )
                work.db.add(row)
                await work.db.flush()
            kept = remembered(row)
        if self._warm and not row.indexed:
            try:
                await index_some(self._shelf)
            except Unavailable:
                logger.warning("memory_waits_for_its_vector", memory_id=kept.id, exc_info=True)
        return kept

    async def all(self, owner_id: int, *, limit: int = 50, offset: int = 0) -> list[Remembered]:
        """The owner's active memories, newest first; needs no vectors."""
        async with self._shelf.store.read() as view:
            rows = await view.db.exec(
                select(Memory)
                .where(owned_by(owner_id), col(Memory.state) == MemoryState.ACTIVE)
                .order_by(col(Memory.created_at).desc(), col(Memory.number).desc())
                .limit(max(limit, 0))
                .offset(max(offset, 0))
            )
            return [remembered(row) for row in rows]

    async def recall(self, owner_id: int, query: str, *, k: int = 5) -> list[Recalled]:
        """The owner's k (at most 50) active memories that fit the query best, best first."""
        await self._ready()
        return await recall.recall(self._shelf, owner_id, query, k=k)

    async def forget(self, owner_id: int, number: int) -> Remembered:
        """Remove one memory, row and vector, and return what it was.

        Raises:
            MemoryNotFound: the owner has no memory of this number.
            Unavailable: the index failed; nothing is lost and trying again may help.
        """
        await self._ready()
        return await forgetting.forget(self._shelf, owner_id, number)

    async def move_all(self, work: Work, *, from_id: int, to_id: int) -> None:
        """Give all of one member's memories to another; call `settle` after the commit."""
        await forgetting.move_all(work, from_id=from_id, to_id=to_id)

    async def settle(self, *, from_id: int, to_id: int) -> None:
        """Let the index follow a committed `move_all`."""
        await self._ready()
        await forgetting.settle(self._shelf, from_id=from_id, to_id=to_id)

    async def _ready(self) -> None:
        if self._warm:
            return
        async with self._warming:  # the first that comes opens, the others wait for it
            if not self._warm:
                await asyncio.to_thread(self._shelf.embedder.load)
                await self._shelf.index.open()
                await compare(self._shelf)
                self._warm = True


async def _same(work: Work, owner_id: int, text: str) -> Memory | None:
    """The owner's active memory of the same text."""
    theirs = await work.db.exec(
        select(Memory.id, Memory.text).where(
            owned_by(owner_id), col(Memory.state) == MemoryState.ACTIVE
        )
    )
    wanted = alike(text)
    for place, known in theirs:
        if alike(known) == wanted:
            return await work.db.get(Memory, place)
    return None
