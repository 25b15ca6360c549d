"""Composes digests: chooses, has threads read where a model does, and writes it down."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from agents.gisting import Gists
from agents.turn import Writer
from feed_core.because import Because
from feed_core.errors import Unavailable
from feed_core.holding import Alone, Holding
from feed_core.models.digests import Digest, Section
from feed_core.services import (
    digest_batch,
    digest_choice,
    digest_contents,
    digest_writing,
    digests,
    members,
    timeline,
)
from feed_core.services.digest_choice import Chosen
from feed_core.services.live import Live
from feed_core.services.sight import Reader
from feed_core.services.window import Window
from feed_core.states import DigestState
from feed_core.store import Store, View

logger = structlog.get_logger(__name__)

OWN = 3


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a digest would hold; `more`: it tells something besides; `paused`: no model may help.

    `moved` is when something last happened to each of its threads, in seconds since 1970.
    """

    digest: Digest
    chosen: Sequence[Chosen]
    more: bool
    paused: bool
    moved: Mapping[int, float]


class Composer:
    """Composes digests; what a model makes of a thread is shared by all whose digest needs it.

    Digests of a batch are chosen together and written down in one transaction: candidates, scores
    and statements are shared, and each is what it were alone.
    """

    def __init__(
        self,
        store: Store,
        live: Live,
        writer: Writer | None = None,
        *,
        names: Holding | None = None,
    ) -> None:
        """`names` are what processes hold of which each composes."""
        self._store, self._live = store, live
        self._gists = Gists(store, writer, names or Alone()) if writer is not None else None

    async def compose(self, digest_id: int) -> None:
        """Choose what stands in a digest and write it down; a second time changes nothing."""
        await self._compose([digest_id])

    async def compose_batch(self, batch: int) -> None:
        """Compose what is due of a batch; where that fails, each alone.

        So none fails for another's sake. Raises what the first that failed alone did.
        """
        async with self._store.read() as view:
            digest_ids = await digest_batch.due(view, batch)
        try:
            await self._compose(digest_ids)
            return
        except Unavailable:
            raise
        except Exception:
            logger.exception("not_composed_together", batch=batch)
        failed: list[Exception] = []
        for it in digest_ids:
            try:
                await self._compose([it])
            except Exception as error:  # noqa: BLE001  # raised when all had their turn
                failed.append(error)
        if failed:
            raise failed[0]

    async def _compose(self, digest_ids: Sequence[int]) -> None:
        choices = await self._choose(digest_ids)
        due = [it for it in choices if it.digest.state is DigestState.DUE]
        read = await asyncio.gather(*map(self._read, due))
        if due:
            await self._write(
                [replace(it, chosen=chosen) for it, chosen in zip(due, read, strict=True)]
            )

    async def _choose(self, digest_ids: Sequence[int]) -> list[_Choice]:
        window = await self._live.window()
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
            more = {
                it.id
                for it in rows
                if (it in others or it.member_id in busy) and await tells_more(view, it)
            }
            for it in others:
                chosen[it.id or 0] = await chosen_for(view, it, window)
        return [
            _Choice(
                digest=it,
                chosen=chosen[it.id or 0],
                more=it.id in more,
                paused=it.member_id in paused,
                moved=_moved(window, chosen[it.id or 0]),
            )
            for it in rows
        ]

    async def _write(self, choices: Sequence[_Choice]) -> None:
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

    async def _read(self, choice: _Choice) -> list[Chosen]:
        """What was chosen, with the gists of the threads among it."""
        if self._gists is None or choice.paused:
            return list(choice.chosen)
        who = choice.digest.member_id
        return [
            replace(
                it,
                gist_key=await self._gists.key(
                    it.creation_id, payer_id=who, moved=choice.moved.get(it.creation_id)
                ),
            )
            if it.section is Section.THREADS
            else it
            for it in choice.chosen
        ]


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


def _moved(window: Window, chosen: Sequence[Chosen]) -> dict[int, float]:
    """When something last happened to the threads among these, as far as the window knows."""
    numbers = [it.creation_id for it in chosen if it.section is Section.THREADS]
    at = window.here(numbers)
    return dict(zip(window.ids[at].tolist(), window.moved[at].tolist(), strict=True))
