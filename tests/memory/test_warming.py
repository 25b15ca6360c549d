import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import update
from sqlmodel import col, select

from feed_core.errors import ConfigurationError
from feed_core.models.memories import Memory
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.index_folder import MARKER
from memory.remembering import Memories
from tests.memory.conftest import MakeMember

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.models import members
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.remembering import Memories

class Dying(Embedder):
    def vectors(self, texts):
        os.kill(os.getpid(), signal.SIGKILL)

async def main(home, owner_id):
    store = Store(home / "jamfeed.db", SystemClock(), Bus())
    dying = Dying()
    memories = Memories(store, Index(home / "index", embedder=dying.name, dimension=384), dying)
    await memories.warm()
    await memories.remember(owner_id, "peanuts make me ill", source="t")

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


class Waiting(Embedder):
    """An embedder that is loaded when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.allowed = asyncio.Event()
        self.loads = 0
        self._loop = asyncio.get_running_loop()

    def load(self) -> None:
        if self.loads == 0:
            self._loop.call_soon_threadsafe(self.asked.set)
            asyncio.run_coroutine_threadsafe(self.allowed.wait(), self._loop).result(timeout=30)
        self.loads += 1
        super().load()


async def unindexed(store: Store) -> list[int | None]:
    async with store.read() as view:
        return list((await view.db.exec(select(Memory.id).where(~col(Memory.indexed)))).all())


async def test_a_memory_whose_process_was_killed_gets_its_vector_later(
    memories: Memories, join: MakeMember, index: Index, store: Store, tmp_path: Path
) -> None:
    ana = await join()
    dead = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(ana)], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert len(await unindexed(store)) == 1

    await memories.warm()

    assert await unindexed(store) == []
    assert await index.census() == {0: 1}
    found = await memories.recall(ana, "food allergies")
    assert [it.memory.text for it in found] == ["peanuts make me ill"]


async def test_what_comes_before_all_is_loaded_waits_for_it(
    store: Store, index: Index, join: MakeMember
) -> None:
    embedder = Waiting()
    memories = Memories(store, index, embedder)
    ana = await join()
    warming = asyncio.create_task(memories.warm())
    async with asyncio.timeout(30):
        await embedder.asked.wait()
        kept = await memories.remember(ana, "I love haiku", source="t")  # needs no vector yet
        asked = [asyncio.create_task(memories.recall(ana, "poems")) for _ in range(3)]
        forgetting = asyncio.create_task(memories.forget(ana, 99))
        _, waiting = await asyncio.wait([*asked, forgetting, warming], timeout=0.05)
        assert len(waiting) == 5
        embedder.allowed.set()
        await warming
        for answer in asked:
            assert [it.memory for it in await answer] == [kept]
        with pytest.raises(Exception, match="memory_not_found"):
            await forgetting
    assert await unindexed(store) == []


async def test_a_waiter_that_gives_up_does_not_stop_the_others(
    store: Store, index: Index, join: MakeMember
) -> None:
    embedder = Waiting()
    memories = Memories(store, index, embedder)
    ana = await join()
    await memories.remember(ana, "I love haiku", source="t")
    first = asyncio.create_task(memories.recall(ana, "poems"))
    async with asyncio.timeout(30):
        await embedder.asked.wait()
        second = asyncio.create_task(memories.recall(ana, "poems"))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        embedder.allowed.set()
        assert len(await second) == 1


@pytest.mark.parametrize("lost", ["folder", "database", "some", "too many"])
async def test_an_index_that_lost_something_is_made_anew(
    store: Store, join: MakeMember, embedder: Embedder, tmp_path: Path, lost: str
) -> None:
    folder = tmp_path / "index"

    async def restarted() -> tuple[Index, Memories]:
        index = Index(folder, embedder=embedder.name, dimension=embedder.dimension)
        memories = Memories(store, index, embedder)
        await memories.warm()
        return index, memories

    index, memories = await restarted()
    ana = await join()
    for text in ("I love haiku", "I keep bees", "peanuts make me ill"):
        await memories.remember(ana, text, source="t")
    gone = (await memories.all(ana))[-1]
    if lost == "some":
        await index.remove(ana, [gone.id])
    await index.close()
    if lost == "folder":
        shutil.rmtree(folder)
    elif lost == "database":
        for file in folder.iterdir():
            if file.name != MARKER:
                shutil.rmtree(file) if file.is_dir() else file.unlink()
    elif lost == "too many":
        async with store.work() as work:
            await work.db.exec(
                update(Memory).where(col(Memory.id) == gone.id).values(indexed=False)
            )

    index, memories = await restarted()
    try:
        assert await index.census() == {0: 3}
        assert await unindexed(store) == []
        assert (await memories.recall(ana, "food allergies"))[0].memory.text.startswith("peanuts")
    finally:
        await index.close()


async def test_a_foreign_folder_stops_the_warming_with_a_sentence(
    store: Store, embedder: Embedder, tmp_path: Path, join: MakeMember
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "thesis.doc").write_text("years of work")
    index = Index(folder, embedder=embedder.name, dimension=embedder.dimension)
    memories = Memories(store, index, embedder)
    ana = await join()
    with pytest.raises(ConfigurationError):
        await memories.warm()
    kept = await memories.remember(ana, "rows are true without an index", source="t")
    with pytest.raises(ConfigurationError):
        await memories.recall(ana, "anything")
    assert await memories.all(ana) == [kept]
    assert [file.name for file in folder.iterdir()] == ["thesis.doc"]
    await index.close()


class Failing(Embedder):
    """An embedder whose next batch fails."""

    failures = 0

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.failures:
            self.failures -= 1
            raise MemoryError
        return super().vectors(texts)


async def test_a_batch_that_failed_is_made_by_the_next_round(
    store: Store, index: Index, join: MakeMember
) -> None:
    embedder = Failing()
    memories = Memories(store, index, embedder)
    ana = await join()
    await memories.warm()
    embedder.failures = 1
    with pytest.raises(MemoryError):
        await memories.remember(ana, "I love haiku", source="t")
    assert len(await unindexed(store)) == 1
    await memories.remember(ana, "I keep bees", source="t")
    assert await unindexed(store) == []
    assert await index.census() == {0: 2}
