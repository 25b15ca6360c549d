from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.events import EventsMissed
from feed_core.models.creations import Creation
from feed_core.services import publishing
from feed_core.store import Store
from memory.embedding import Embedder
from memory.meaning_apart import MeaningApart
from tests.fakes.community import join
from tests.feed_core.pieces import put


@pytest.fixture
async def store(place: Place, bus: Bus) -> AsyncIterator[Store]:
    opened = Store(place, SystemClock(), bus)
    yield opened
    await opened.close()


@pytest.fixture
async def two(
    store: Store, bus: Bus, tmp_path: Path, embedder: Embedder
) -> AsyncIterator[tuple[MeaningApart, MeaningApart]]:
    """Two that share a database and nothing else; only the first is told what happens."""
    first = MeaningApart(store, tmp_path / "first", embedder)
    second = MeaningApart(store, tmp_path / "second", embedder, like=tmp_path / "first")
    bus.subscribe(first.hear)
    yield first, second
    await first.close()
    await second.close()


async def found(meaning: MeaningApart, words: str) -> list[int]:
    return list(await meaning.near(await meaning.of_words(words), k=9))


async def test_each_file_follows_the_database_by_itself(
    two: tuple[MeaningApart, MeaningApart], store: Store
) -> None:
    first, second = two
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana, "Rain on a tin roof")
    assert await first.catch_up() == 1
    assert await second.catch_up() == 0  # it began as a copy of the first
    assert await found(second, "a storm") == await found(first, "a storm") == [rain]

    cat = await put(store, ana, "My cat sleeps all day")
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=rain, member_id=ana)
    assert await first.catch_up() == 2
    assert await found(first, "a storm") == [cat]
    assert await second.catch_up() == 0  # nobody told it
    await second.hear(EventsMissed())
    await second.catch_up()
    assert await found(second, "a storm") == [cat]
    async with store.read() as view:
        assert set((await view.db.exec(select(Creation.vector_hash))).all()) == {""}
