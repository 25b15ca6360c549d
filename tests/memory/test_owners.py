import asyncio
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.errors import EmptyText, MemoryNotFound
from feed_core.migrating import migrate
from feed_core.models.members import Member
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.remembering import Memories
from tests.memory.conftest import MakeMember

MEMBERS = 120  # two shards


@dataclass
class House:
    runner: asyncio.Runner
    memories: Memories
    told: dict[int, set[str]]


@pytest.fixture(scope="module")
def house(embedder: Embedder) -> Iterator[House]:
    """One database for all examples: each new one comes to what the earlier ones left behind."""
    with tempfile.TemporaryDirectory() as home, asyncio.Runner() as runner:
        file = Path(home) / "jamfeed.db"
        migrate(file, now=datetime(2026, 1, 1, tzinfo=UTC))
        store = Store(file, SystemClock(), Bus())
        index = Index(Path(home) / "index", embedder=embedder.name, dimension=embedder.dimension)

        async def join() -> None:
            async with store.work() as work:
                work.db.add_all(Member(name="m", created_at=work.now) for _ in range(MEMBERS))

        runner.run(join())
        memories = Memories(store, index, embedder)
        runner.run(memories.warm())
        yield House(runner, memories, {n: set() for n in range(1, MEMBERS + 1)})
        runner.run(index.close())
        runner.run(store.close())


texts = st.one_of(
    st.sampled_from(["I love haiku", "I love rain", "my secret is tea", "haiku about rain"]),
    st.text(min_size=1, max_size=60),
)
owners = st.sampled_from([1, 2, 3, 99, 100, 101, 120])


@settings(max_examples=40, deadline=None)
@given(
    said=st.lists(st.tuples(owners, texts), max_size=6),
    asked=st.lists(st.tuples(owners, texts, st.integers(1, 60)), min_size=1, max_size=4),
    forgotten=st.lists(st.tuples(owners, st.integers(1, 6)), max_size=2),
)
def test_nobody_recalls_what_another_remembers(
    house: House,
    said: list[tuple[int, str]],
    asked: list[tuple[int, str, int]],
    forgotten: list[tuple[int, int]],
) -> None:
    async def play() -> None:
        ids: dict[int, int] = {}
        for owner_id, text in said:
            try:
                kept = await house.memories.remember(owner_id, text, source="t")
            except EmptyText:
                continue
            house.told[owner_id].add(kept.text)
            ids[kept.id] = owner_id
        gone: set[tuple[int, int]] = set()
        for owner_id, number in forgotten:
            try:
                lost = (await house.memories.forget(owner_id, number)).memory
            except MemoryNotFound:
                continue
            assert lost.text in house.told[owner_id]
            house.told[owner_id].discard(lost.text)
            gone.add((owner_id, lost.id))
        for owner_id, query, k in asked:
            found = await house.memories.recall(owner_id, query, k=k)
            assert {it.memory.text for it in found} <= house.told[owner_id]
            assert all(ids.get(it.memory.id, owner_id) == owner_id for it in found)
            assert not any((owner_id, it.memory.id) in gone for it in found)
            if query.strip():
                assert len(found) == min(k, 50, len(house.told[owner_id]))

    house.runner.run(play())


class Pausing(Embedder):
    """An embedder that stops in the middle of a recall until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.go_on = threading.Event()
        self._loop = asyncio.get_running_loop()

    def query_vector(self, text: str) -> NDArray[np.float32]:
        self._loop.call_soon_threadsafe(self.reached.set)
        assert self.go_on.wait(timeout=30)
        return super().query_vector(text)


async def test_a_row_that_becomes_anothers_during_a_recall_stays_with_them(
    store: Store, index: Index, join: MakeMember
) -> None:
    embedder = Pausing()
    memories = Memories(store, index, embedder)
    ana, ben = await join(), await join()
    await memories.warm()
    await memories.remember(ana, "I love haiku", source="t")
    async with asyncio.timeout(30):
        asked = asyncio.create_task(memories.recall(ana, "haiku"))
        await embedder.reached.wait()
        forgotten = (await memories.forget(ana, 1)).memory
        secret = await memories.remember(ben, "my secret is haiku", source="t")
        assert secret.id == forgotten.id  # SQLite gives the id of a deleted last row again
        embedder.go_on.set()
        assert await asked == []
