"""What an agent keeps in mind for its member, and the one thing that callers hand around."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlmodel import col, select

from feed_core.errors import Unavailable
from feed_core.events import Event, EventsMissed, MemoryForgotten
from feed_core.models.memories import Memory, MemoryKind, MemoryState
from feed_core.services.conversation import Line
from feed_core.services.members import in_turn
from feed_core.store import Store, Work
from memory import correcting, counting, fading, forgetting, learning, preferences, recall
from memory.claims import Claim
from memory.correcting import Replaced
from memory.embedding import Embedder
from memory.forgetting import Forgotten
from memory.index import Index
from memory.indexing import compare, index_some
from memory.learning import Heard
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.preferences import Preferences
from memory.remembered import Recalled, Remembered, remembered
from memory.shelf import Shelf
from memory.statements import slot_of
from memory.texts import alike, readable
from memory.topics import NeverRemembered, forbidding, rules_of

logger = structlog.get_logger(__name__)


class Memories:
    """The memories of all members; every question names the one owner it is about.

    An owner id that cannot be a member's raises ValueError. `caches` are told when something is
    forgotten, to let go of the texts that they keep ready.
    """

    def __init__(self, store: Store, index: Index, embedder: Embedder) -> None:
        self._shelf = Shelf(store, index, embedder)
        self._warming = asyncio.Lock()
        self._warm = False
        self.caches: list[Callable[[], None]] = [self._shelf.known.forget]

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
            NeverRemembered: the owner said never to remember things of this kind.
        """
        said = readable(text)
        slot = slot_of(said)
        async with self._shelf.store.work() as work:
            await in_turn(work, owner(owner_id))
            barred = (await preferences.preferences(work, owner_id)).never
            if rule := forbidding(barred, kind=kind, slot=slot, text=said):
                raise NeverRemembered(rule.partition(":")[2])
            row = await _same(work, owner_id, said)
            if row is None:
                row = Memory(
                    owner_id=owner_id,
                    number=await last_number(work, owner_id) + 1,
                    kind=kind,
                    text=said,
                    source=source,
                    slot=slot,
                    created_at=work.now,
                )
                work.db.add(row)
                await work.db.flush()
            kept = remembered(row)
        if not row.indexed:
            await self._follow(kept.id)
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
        with suppress(Unavailable):  # words alone decide
            await self._ready()
        return await recall.recall(self._shelf, owner_id, query, k=k)

    async def forget(self, owner_id: int, number: int) -> Forgotten:
        """Remove one memory with all that keeps it, see that it is gone, and say what went.

        Raises:
            MemoryNotFound: the owner has no memory of this number.
            Unavailable: the index failed; nothing is lost and trying again may help.
        """
        await self._ready()
        gone = await forgetting.forget(self._shelf, owner_id, number)
        self._let_go()
        return gone

    async def notice(self, event: Event) -> None:
        """Let go of texts, too, when another process forgets something; a subscriber of a bus."""
        if isinstance(event, (MemoryForgotten, EventsMissed)):
            self._shelf.embedder.forget_queries()
            self._let_go()

    def _let_go(self) -> None:
        for let_go in self.caches:
            let_go()

    async def fix(self, owner_id: int, number: int, text: str, *, source: str) -> Replaced:
        """Put a new text in place of a memory, which leaves recall at once.

        Raises:
            MemoryNotFound: the owner has no memory of this number that can be recalled.
            EmptyText, TextTooLong: the new text cannot be remembered.
        """
        await self._ready()
        replaced = await correcting.fix(self._shelf, owner_id, number, text, source=source)
        await self._follow(replaced.now.id)
        return replaced

    async def restore(self, owner_id: int, number: int) -> Replaced:
        """Let a superseded memory hold again, in place of what superseded it.

        Raises:
            MemoryNotFound: the owner has no memory of this number.
        """
        await self._ready()
        replaced = await correcting.restore(self._shelf, owner_id, number)
        await self._follow(replaced.now.id)
        return replaced

    async def history(self, owner_id: int, number: int | None = None) -> list[Remembered]:
        """All versions of one memory, the one that holds first; or the last superseded of all.

        Raises:
            MemoryNotFound: the owner has no memory of this number.
        """
        return await correcting.history(self._shelf, owner_id, number)

    async def preferences(self, owner_id: int) -> Preferences:
        """What may be learned of the owner, as they set it."""
        async with self._shelf.store.read() as view:
            return await preferences.preferences(view, owner_id)

    async def pause(self, owner_id: int, *, paused: bool) -> bool:
        """Learn nothing from now on, or learn again; False when it is so already."""
        async with self._shelf.store.work() as work:
            return await preferences.pause(work, owner_id, paused=paused)

    async def never(self, owner_id: int, words: str) -> list[str]:
        """Never remember what these words name; returns the rules that they came to.

        Raises:
            EmptyText, TextTooLong: they name nothing.
        """
        rules = rules_of(readable(words))
        async with self._shelf.store.work() as work:
            await preferences.never(work, owner_id, rules)
        return rules

    async def under(self, owner_id: int, rules: Sequence[str]) -> list[Remembered]:
        """The owner's active memories that such rules forbid, newest first."""
        kept = await self.all(owner_id, limit=recall.READ)
        return [it for it in kept if forbidding(rules, kind=it.kind, slot=it.slot, text=it.text)]

    async def allow(self, owner_id: int, words: str) -> bool:
        """Take back what `never` forbade by these words, or all; False when it forbade nothing."""
        async with self._shelf.store.work() as work:
            barred = (await preferences.preferences(work, owner_id)).never
            wanted = alike(words)
            rules = [it for it in barred if it.partition(":")[2] == wanted]
            return await preferences.allow(work, owner_id, rules or rules_of(readable(words)))

    async def incognito(self, owner_id: int, place: str, *, on: bool) -> bool:
        """Keep nothing of a chat and learn nothing from it, or end that; False if it is so."""
        async with self._shelf.store.work() as work:
            return await preferences.incognito(work, owner_id, place, on=on)

    async def hear(
        self,
        work: Work,
        owner_id: int,
        *,
        place: str,
        lines: Sequence[Line],
        learn_in: timedelta | None,
    ) -> None:
        """Keep what was said, unless the chat is incognito, and have it learned from later."""
        await preferences.hear(work, owner_id, place=place, lines=lines, learn_in=learn_in)

    async def move_all(self, work: Work, *, from_id: int, to_id: int) -> None:
        """Give all of one member's memories to another; call `settle` after the commit."""
        await forgetting.move_all(work, from_id=from_id, to_id=to_id)

    async def settle(self, *, from_id: int, to_id: int, only: Sequence[int] | None = None) -> None:
        """Let the index follow a committed `move_all`, or what `parting` gave back."""
        await self._ready()
        await forgetting.settle(self._shelf, from_id=from_id, to_id=to_id, only=only)

    async def vanish(self, owner_id: int) -> None:
        """Let the index follow a committed `forgetting.erase`, and search it; raises as that."""
        await self._ready()
        await forgetting.vanish(self._shelf, owner_id)
        self._let_go()

    async def due(self, *, limit: int = 50) -> list[int]:
        """The members whose talk has paused and was not learned from."""
        return await learning.due(self._shelf, limit=limit)

    async def unlearned(self, owner_id: int) -> Heard | None:
        """What the owner said since the last time that something was learned."""
        return await learning.unlearned(self._shelf, owner_id)

    async def learn(self, owner_id: int, claims: Sequence[Claim], *, heard: Heard | None) -> int:
        """Remember what the owner said of themselves; returns how many memories came of it."""
        if claims:
            await self._ready()
        return await learning.learn(self._shelf, owner_id, claims, heard=heard)

    async def used(self, work: Work, owner_id: int, memory_ids: Sequence[int]) -> None:
        """Note that these of the owner's memories served an answer: what is used fades less."""
        await fading.used(work, owner_id, memory_ids)

    async def recount(self, owner_id: int, claims: Sequence[Claim]) -> int:
        """Let what is counted of the owner be these claims; returns how many memories changed."""
        changed = await counting.recount(self._shelf, owner_id, claims)
        if changed and self._warm:
            await counting.give_vectors(self._shelf, owner_id)
        return changed

    async def in_slot(self, owner_id: int, slot: str) -> list[int]:
        """The numbers of the owner's active memories that answer this slot ("home")."""
        return await learning.in_slot(self._shelf, owner_id, slot)

    async def _follow(self, memory_id: int) -> None:
        """Give what is new its vector, when the index is open; else it gets it when it is."""
        if self._warm:
            try:
                await index_some(self._shelf)
            except Unavailable:
                logger.warning("memory_waits_for_its_vector", memory_id=memory_id, exc_info=True)

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
