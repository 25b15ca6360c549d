"""What digests ask of a model: one summary of a thread for all, and none without news."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from agents.compose import Composer
from agents.gisting import WORTH
from agents.model import Chain
from agents.spending import Ledger
from agents.writing import ModelWriter
from benchmarks.digest_claiming import HOUR
from bridges.status import lines
from feed_core.bus import Bus
from feed_core.holding import AdvisoryLocks
from feed_core.models.digests import Digest, DigestEntry, Section
from feed_core.models.ledger import ModelCall
from feed_core.models.reactions import Comment
from feed_core.services import digest_batch, digest_claims, digests
from feed_core.services.live import Live
from feed_core.services.standing import standing
from feed_core.states import DigestState
from feed_core.store import Store
from tests.agents.thinking import STUB
from tests.agents.world import PROFILE
from tests.fakes.bustle import bustle
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join, publish
from tests.fakes.meaning import FirstWords
from tests.fakes.openai import FakeOpenAI, Reply
from tests.postgres import Postgres

READ = {"gist": "They talk about rain.", "points": [], "questions": [], "voices": []}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(HOUR - timedelta(hours=1))


@pytest.fixture
async def making(store: Store, fake: FakeOpenAI) -> AsyncIterator[Composer]:
    chain = Chain([STUB])
    fake.script = lambda _: Reply(json.dumps(READ), usage=(300, 20))
    yield Composer(
        store, Live(store, FirstWords(store)), ModelWriter(chain, Ledger(store, PROFILE))
    )
    await chain.close()


async def due(store: Store, clock: FixedClock) -> list[int]:
    clock.go_to(HOUR + timedelta(minutes=1))
    async with store.work() as work:
        await digest_claims.claim_due(work)
    async with store.read() as view:
        return await digests.uncomposed(view)


async def test_a_thread_is_read_once_for_all_whose_digest_needs_it(
    store: Store, clock: FixedClock, fake: FakeOpenAI, making: Composer
) -> None:
    await bustle(store, seed=11, members=10, pieces=30)
    ids = await due(store, clock)

    for batch in digest_batch.batches(ids):
        await making.compose_batch(batch)

    async with store.read() as view:
        found = await view.db.exec(
            select(DigestEntry.creation_id, DigestEntry.gist_key)
            .join(Digest, col(Digest.id) == col(DigestEntry.digest_id))
            .where(Digest.state == DigestState.COMPOSED, DigestEntry.section == Section.THREADS)
        )
        needed = Counter(it for it in found.all() if it[1])
        calls = list(await view.db.exec(select(ModelCall)))
        told = lines(await standing(view), now=view.now)[-1]
    assert max(needed.values()) > 1
    assert len({thread for thread, _ in needed}) == len(needed) == len(fake.requests) == len(calls)
    assert {it.purpose for it in calls} == {"digest"}
    assert f"{len(calls)} calls, {320 * len(calls):,} tokens" in told

    clock.go_on(timedelta(days=1))
    fake.requests.clear()
    for batch in digest_batch.batches(await due(store, clock)):
        await making.compose_batch(batch)
    assert fake.requests == []  # nothing moved since then, so no digest tells of a thread


async def test_so_it_is_where_several_processes_compose(
    postgres: Postgres, bus: Bus, clock: FixedClock, fake: FakeOpenAI
) -> None:
    place, chain = postgres.url(postgres.migrated()), Chain([STUB])
    fake.script = lambda _: Reply(json.dumps(READ), pause=0.3)
    stores = [Store(place, clock, bus) for _ in range(2)]
    names = [AdvisoryLocks(place) for _ in stores]
    both = [
        Composer(
            it,
            Live(it, FirstWords(it)),
            ModelWriter(chain, Ledger(it, PROFILE)),
            names=some,
        )
        for it, some in zip(stores, names, strict=True)
    ]
    try:
        await bustle(stores[0], seed=11, members=30, pieces=30)
        ids = await due(stores[0], clock)
        await asyncio.gather(
            *(making.compose(it) for at, making in enumerate(both) for it in ids[at::2])
        )
        async with stores[0].read() as view:
            needed = Counter(
                await view.db.exec(
                    select(DigestEntry.creation_id).where(DigestEntry.gist_key != "")
                )
            )
    finally:
        await chain.close()
        for store, some in zip(stores, names, strict=True):
            await some.close()
            await store.close()
    assert max(needed.values()) > 1
    assert len(fake.requests) == len(needed)


async def test_a_digest_without_a_thread_that_moved_asks_no_model(
    store: Store, clock: FixedClock, fake: FakeOpenAI, making: Composer
) -> None:
    ana, account = await join(store, "ana")
    ben, _ = await join(store, "ben")
    hour = await daily(store, ana, account)
    piece = await publish(store, ben, "Rain on the tin roof")
    async with store.work() as work:
        work.db.add_all(
            Comment(creation_id=piece, author_id=ben, body="like a drum", created_at=work.now)
            for _ in range(WORTH)
        )
    clock.go_to(hour)
    async with store.work() as work:
        await digest_claims.claim_due(work)

    await making.compose(1)

    async with store.read() as view:
        assert (await digests.get(view, 1)).state is DigestState.COMPOSED
    assert fake.requests == []
