"""Puts all parts together; the only place that picks implementations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from agents import counting, profile
from agents.acts.listing import all_acts
from agents.compose import Composer
from agents.desk import Desk
from agents.interpreting import WordsToCall
from agents.learner import Learner
from agents.mediating import offer_where_it_derails
from agents.model import OFFLINE, Chain, chosen
from agents.ordering import Orders
from agents.own_data import OwnData
from agents.picturing import ModelPainter
from agents.policy import gate
from agents.profile import Profile
from agents.readings import Readings
from agents.recapping import Recapper
from agents.router import Router
from agents.spending import Ledger
from agents.talk import Talk
from agents.tone import Tone
from agents.transcribing import ModelTranscriber
from agents.turn import Parts
from agents.writing import ModelWriter
from bridges.admission import Admission
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from bridges.faces import read_line
from bridges.folder import CHROMA, MEDIA
from bridges.inbox import Inbox
from bridges.metering import Meters
from bridges.pace import PACES
from bridges.settings import Settings
from bridges.sharing import Shared, sharing
from feed_core import shelving
from feed_core.bus import Bus
from feed_core.clock import Clock, SystemClock
from feed_core.errors import Unavailable
from feed_core.media import MediaShelf
from feed_core.porting import importing
from feed_core.services import link_journal, shown_cards, tallies
from feed_core.services.live import Live
from feed_core.store import Store
from memory import heap
from memory.embedding import Embedder
from memory.index import Index
from memory.meaning import Meaning
from memory.meaning_apart import MeaningApart
from memory.remembering import Memories

logger = structlog.get_logger(__name__)

WORKFLOWS = "durable.db"
LATELY = timedelta(hours=2)  # longer than the hour between two counts
COUNTED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class App:
    """One Jamfeed, open in its data folder."""

    settings: Settings
    profile: Profile
    chain: Chain
    bus: Bus
    parts: Parts
    desk: Desk
    talk: Talk
    inbox: Inbox
    durable: Durable
    learner: Learner
    recapper: Recapper
    orders: Orders
    meters: Meters
    shared: Shared

    @property
    def store(self) -> Store:
        """The database."""
        return self.parts.store

    async def warm(self) -> None:
        """Load what the first answers would otherwise wait for; what comes meanwhile waits.

        Raises:
            ConfigurationError: embedder, index, model or workflow file cannot be used.
        """
        try:
            await self.parts.memories.warm()
        except Unavailable:  # a Chroma server that is not there yet: words alone recall till then
            logger.warning("started_without_memory_index", exc_info=True)
        await self.talk.warm()
        await self.durable.launch()
        await self.parts.meaning.open()
        await asyncio.to_thread(heap.give_back)

    async def follow(self) -> None:
        """Offer a mediator where a talk derails; let an open index of meaning follow creations."""
        await self.mediate()
        await self.keep_up()

    async def mediate(self) -> None:
        """Offer a mediator where a talk derails."""
        await offer_where_it_derails(self.parts.store, self.parts.tone)

    async def keep_up(self) -> None:
        """Let an open index of meaning follow creations: what each process does for itself."""
        if self.parts.meaning.ready:
            await self.parts.meaning.catch_up()

    async def learn(self) -> None:
        """Learn from talks that have paused, and fold those that grew."""
        await self.recapper.recap_due()
        await self.learn_due()

    async def learn_due(self) -> None:
        """Learn from talks that have paused: at once by rules, durably where a model is asked."""
        if self.chain.models or self.shared.name:
            await self.durable.enqueue(Kind.LEARNING, await self.parts.memories.due())
        else:
            await self.learner.learn_due()

    async def sweep(self) -> None:
        """Throw away the files that nothing shows any more, and end what a stop left half-done."""
        await shelving.mend(self.parts.store, self.parts.media)
        await shelving.sweep(self.parts.store, self.parts.media)
        async with self.store.work() as work:
            await shown_cards.forget(work)
            await link_journal.forget(work)
        await self.recount()

    async def recount(self) -> None:
        """Count anew what those like and did who reacted or published lately."""
        async with self.store.read() as view:
            active = await tallies.active(view, within=LATELY, limit=COUNTED_AT_ONCE)
        for member_id in active:
            await counting.recount(self.store, self.parts.memories, member_id)


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock | None = None, *, works: bool = False
) -> AsyncIterator[App]:
    """Open data folder and database and join all parts; closes them again in the opposite order.

    Where there may be several processes, it `works` on what they put into the queue, or not.

    Raises:
        ConfigurationError: a setting, `agents.yaml`, data folder or database cannot be used.
        FolderInUse: another Jamfeed has the folder open.
        ImportUnfinished: the feed is not whole.
        Unavailable: the database's server does not answer.
    """
    heap.settle()
    told = profile.read(settings.agents)
    chain = Chain(chosen(told.models, settings.model, settings.keys))
    time, bus, meters = clock or SystemClock(), Bus(), Meters()
    bus.subscribe(meters.hear)
    async with sharing(settings, time, bus) as shared:
        home, place = shared.home, shared.place
        store = Store(place, time, bus, name=shared.name)
        embedder = Embedder()
        index = Index(
            settings.chroma_url or home / CHROMA,
            embedder=embedder.name,
            dimension=embedder.dimension,
        )
        await asyncio.to_thread(index.check)
        meaning = Meaning(store, shared.vectors, embedder)
        if shared.name:
            meaning = MeaningApart(store, shared.vectors, embedder, like=shared.like)
            bus.subscribe(meaning.hear)
        live = Live(store, meaning)
        bus.subscribe(live.hear)
        ledger = Ledger(store, told)
        pictures = told.pictures and settings.model != OFFLINE
        speech = told.speech and settings.model != OFFLINE
        memories = Memories(store, index, embedder)
        bus.subscribe(memories.notice)
        writer = ModelWriter(chain, ledger) if chain.models else None
        learner = Learner(store, memories, writer)
        composer = Composer(store, live, writer, names=shared.names)
        readings = Readings(store, writer) if writer else None
        media = MediaShelf(home / MEDIA)
        own_data = OwnData(store, media, memories)
        durable = Durable(
            home / WORKFLOWS if isinstance(place, Path) else place,
            {
                Kind.DIGEST: meters.timed("compose", composer.compose),
                Kind.DIGESTS: meters.timed("compose_batch", composer.compose_batch),
                Kind.LEARNING: meters.timed("learn", learner.learn),
                Kind.EXPORT: own_data.export,
                Kind.ERASE: own_data.erase,
                **({Kind.SUMMARY: readings.read} if readings else {}),
            },
            names=shared.names,
            works=works or not shared.name,
            models=bool(chain.models),
        )
        if readings:
            readings.durably = durable.read
        own_data.exports = partial(durable.see_done, Kind.EXPORT)
        own_data.erases = partial(durable.see_done, Kind.ERASE)
        desk = Desk(all_acts())
        router = Router(desk.acts, embedder)
        parts = Parts(
            store=store,
            media=media,
            memories=memories,
            meaning=meaning,
            profile=told,
            check=gate(told.moderation, store),
            digester=durable,
            live=live,
            own_data=own_data,
            learner=learner,
            tone=Tone(embedder),
            writer=writer,
            readings=readings,
            painter=ModelPainter(told.pictures, ledger) if pictures else None,
            transcriber=ModelTranscriber(told.speech, ledger) if speech else None,
            interpreter=WordsToCall(desk.acts, router, read_line),
            models=[it.name for it in chain.models],
            paces={platform: it.per_second for platform, it in PACES.items()},
        )
        recapper = Recapper(store, parts.recaps, writer)
        memories.caches.append(router.forget)
        talk = Talk(desk, router, chain, ledger)
        inbox = Inbox(parts, desk, talk, Admission(told), bus)
        try:
            async with store.read() as view:
                await importing.require_none(view)
            yield App(
                settings,
                told,
                chain,
                bus,
                parts,
                desk,
                talk,
                inbox,
                durable,
                learner,
                recapper,
                Orders(desk, parts),
                meters,
                shared,
            )
        finally:
            await learner.close()
            await chain.close()
            await durable.close()
            await live.close()
            await meaning.close()
            await index.close()
            await store.close()
