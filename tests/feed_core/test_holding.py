"""What several processes hold and tell each other, on a PostgreSQL that comes and goes."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from feed_core.bus import Bus
from feed_core.events import CreationPublished, DeliveryOwed, Event, EventsMissed
from feed_core.holding import AdvisoryLocks, Alone, wait_for
from feed_core.relay import MOST, Relay, read, written
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.postgres import Postgres

PATIENT = 20.0  # seconds that no test should need


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    name = postgres.lend()
    yield postgres.url(name)
    postgres.take_back(name)


@pytest.fixture
async def two(database: str) -> AsyncIterator[tuple[AdvisoryLocks, AdvisoryLocks]]:
    first, second = AdvisoryLocks(database), AdvisoryLocks(database)
    yield first, second
    await first.close()
    await second.close()


async def test_a_name_is_held_by_one_and_waited_for_by_the_next(
    two: tuple[AdvisoryLocks, AdvisoryLocks],
) -> None:
    first, second = two
    held = await first.take("telegram")
    assert held is not None
    assert await first.take("telegram") is None
    assert await second.take("telegram") is None
    assert await second.take("discord") is not None

    async with asyncio.timeout(PATIENT):
        waiting = asyncio.create_task(wait_for(second, "telegram"))
        await first.release(held)
        taken = await waiting
    assert await first.take("telegram") is None

    await second.release(taken)
    assert await first.take("telegram", shared=True) is not None
    assert await second.take("telegram", shared=True) is not None
    assert await second.take("telegram") is None


async def test_the_names_of_a_process_that_is_gone_are_free(database: str) -> None:
    first, second = AdvisoryLocks(database), AdvisoryLocks(database)
    assert await first.take("telegram") is not None

    async with asyncio.timeout(PATIENT):
        waiting = asyncio.create_task(wait_for(second, "telegram"))
        await first.close()
        await waiting
    await second.close()


async def test_who_is_alone_holds_whatever_it_asks_for() -> None:
    assert await Alone().take("telegram") is not None


async def test_a_broken_connection_is_made_anew_and_what_was_lost_is_told(
    database: str, postgres: Postgres
) -> None:
    first, second = AdvisoryLocks(database), AdvisoryLocks(database)
    kept, lost = await first.take("kept"), await first.take("lost")
    assert kept is not None
    assert lost is not None
    told = asyncio.Event()
    await first.listen(lambda message: told.set() if message is None else None)
    async with asyncio.timeout(PATIENT):
        waiting = asyncio.create_task(wait_for(second, "lost"))
        async with first._one_at_a_time:  # so that it does not look before the other one has it
            postgres.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
            await waiting
        await told.wait()

    assert lost.lost.is_set()
    assert not kept.lost.is_set()
    assert await second.take("kept") is None
    await first.close()
    await second.close()


async def test_what_one_process_commits_the_others_are_told(
    database: str, clock: FixedClock
) -> None:
    here, there = Bus(), Bus()
    heard: asyncio.Queue[Event] = asyncio.Queue()
    there.subscribe(heard.put)
    own: list[Event] = []

    async def note(event: Event) -> None:
        own.append(event)

    here.subscribe(note)
    names = {bus: AdvisoryLocks(database) for bus in (here, there)}
    relays = {bus: Relay(bus, name) for bus, name in ((here, "here"), (there, "there"))}
    running = [asyncio.create_task(it.run()) for it in relays.values()]
    for bus, locks in names.items():
        await locks.listen(relays[bus].hear)
    store = Store(database, clock, here, name="here")
    published = [CreationPublished(it, 7) for it in range(MOST + 1)]

    async with asyncio.timeout(PATIENT):
        with pytest.raises(ZeroDivisionError):
            async with store.work() as work:
                work.record(DeliveryOwed(1))
                raise ZeroDivisionError
        async with store.work() as work:
            for it in published:
                work.record(it)
        told = [await heard.get() for _ in published]

    assert told == published == own
    for task in running:
        task.cancel()
    await store.close()
    for locks in names.values():
        await locks.close()


def test_what_another_version_tells_is_passed_over() -> None:
    known = written("there", [DeliveryOwed(1)])[0]

    assert read("here", known.replace("DeliveryOwed", "Invented")) == []
    assert read("here", known.replace("delivery_id", "invented")) == []
    assert read("here", known) == [DeliveryOwed(1)]
    assert read("there", known) == []
    assert read("here", None) == [EventsMissed()]
