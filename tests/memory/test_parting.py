"""A link is undone: memories go back to whose they were."""

import pytest
from sqlmodel import col, select

from feed_core.models.members import Link
from feed_core.models.memories import Memory
from feed_core.store import Store
from memory import parting
from memory.index import Index
from memory.remembering import Memories
from tests.memory.conftest import MakeMember

pytestmark = pytest.mark.anywhere


async def link(store: Store, memories: Memories, keep_id: int, gone_id: int) -> None:
    async with store.work() as work:
        work.db.add(Link(gone_id=gone_id, keep_id=keep_id, expires_at=work.now))
    async with store.work() as work:
        await memories.move_all(work, from_id=gone_id, to_id=keep_id)
    await memories.settle(from_id=gone_id, to_id=keep_id)


async def undo(store: Store, memories: Memories, keep_id: int, gone_id: int) -> None:
    async with store.work() as work:
        made = await work.db.get_one(Link, gone_id)
        back = await parting.give_back(work, made.kept, keep_id=keep_id, gone_id=gone_id)
    await memories.settle(from_id=keep_id, to_id=gone_id, only=list(back))


async def known(memories: Memories, owner_id: int) -> dict[int, str]:
    return {it.number: it.text for it in await memories.all(owner_id)}


async def test_memories_go_back_under_their_numbers_and_what_both_knew_is_known_twice(
    memories: Memories, join: MakeMember, store: Store, index: Index
) -> None:
    ana, alias = await join(), await join()
    for text in ("I love haiku", "I keep bees"):
        await memories.remember(ana, text, source="discord")
    for text in ("I play drums", "i love  HAIKU", "peanuts make me ill"):
        await memories.remember(alias, text, source="telegram")
    before = [await known(memories, it) for it in (ana, alias)]

    await link(store, memories, ana, alias)
    await memories.remember(ana, "I live in Lisbon", source="telegram")
    await undo(store, memories, ana, alias)

    mine, theirs = [await known(memories, it) for it in (ana, alias)]
    assert [it for it in mine.values() if it != "I live in Lisbon"] == [*before[0].values()]
    assert "I live in Lisbon" in mine.values()
    assert {number: it.lower().split() for number, it in theirs.items()} == {
        number: it.lower().split() for number, it in before[1].items()
    }
    assert (await memories.recall(alias, "food allergies"))[0].memory.text == "peanuts make me ill"
    assert "peanuts" not in str(await memories.recall(ana, "food allergies"))
    assert await index.census() == {0: 6}
    async with store.read() as view:
        assert not (await view.db.exec(select(Memory.id).where(~col(Memory.indexed)))).all()


async def test_what_was_forgotten_since_does_not_come_back(
    memories: Memories, join: MakeMember, store: Store
) -> None:
    ana, alias = await join(), await join()
    await memories.remember(ana, "I love haiku", source="discord")
    for text in ("I love haiku", "I play drums"):
        await memories.remember(alias, text, source="telegram")
    await link(store, memories, ana, alias)
    for number in [it.number for it in await memories.all(ana)]:
        await memories.forget(ana, number)
    async with store.read() as view:
        kept = str((await view.db.get_one(Link, alias)).kept)
    await undo(store, memories, ana, alias)
    assert "haiku" not in kept and "drums" not in kept
    assert await memories.all(ana) == await memories.all(alias) == []


async def test_no_version_of_ones_memory_leads_to_anothers(
    memories: Memories, join: MakeMember, store: Store
) -> None:
    ana, alias = await join(), await join()
    await memories.remember(ana, "I live in Berlin", source="discord")
    await memories.remember(alias, "I live in Paris", source="telegram")
    await memories.remember(alias, "I live in Berlin", source="telegram")
    await link(store, memories, ana, alias)
    await memories.remember(ana, "I live in Rome", source="telegram")
    await undo(store, memories, ana, alias)
    async with store.read() as view:
        rows = (await view.db.exec(select(Memory))).all()
    owners = {it.id: it.owner_id for it in rows}
    assert all(
        it.superseded_by_id is None or owners[it.superseded_by_id] == it.owner_id for it in rows
    )
    assert "I live in Rome" in (await known(memories, ana)).values()
