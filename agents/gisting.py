"""What a model makes of a thread for digests: read once, shared by all whose digest needs it."""

import asyncio
from weakref import WeakValueDictionary

import structlog

from agents.passages import Passage, passages
from agents.summarize import Reading, read_thread
from agents.turn import Writer
from feed_core.errors import Refusal, Unavailable
from feed_core.holding import Holding, held
from feed_core.services import members, threads
from feed_core.services.digest_choice import NOBODY
from feed_core.services.ledger import DIGEST, BudgetSpent
from feed_core.services.sight import Reader
from feed_core.store import Store, View

READ = 500  # comments and remixes of one thread
WORTH = 4  # texts from which on a thread is summed up; of fewer the last one says as much
KEPT = 5_000  # threads

logger = structlog.get_logger(__name__)


class Gists:
    """The keys of threads' gists, each made by one call however many members ask for it.

    A gist tells what everybody may see of a thread; what its reader alone sees there is not in it.
    """

    def __init__(self, store: Store, writer: Writer, names: Holding) -> None:
        self._store, self._writer, self._names = store, writer, names
        self._reading: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._known: dict[int, tuple[float, str]] = {}

    async def key(self, creation_id: int, *, payer_id: int, moved: float | None) -> str:
        """The key of a thread's gist, "" where it needs none or nobody read it.

        `payer_id` pays where a model has to read; `moved` is when something last happened to the
        thread, by which is told whether what was read last still holds; None reads it anew.
        """
        lock = self._reading.setdefault(creation_id, asyncio.Lock())
        async with lock:  # who comes second finds what the first one's call has made
            known = self._known.get(creation_id)
            if known is not None and known[0] == moved:
                return known[1]
            try:
                async with held(self._names, f"gist:{creation_id}"):  # by this process of several
                    key = await self._read(creation_id, payer_id)
            except (Unavailable, BudgetSpent, Refusal) as error:
                logger.info("thread_not_read", creation_id=creation_id, code=error.code)
                return ""
            if moved is not None:
                if len(self._known) >= KEPT:
                    self._known.clear()
                self._known[creation_id] = moved, key
            return key

    async def _read(self, creation_id: int, payer_id: int) -> str:
        async with self._store.read() as view:
            said = await said_in(view, creation_id, Reader(NOBODY))
        if len(said) < WORTH:
            return ""
        reading = Reading.of_thread(
            self._store, self._writer, said, Reader(payer_id), background=True, purpose=DIGEST
        )
        key, _ = await read_thread(reading, said)
        return key


async def said_in(
    view: View, creation_id: int, reader: Reader, *, limit: int = READ
) -> list[Passage]:
    """The first that was said and made in a thread, so many, as this reader may see it."""
    thread = await threads.whole(view, creation_id, reader=reader, limit=limit)
    return passages(thread, await members.names(view, thread.author_ids))
