from typing import Any

import pytest

from feed_core.errors import MemoryNotFound
from feed_core.models.memories import MemoryKind, MemoryReason, MemoryState
from feed_core.services import conversation
from feed_core.states import Role
from feed_core.store import Store
from memory.index import Index
from memory.remembering import Memories
from memory.topics import NeverRemembered
from tests.memory.conftest import MakeMember

pytestmark = pytest.mark.anywhere


async def told(memories: Memories, owner_id: int) -> list[str]:
    return [it.memory.text for it in await memories.recall(owner_id, "where do I live?", k=50)]


@pytest.mark.once
async def test_what_is_put_right_leaves_recall_and_index_and_stays_in_history(
    memories: Memories, join: MakeMember, index: Index
) -> None:
    await memories.warm()
    ana = await join()
    porto = await memories.remember(ana, "I live in Porto", source="t")

    replaced = await memories.fix(ana, 1, "I live in Lisbon", source="t")

    assert replaced.before is not None
    assert replaced.before.id == porto.id
    assert replaced.now.reason is MemoryReason.FIXED
    assert await told(memories, ana) == ["I live in Lisbon"]
    assert (await index.vectors(ana, [porto.id, replaced.now.id])).keys() == {replaced.now.id}
    versions = await memories.history(ana, 1)
    assert versions == await memories.history(ana, 2)
    assert [(it.number, it.state) for it in versions] == [
        (2, MemoryState.ACTIVE),
        (1, MemoryState.SUPERSEDED),
    ]
    assert (await memories.fix(ana, 2, "i live in  LISBON", source="t")).before is None
    with pytest.raises(MemoryNotFound):
        await memories.fix(ana, 1, "I live in Rome", source="t")


async def test_an_earlier_version_can_hold_again_and_back(
    memories: Memories, join: MakeMember, index: Index
) -> None:
    await memories.warm()
    ana = await join()
    await memories.remember(ana, "I live in Porto", source="t")
    await memories.fix(ana, 1, "I live in Lisbon", source="t")
    await memories.fix(ana, 2, "I live in Faro", source="t")
    for number, place in ((1, "Porto"), (3, "Faro"), (2, "Lisbon"), (2, "Lisbon")):
        await memories.restore(ana, number)
        assert await told(memories, ana) == [f"I live in {place}"]
        assert {it.number for it in await memories.history(ana, number)} == {1, 2, 3}
        assert await index.census() == {0: 1}
    assert {it.number for it in await memories.history(ana)} == {1, 3}


async def test_forgetting_takes_versions_and_lines_along_and_names_what_says_the_same(
    memories: Memories, join: MakeMember, store: Store, index: Index
) -> None:
    await memories.warm()
    ana, ben = await join(), await join()
    async with store.work() as work:
        for member_id in (ana, ben):
            await conversation.say(
                work,
                member_id=member_id,
                place="t:1",
                lines=[
                    (Role.MEMBER, "Hello! I live in Lisbon, you know"),
                    (Role.AGENT, "How nice."),
                ],
            )
    await memories.remember(ana, "I live in Porto", source="t")
    await memories.fix(ana, 1, "I live in Lisbon", source="t")
    await memories.remember(ana, "I live in Lisbon now", source="t")

    gone = await memories.forget(ana, 2)

    assert (gone.versions, gone.lines, [it.number for it in gone.alike]) == (1, 1, [3])
    assert await memories.history(ana) == []
    assert await index.census() == {0: 1}
    async with store.read() as view:
        assert [it for _, it in await conversation.lines_of(view, member_id=ana)] == ["How nice."]
        assert len(await conversation.lines_of(view, member_id=ben)) == 2


@pytest.mark.parametrize(
    ("kind", "refused", "kept"),
    [
        ("where I live", "I live in Porto", "I love haiku"),
        ("home", "ich wohne in Köln", "ich mag Tee"),
        ("my health", "I am allergic to nuts", "I play the piano"),
        ("my divorce from Tom", "the divorce from Tom was hard", "Tom is a cat"),
        ("taste", "", "I live in Porto"),
    ],
)
@pytest.mark.once
async def test_what_is_never_to_be_remembered_is_not(
    memories: Memories, join: MakeMember, kind: str, refused: str, kept: str
) -> None:
    ana, ben = await join(), await join()
    before = await memories.remember(ana, refused, source="t") if refused else None
    rules = await memories.never(ana, kind)
    assert await memories.under(ana, rules) == ([before] if before else [])
    with pytest.raises(NeverRemembered):
        await memories.remember(ana, refused or "haiku", kind=MemoryKind.TASTE, source="t")
    await memories.remember(ana, kept, source="t")
    await memories.remember(ben, refused or "haiku", source="t")
    assert await memories.allow(ana, kind)
    assert not await memories.allow(ana, kind)
    await memories.remember(ana, refused or "haiku", kind=MemoryKind.TASTE, source="t")


async def test_two_that_become_one_keep_the_stricter_settings(
    memories: Memories, join: MakeMember, store: Store
) -> None:
    ana, alias = await join(), await join()
    await memories.never(ana, "home")
    await memories.never(alias, "my health")
    await memories.pause(alias, paused=True)
    await memories.remember(ana, "I love tea", source="t")
    await memories.remember(alias, "i love TEA", source="t")
    await memories.fix(alias, 1, "I love coffee", source="t")
    await memories.fix(alias, 2, "I love tea", source="t")
    async with store.work() as work:
        await memories.move_all(work, from_id=alias, to_id=ana)
    await memories.settle(from_id=alias, to_id=ana)
    settings = await memories.preferences(ana)
    assert (settings.paused, settings.never) == (True, ("topic:home", "topic:health"))
    assert [it.text for it in await memories.all(ana)] == ["I love tea"]
    assert {it.text for it in await memories.history(ana, 1)} == {
        *("I love tea", "i love TEA", "I love coffee"),
    }


@pytest.mark.parametrize("nobody", [None, 0, -1, True, "1", 1.0])
@pytest.mark.once
async def test_nobody_has_settings_or_a_history(memories: Memories, nobody: Any) -> None:
    for asked in (
        memories.history(nobody),
        memories.history(nobody, 1),
        memories.fix(nobody, 1, "x", source="t"),
        memories.restore(nobody, 1),
        memories.preferences(nobody),
        memories.pause(nobody, paused=True),
        memories.never(nobody, "home"),
        memories.allow(nobody, "home"),
        memories.incognito(nobody, "t:1", on=True),
    ):
        with pytest.raises(ValueError, match="owner"):
            await asked
