import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import col, select

from feed_core.errors import MemoryNotFound
from feed_core.models.memories import Memory
from feed_core.store import Store
from memory.index import Index
from memory.remembering import Memories
from tests.memory.conftest import MakeMember


async def test_what_is_forgotten_is_nowhere(
    memories: Memories, join: MakeMember, index: Index, store: Store, tmp_path: Path
) -> None:
    ana = await join()
    await memories.warm()
    kept = await memories.remember(ana, "I love haiku", source="t")
    secret = await memories.remember(ana, "my canary is called Zebedee", source="t")

    assert (await memories.forget(ana, secret.number)).memory == secret

    assert await memories.all(ana) == [kept]
    assert [it.memory for it in await memories.recall(ana, "Zebedee the canary", k=50)] == [kept]
    assert (await index.vectors(ana, [kept.id, secret.id])).keys() == {kept.id}
    assert await index.census() == {0: 1}
    await store.close()
    with closing(sqlite3.connect(tmp_path / "jamfeed.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(b"I love haiku" in file.read_bytes() for file in files)
    assert not any(b"Zebedee" in file.read_bytes() for file in files)


@pytest.mark.anywhere
async def test_only_ones_own_memory_can_be_forgotten(memories: Memories, join: MakeMember) -> None:
    ana, ben = await join(), await join()
    kept = await memories.remember(ana, "I love haiku", source="t")
    for owner_id, number in ((ben, 1), (ana, 2), (ana, 0), (ana, -1), (ana, 10**15)):
        with pytest.raises(MemoryNotFound) as caught:
            await memories.forget(owner_id, number)
        assert caught.value.number == number
    assert await memories.all(ana) == [kept]


@pytest.mark.anywhere
async def test_forgetting_twice_at_once_forgets_once(memories: Memories, join: MakeMember) -> None:
    ana = await join()
    await memories.remember(ana, "I love haiku", source="t")
    outcomes = await asyncio.gather(
        *(memories.forget(ana, 1) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, MemoryNotFound) for outcome in outcomes) == 3


@pytest.mark.anywhere
async def test_two_accounts_memories_become_one_members(
    memories: Memories, join: MakeMember, store: Store, index: Index
) -> None:
    ana, alias, ben = await join(), await join(), await join()
    await memories.warm()
    for text in ("I love haiku", "I keep bees"):
        await memories.remember(ana, text, source="discord")
    for text in ("i love  HAIKU", "I play drums", "peanuts make me ill"):
        await memories.remember(alias, text, source="telegram")
    await memories.remember(ben, "I like tea", source="t")

    async with store.work() as work:
        await memories.move_all(work, from_id=alias, to_id=ana)
    await memories.settle(from_id=alias, to_id=ana)

    found = {memory.text: memory.number for memory in await memories.all(ana)}
    assert found == {
        "I love haiku": 1,
        "I keep bees": 2,
        "I play drums": 3,
        "peanuts make me ill": 4,
    }
    assert await memories.all(alias) == []
    assert await memories.recall(alias, "haiku") == []
    assert (await memories.recall(ana, "food allergies"))[0].memory.number == 4
    assert await index.census() == {0: 5}
    async with store.read() as view:
        waiting = await view.db.exec(select(Memory.id).where(~col(Memory.indexed)))
        assert waiting.all() == []


@pytest.mark.anywhere
async def test_a_move_that_is_rolled_back_moves_nothing(
    memories: Memories, join: MakeMember, store: Store
) -> None:
    ana, alias = await join(), await join()
    kept = await memories.remember(alias, "I play drums", source="t")
    with pytest.raises(RuntimeError, match="no"):
        async with store.work() as work:
            await memories.move_all(work, from_id=alias, to_id=ana)
            raise RuntimeError("no")
    assert await memories.all(alias) == [kept]
    assert await memories.all(ana) == []
    async with store.work() as work:
        with pytest.raises(ValueError, match="that member"):
            await memories.move_all(work, from_id=ana, to_id=ana)
