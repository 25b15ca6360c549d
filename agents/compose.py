"""Composes digests: chooses, has threads read where a model does, and writes it down."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import structlog

from agents.passages import Passage, passages
from agents.summarize import Reading, read_thread
from agents.together import Together
from agents.turn import Writer
from feed_core.errors import JamfeedError, Refusal, Unavailable
from feed_core.models.digests import Digest, Section
from feed_core.services import (
    digest_batch,
    digest_choice,
    digest_contents,
    digest_writing,
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
from feed_core.states import DigestState
from feed_core.store import Store, View

OWN = 3
READ = 500  # comments and remixes of one thread
TOGETHER = 64  # digests
WORTH = 4  # texts from which on a thread is summed up; of fewer the last one says as much

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a digest would hold; `more`: it tells something besides; `paused`: no model may help."""

    digest: Digest
    chosen: Sequence[Chosen]
    more: bool
    paused: bool = False


class Composer:
    """Composes digests; what a model makes of a thread is shared by all whose digest needs it.

    Digests that are composed at about the same time are chosen together and written down in one
    transaction: candidates, scores and statements are shared, and each is what it were alone.
    """

    def __init__(self, store: Store, live: Live, writer: Writer | None = None) -> None:
        self._store, self._live, self._writer = store, live, writer
        self._choosing = Together(self._choose, TOGETHER)
        self._writing = Together(self._write, TOGETHER)
        self._reading: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def compose(self, digest_id: int) -> None:
        """Choose what stands in a digest and write it down; a second time changes nothing."""
        choice = await self._choosing.ask(digest_id)
        if choice.digest.state is DigestState.DUE:
            await self._writing.ask(replace(choice, chosen=await self._read(choice)))

    async def _choose(self, digest_ids: Sequence[int]) -> list[_Choice]:
        window = await self._live.window()
        found: dict[int | None, _Choice] = {}
        async with self._store.read() as view:
            rows = await digests.get_many(view, digest_ids)
            together, others = digest_batch.split(rows)
            after = await digest_batch.since(view, together)
            lengths = await digests.lengths(view, after)
            chosen = await digest_batch.choose(
                view, together, window=window, lengths=lengths, after=after
            )
            busy = await digest_contents.busy(view, after)
            paused = await members.paused(view, [it.member_id for it in rows])
            for it in together:
                more = it.member_id in busy and await tells_more(view, it)
                found[it.id] = _Choice(it, chosen[it.id or 0], more, it.member_id in paused)
            for it in others:
                alone = await chosen_for(view, it, window)
                more = await tells_more(view, it)
                found[it.id] = _Choice(it, alone, more, it.member_id in paused)
        return [found[it] for it in digest_ids]

    async def _write(self, choices: Sequence[_Choice]) -> list[None]:
        of = {it.digest.id: it for it in choices}
        together, others = digest_batch.split(it.digest for it in choices)
        async with self._store.work() as work:
            await digest_writing.compose(
                work,
                {it.id: of[it.id].chosen for it in together if it.id is not None},
                tells_more={it.id for it in together if it.id is not None and of[it.id].more},
            )
        for it in others:
            async with self._store.work() as work:
                choice = of[it.id]
                await digests.compose(work, it.id or 0, choice.chosen, tells_more=choice.more)
        return [None] * len(choices)

    async def _read(self, choice: _Choice) -> list[Chosen]:
        """What was chosen, with the gists of the threads among it."""
        if self._writer is None or choice.paused:
            return list(choice.chosen)
        reader = digest_choice.reader_of(choice.digest)
        return [
            replace(it, gist_key=await self._gist(self._writer, it.creation_id, reader))
            if it.section is Section.THREADS
            else it
            for it in choice.chosen
        ]

    async def _gist(self, writer: Writer, creation_id: int, reader: Reader) -> str:
        """The key of a thread's gist, "" where it needs none or nobody read it."""
        lock = self._reading.setdefault(creation_id, asyncio.Lock())
        async with lock:  # who comes second finds what the first one's call has made
            try:
                async with self._store.read() as view:
                    said = await said_in(view, creation_id, reader)
                if len(said) < WORTH:
                    return ""
                reading = Reading.of_thread(self._store, writer, said, reader, background=True)
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
