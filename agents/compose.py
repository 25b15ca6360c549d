"""Composes digests: chooses, has threads read where a model does, and writes it down."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

import structlog

from agents.passages import Passage, passages
from agents.summarize import Reading, read_thread
from agents.turn import Writer
from feed_core.errors import JamfeedError, Refusal, Unavailable
from feed_core.models.digests import Digest, Section
from feed_core.services import (
    digest_choice,
    digest_contents,
    digests,
    members,
    threads,
    timeline,
)
from feed_core.services.digest_choice import Chosen
from feed_core.services.ledger import BudgetSpent
from feed_core.services.live import Live
from feed_core.services.reasons import Because
from feed_core.services.sight import Reader
from feed_core.services.window import Window
from feed_core.store import Store, View

OWN = 3
READ = 500  # comments and remixes of one thread
WORTH = 4  # texts from which on a thread is summed up; of fewer the last one says as much

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes digests; what a model makes of a thread is shared by all whose digest needs it."""

    store: Store
    live: Live
    writer: Writer | None = None
    _reading: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def compose(self, digest_id: int) -> None:
        """Choose what stands in a digest and write it down; a second time changes nothing."""
        window = await self.live.window()
        async with self.store.read() as view:
            digest = await digests.get(view, digest_id)
            chosen = await chosen_for(view, digest, window)
            more = await tells_more(view, digest)
        chosen = await self._read(digest, chosen)
        async with self.store.work() as work:
            await digests.compose(work, digest_id, chosen, tells_more=more)

    async def _read(self, digest: Digest, chosen: Sequence[Chosen]) -> list[Chosen]:
        """The same, with the gists of the threads among them."""
        if self.writer is None or all(it.section is not Section.THREADS for it in chosen):
            return list(chosen)
        async with self.store.read() as view:
            paused = (await members.agent_settings(view, digest.member_id)).paused
        if paused:
            return list(chosen)
        reader = digest_choice.reader_of(digest)
        return [
            replace(it, gist_key=await self._gist(self.writer, it.creation_id, reader))
            if it.section is Section.THREADS
            else it
            for it in chosen
        ]

    async def _gist(self, writer: Writer, creation_id: int, reader: Reader) -> str:
        """The key of a thread's gist, "" where it needs none or nobody read it."""
        lock = self._reading.setdefault(creation_id, asyncio.Lock())
        async with lock:  # who comes second finds what the first one's call has made
            try:
                async with self.store.read() as view:
                    said = await said_in(view, creation_id, reader)
                if len(said) < WORTH:
                    return ""
                reading = Reading.of_thread(self.store, writer, said, reader, background=True)
                key, _ = await read_thread(reading, said)
            except (Unavailable, BudgetSpent, Refusal) as error:
                _note(creation_id, error)
                return ""
        return key


async def chosen_for(view: View, digest: Digest, window: Window) -> list[Chosen]:
    """What a digest would hold.

    One that was asked for shows what its member made themselves where there is nothing else.
    """
    told = await digests.settings(view, digest.member_id)
    chosen = await digest_choice.choose(view, digest, window=window, length=told.length)
    if not chosen and not digest.scheduled and not await tells_more(view, digest):
        own = await timeline.made_by(
            view, author_id=digest.member_id, reader=Reader(digest.member_id), limit=OWN
        )
        chosen = [
            Chosen(Section.FOR_YOU, it.creation.id or 0, replace(it.reason, kind=Because.OWN))
            for it in own
        ]
    return chosen


async def tells_more(view: View, digest: Digest) -> bool:
    """Whether a digest has something to tell besides creations."""
    after = await digest_choice.since(view, digest)
    found = await digest_contents.agents(view, digest, after=after, until=view.now)
    return not found.nothing


async def said_in(view: View, creation_id: int, reader: Reader) -> list[Passage]:
    """All that was said and made in a thread, as this reader may see it."""
    thread = await threads.whole(view, creation_id, reader=reader, limit=READ)
    return passages(thread, await members.names(view, thread.author_ids))


def _note(creation_id: int, error: JamfeedError) -> None:
    logger.info("thread_not_read", creation_id=creation_id, code=error.code)
