"""Digests of a whole town: chosen in batches, composed as workflows, and put into the outbox."""

import asyncio
import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlmodel import func, select

from agents.compose import Composer
from agents.model import Chain
from agents.profile import Model, Persona, Profile
from agents.spending import Ledger
from agents.writing import ModelWriter
from benchmarks.digest_claiming import people
from benchmarks.figures import Figures, anonymous_mb
from benchmarks.filling import NOW
from benchmarks.synthetic import Synthetic
from bridges.clockwork import TICK, Clockwork
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.holding import holding
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, Length, Section
from feed_core.models.ledger import ModelCall
from feed_core.services import personal_many, portrait
from feed_core.services.digest_batch import SIZE
from feed_core.services.digest_choice import BACK, MOST
from feed_core.services.diversity import compose
from feed_core.services.live import Live
from feed_core.services.personal import CHOICE, seed_of
from feed_core.services.personal_many import Wish
from feed_core.services.sight import Reader
from feed_core.states import DigestState
from feed_core.store import Store
from tests.fakes.community import Pass
from tests.fakes.openai import FakeOpenAI, Reply

HOUR = NOW.replace(second=0, microsecond=0) + timedelta(hours=1)
RANKED = 1_024  # members
WITHIN = 180.0  # seconds, for 10,000
READ = {"gist": "They talk about it.", "points": [], "questions": [], "voices": []}


class Going:
    """A clock that goes on from a moment of its own."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        """Now, there."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


async def measure(place: Place, folder: Path, figures: Figures, members: int) -> None:
    """Figures of ranking, and of everybody's digest from its hour to the outbox."""
    town = np.load(folder / "topics.npy")
    early = Store(place, Going(HOUR - timedelta(hours=2)), Bus())
    await people(early, range(1, members + 1), hour=HOUR, members=False)
    await early.close()
    store = Store(place, Going(HOUR + timedelta(minutes=1)), Bus())
    live = Live(store, Synthetic(town))
    fake = FakeOpenAI()
    fake.script = lambda _: Reply(json.dumps(READ))
    try:
        await ranking(store, live, figures, min(members, RANKED))
        async with fake.serving() as url:
            os.environ |= {"OPENAI_API_KEY": "any", "OPENAI_BASE_URL": f"{url}/v1"}
            await making(store, live, place, folder, figures, members)
    finally:
        await live.close()
        await store.close()


async def ranking(store: Store, live: Live, figures: Figures, members: int) -> None:
    """What it takes to rank for each member of a batch; their portraits are read before."""
    window, most = await live.window(), MOST[Length.USUAL][Section.FOR_YOU]
    took = 0.0
    for first in range(1, members + 1, SIZE):
        numbers = range(first, min(first + SIZE, members + 1))
        async with store.read() as view:
            drawn = await portrait.of_many(view, [*map(Reader, numbers)], album=window.album)
            wishes = [Wish(it, HOUR - BACK, (), most) for it in numbers]
            began = time.process_time()
            mixes = personal_many.ranked(view, window, wishes, drawn)
            for it, mix in zip(drawn, mixes, strict=True):
                compose(mix.pool, CHOICE, k=most, seed=seed_of(it))
            took += time.process_time() - began
    figures.tell("creations of a week to rank", float(len(mixes[0].pool.ids)), "")
    figures.tell("ranking for one of a batch, CPU", took / members * 1000, "ms", limit=1)


async def making(
    store: Store, live: Live, place: Place, folder: Path, figures: Figures, members: int
) -> None:
    """All that are due at once, with a model that answers at once."""
    model = Model(name="openai:stub")
    chain, names = Chain([model]), holding(place)
    ledger = Ledger(
        store, Profile(personas={"guide": Persona(name="Guide", voice="Brief.")}, models=(model,))
    )
    composer = Composer(store, live, ModelWriter(chain, ledger), names=names)
    work: Place = folder / f"{figures.database}-work.db" if isinstance(place, Path) else place
    durable = Durable(work, {Kind.DIGESTS: composer.compose_batch}, names=names)
    clockwork = Clockwork(store, Pass(), durable, lambda: None, _nothing, _nothing)
    await durable.launch()
    memory: list[float] = []
    began, worked = time.perf_counter(), time.process_time()
    try:
        while (left := await uncomposed(store, members)) > 0:
            if left < 0.9 * members:
                memory.append(anonymous_mb())
            await asyncio.gather(clockwork.tick(), asyncio.sleep(TICK))
    finally:
        took, cpu = time.perf_counter() - began, time.process_time() - worked
        await durable.close()
        await names.close()
        await chain.close()
    figures.tell("digests composed and in the outbox", members, "")
    limit = WITHIN * members / 10_000
    figures.tell("composing all of them, with a model that answers at once", took, "s", limit=limit)
    figures.tell("composing one, CPU", cpu / members * 1000, "ms")
    if memory:
        figures.tell("memory while composing, of that at a tenth", memory[-1] / memory[0], "times")
    await told(store, figures)


async def told(store: Store, figures: Figures) -> None:
    """What there is at the end: each digest once, and what models read for them."""
    async with store.read() as view:
        made = await view.db.exec(
            select(func.count()).select_from(Digest).where(Digest.state == DigestState.COMPOSED)
        )
        owed = await view.db.exec(
            select(func.count(), func.count(func.distinct(Delivery.subject_id)))
        )
        calls = await view.db.exec(select(func.count()).select_from(ModelCall))
        deliveries, subjects = owed.one()
    figures.tell("owed of those with something in them", deliveries / made.one(), "of all")
    figures.tell("owed twice", deliveries - subjects, "", limit=0)
    figures.tell("model calls for all of them", calls.one(), "")


async def uncomposed(store: Store, members: int) -> int:
    """How many are still to be made, claimed or not."""
    async with store.read() as view:
        made = await view.db.exec(
            select(func.count()).select_from(Digest).where(Digest.state != DigestState.DUE)
        )
    return members - made.one()


async def _nothing() -> None:
    """Follows nothing."""
