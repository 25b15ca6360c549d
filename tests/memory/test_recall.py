import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from sqlmodel import col

from feed_core.errors import Unavailable
from feed_core.models.memories import Memory, MemoryState
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Entry, Index
from memory.remembering import Memories
from tests.memory.conftest import MakeMember

LIFE = [
    "I love haiku, most of all about rain",
    "My sister Ana lives in Lisbon",
    "I am allergic to peanuts",
    "I play the drums on Tuesdays",
    "My favourite colour is a dark green",
    "I wrote a poem about the gutter in March",
    "The password hint is my first bicycle",
]


@pytest.fixture
async def ana(memories: Memories, join: MakeMember) -> int:
    owner_id = await join()
    for text in LIFE:
        await memories.remember(owner_id, text, source="t")
    return owner_id


@pytest.mark.parametrize(
    ("query", "rank"),
    [
        ("what kind of poems do I like?", 0),
        ("where does Ana live", 1),
        ("is there any food I must not eat", 2),
        ("which instrument do I play", 3),
        ("COLOUR?", 4),
        ("bicycle", 6),
    ],
)
async def test_the_memory_that_fits_comes_first(
    memories: Memories, ana: int, query: str, rank: int
) -> None:
    found = await memories.recall(ana, query)
    assert found[0].memory.text == LIFE[rank]
    assert len(found) == 5
    assert [it.score for it in found] == sorted((it.score for it in found), reverse=True)


async def test_odd_queries_are_answered(memories: Memories, ana: int) -> None:
    assert await memories.recall(ana, " \n") == []
    assert await memories.recall(ana, "haiku", k=0) == []
    assert len(await memories.recall(ana, "haiku", k=1)) == 1
    assert len(await memories.recall(ana, "🌧️" * 50_000, k=1_000)) == len(LIFE)
    assert len(await memories.recall(ana, "\x00'; DROP TABLE memory; --")) == 5


async def test_a_member_without_memories_recalls_nothing(
    memories: Memories, ana: int, join: MakeMember
) -> None:
    assert await memories.recall(await join(), "haiku") == []


async def test_a_single_memory_is_recalled(memories: Memories, join: MakeMember) -> None:
    ben = await join()
    kept = await memories.remember(ben, "I keep bees", source="t")
    assert [found.memory for found in await memories.recall(ben, "rain")] == [kept]


async def test_superseded_memories_are_not_recalled(
    memories: Memories, ana: int, store: Store
) -> None:
    await memories.warm()
    async with store.work() as work:
        await work.db.exec(
            update(Memory).where(col(Memory.text) == LIFE[0]).values(state=MemoryState.SUPERSEDED)
        )
    found = await memories.recall(ana, "haiku about rain", k=50)
    assert LIFE[0] not in {it.memory.text for it in found}
    assert len(found) == len(LIFE) - 1
    assert LIFE[0] not in {memory.text for memory in await memories.all(ana)}


async def test_a_vector_in_the_wrong_hands_brings_back_no_row(
    memories: Memories, ana: int, join: MakeMember, index: Index, embedder: Embedder
) -> None:
    ben = await join()
    await memories.warm()
    secret = (await memories.all(ana))[0]
    await memories.remember(ben, "I keep bees", source="t")
    vector = embedder.query_vector("password")
    await index.put([Entry(secret.id, ben, vector)])  # as if an old vector had kept a reused id
    assert [it.memory.text for it in await memories.recall(ben, "password")] == ["I keep bees"]


@pytest.fixture
async def much(memories: Memories, join: MakeMember, store: Store) -> AsyncIterator[int]:
    """A member with more memories than are compared one by one, and a neighbour like them."""
    owner_id, neighbour = await join(), await join()
    async with store.work() as work:
        for whose in (owner_id, neighbour):
            work.db.add_all(
                Memory(
                    owner_id=whose,
                    number=n,
                    text=f"walk {n} went along river {n * 7} of {whose}",
                    source="t",
                    created_at=work.now,
                )
                for n in range(1, 261)
            )
    await memories.warm()
    yield owner_id


async def test_among_many_meaning_and_words_both_find(memories: Memories, much: int) -> None:
    await memories.remember(much, "peanuts make me ill", source="t")
    food = await memories.recall(much, "food allergies")
    assert food[0].memory.text == "peanuts make me ill"
    walk = await memories.recall(much, "river 1407")
    assert walk[0].memory.number == 201
    assert all(it.memory.text.endswith(f"of {much}") for it in walk)


async def test_recalls_at_once_do_not_disturb_each_other(memories: Memories, much: int) -> None:
    answers = await asyncio.gather(
        *(memories.recall(much, f"walk {n} river {n * 7}") for n in range(20, 60))
    )
    assert [answer[0].memory.number for answer in answers] == list(range(20, 60))


async def test_when_the_index_fails_words_decide_and_nothing_is_lost(
    memories: Memories, ana: int, index: Index
) -> None:
    await memories.warm()
    client = await index._do(index._open)
    client.delete_collection("memories-000000")  # behind the index's back

    found = await memories.recall(ana, "bicycle")
    assert found[0].memory.text == LIFE[-1]
    with pytest.raises(Unavailable):
        await memories.forget(ana, found[0].memory.number)
    kept = await memories.remember(ana, "I keep bees", source="t")
    assert [memory.text for memory in await memories.all(ana)] == [kept.text, *reversed(LIFE)]


async def test_what_is_kept_ready_follows_every_change_and_is_gone_once_forgotten(
    memories: Memories, join: MakeMember
) -> None:
    ana = await join()

    async def found() -> set[str]:
        return {it.memory.text for it in await memories.recall(ana, "tea in Lisbon", k=10)}

    first = await memories.remember(ana, "I live in Lisbon", source="t")
    assert await found() == await found() == {"I live in Lisbon"}
    second = await memories.remember(ana, "I drink tea", source="t")
    assert await found() == {"I live in Lisbon", "I drink tea"}
    await memories.fix(ana, first.number, "I live in Porto", source="t")
    assert await found() == {"I live in Porto", "I drink tea"}
    await memories.forget(ana, second.number)
    assert await found() == {"I live in Porto"}
    again = await memories.remember(ana, "I drink coffee", source="t")  # may have its old id
    assert await found() == {"I live in Porto", "I drink coffee"}
    assert (await memories.recall(ana, "coffee", k=1))[0].memory.number == again.number
    assert "tea" not in repr(memories._shelf.known)
