import ast
import asyncio
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import memory
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.errors import EmptyText, MemoryNotFound
from feed_core.migrating import migrate
from feed_core.models.members import Member
from feed_core.store import Store
from memory.claims import Claim
from memory.embedding import Embedder
from memory.index import Index
from memory.remembered import Remembered
from memory.remembering import Memories
from tests.memory.conftest import MakeMember

MEMBERS = 120  # two shards


@dataclass
class House:
    runner: asyncio.Runner
    memories: Memories
    store: Store
    index: Index
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
        yield House(runner, memories, store, index, {n: set() for n in range(1, MEMBERS + 1)})
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


changes = st.sampled_from(["fix", "restore", "learn", "recount", "history", "under", "used"])


@settings(max_examples=8, deadline=None)
@given(done=st.lists(st.tuples(owners, changes, st.integers(1, 4), texts), min_size=1, max_size=6))
def test_nothing_that_is_done_to_ones_own_memories_touches_or_shows_anothers(
    house: House, done: list[tuple[int, str, int, str]]
) -> None:
    memories = house.memories

    async def everything(owner_id: int) -> set[tuple[int, str, str]]:
        kept = [*await memories.all(owner_id, limit=500), *await memories.history(owner_id)]
        return {(it.id, it.text, it.state) for it in kept}

    async def change(owner_id: int, what: str, number: int, text: str) -> Sequence[Remembered]:
        claim = Claim.noted("fact", text, slot="home", replaces=number)
        match what:
            case "fix":
                return [(await memories.fix(owner_id, number, text, source="t")).now]
            case "restore":
                return [(await memories.restore(owner_id, number)).now]
            case "learn":
                await memories.learn(owner_id, [claim], heard=None)
            case "recount":
                await memories.recount(owner_id, [claim])
            case "history":
                return await memories.history(owner_id, number)
            case "under":
                return await memories.under(owner_id, ["topic:home", "kind:fact"])
            case _:
                found = await memories.all(owner_id, limit=1)
                async with house.store.work() as work:  # another names ids that are not theirs
                    await memories.used(
                        work, 1 if owner_id == 120 else 120, [it.id for it in found]
                    )
        return []

    async def play() -> None:
        for owner_id, what, number, text in done:
            others = [it for it in (1, 2, 3, 99, 100, 101, 120) if it != owner_id]
            before = [await everything(it) for it in others]
            with suppress(MemoryNotFound, EmptyText):
                shown = await change(owner_id, what, number, text)
                assert {it.id for it in shown} <= {it for it, _, _ in await everything(owner_id)}
            assert [await everything(it) for it in others] == before
            house.told[owner_id] = {it.text for it in await memories.all(owner_id, limit=500)}

    house.runner.run(play())


hostile = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1.0, "1", "1 OR 1=1", "", b"1", [], [1], (1,), {1}, {}),
        *({"$ne": -1}, {"$gt": 0}, {"$in": [1, 2]}, object(), float("nan"), 2**80),
    ]
)


@settings(max_examples=25, deadline=None)
@given(nobody=hostile, query=texts)
def test_whoever_is_nobody_is_told_nothing(house: House, nobody: Any, query: str) -> None:
    memories, index = house.memories, house.index
    vector = np.ones(384, dtype=np.float32) / np.sqrt(384)

    async def ask() -> None:
        for asked in (
            memories.all(nobody),
            memories.recall(nobody, query, k=50),
            memories.history(nobody),
            memories.history(nobody, 1),
            memories.under(nobody, ["kind:fact"]),
            memories.in_slot(nobody, "home"),
            memories.unlearned(nobody),
            memories.preferences(nobody),
            memories.fix(nobody, 1, "x", source="t"),
            memories.restore(nobody, 1),
            memories.forget(nobody, 1),
            memories.learn(nobody, [Claim.noted("fact", "x")], heard=None),
            memories.recount(nobody, [Claim.noted("fact", "x")]),
            index.vectors(nobody, [1, 2, 3]),
            index.nearest(nobody, vector, [1, 2, 3], k=10),
            index.remove(nobody, [1, 2, 3]),
            index.remove_owner(nobody),
        ):
            with pytest.raises(ValueError, match="owner"):
                await asked

    house.runner.run(ask())


def test_no_query_can_be_asked_without_an_owner(house: House) -> None:
    for method in ("all", "recall", "history", "under", "in_slot", "unlearned", "preferences"):
        with pytest.raises(TypeError):
            getattr(house.memories, method)()
    for method in ("vectors", "nearest", "remove", "remove_owner"):
        with pytest.raises(TypeError):
            getattr(house.index, method)()


def test_every_statement_about_memories_names_their_owner() -> None:
    """All but those that bring the index after the rows, which return no memory to anybody."""
    without = {"index_some", "compare", "copy", "_copy_shard"}
    for file in Path(memory.__path__[0]).glob("*.py"):
        for it in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef) and it.name not in without:
                text = ast.unparse(it)
                if re.search(r"(?:select|update|delete)\((?:func\.max\()?(?:col\()?Memory\b", text):
                    assert "owned" in text, f"{file.name}: {it.name}"


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
