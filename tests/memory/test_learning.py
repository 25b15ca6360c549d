"""What was said becomes memories, on both databases."""

from datetime import timedelta

import pytest

from feed_core.models.memories import MemoryReason
from feed_core.services import members
from feed_core.services.conversation import Line
from feed_core.states import Role
from feed_core.store import Store
from memory.claims import Claim
from memory.index import Index
from memory.learning import Heard
from memory.remembering import Memories
from memory.statements import statements
from tests.memory.conftest import MakeMember

pytestmark = pytest.mark.anywhere


async def tell(memories: Memories, owner_id: int, *said: str) -> list[str]:
    """Have these learned one after the other; returns what is remembered, oldest first."""
    for it in said:
        await memories.learn(owner_id, statements(it), heard=None)
    return [it.text for it in reversed(await memories.all(owner_id))]


@pytest.mark.parametrize(
    ("said", "kept", "gone"),
    [
        (["I live in Porto", "Actually, I moved to Lisbon"], ["I moved to Lisbon"], 1),
        (["ich wohne in Köln", "I live in Bonn"], ["I live in Bonn"], 1),
        (["I love haiku", "i LOVE  haiku", "I really like haiku"], ["I love haiku"], 0),
        (["I love haiku", "I don't like haiku any more"], ["I don't like haiku any more"], 1),
        (["I have two cats", "I have three cats"], ["I have two cats", "I have three cats"], 0),
        (["I have two cats", "I have three cats now"], ["I have three cats now"], 1),
        (
            ["my daughter is called Mia", "my daughter is called Ada"],
            ["my daughter is called Mia", "my daughter is called Ada"],
            0,
        ),
        (
            ["my daughter is called Mia", "no, my daughter is not Mia but Mio"],
            ["my daughter is not Mia but Mio"],
            1,
        ),
        (["I love rain", "I love trains"], ["I love rain", "I love trains"], 0),
    ],
)
@pytest.mark.once
async def test_what_is_known_is_merged_and_what_is_corrected_is_superseded(
    memories: Memories, join: MakeMember, index: Index, said: list[str], kept: list[str], gone: int
) -> None:
    ana = await join()
    assert await tell(memories, ana, *said) == kept
    assert len(await memories.history(ana)) == gone
    assert await index.census() == {0: len(kept)}
    assert {it.memory.text for it in await memories.recall(ana, said[-1], k=50)} == set(kept)


@pytest.mark.once
async def test_a_note_that_names_what_it_replaces_does_so(
    memories: Memories, join: MakeMember
) -> None:
    ana, ben = await join(), await join()
    await tell(memories, ana, "I love haiku")
    await tell(memories, ben, "I love haiku")
    note = Claim.noted("taste", "Haiku bore me these days", replaces=1, source="t")
    assert await memories.learn(ana, [note], heard=None) == 1
    (kept,) = await memories.all(ana)
    assert (kept.text, kept.reason) == ("Haiku bore me these days", MemoryReason.SAID)
    assert [it.text for it in await memories.all(ben)] == ["I love haiku"]


async def test_lines_are_learned_from_once_and_only_where_they_may(
    memories: Memories, join: MakeMember, store: Store
) -> None:
    ana = await join()
    async with store.work() as work:
        identity, _ = await members.join(
            work, platform="t", external_id="a", name="Ana", persona="muse"
        )
        assert identity.id is not None
        identity.member_id = ana
        await members.seen_in_private(work, identity_id=identity.id, place_id="1")

    async def hear(place: str, *lines: Line) -> Heard | None:
        async with store.work() as work:
            await memories.hear(work, ana, place=place, lines=lines, learn_in=timedelta())
        return await memories.unlearned(ana)

    assert await memories.unlearned(ana) is None
    heard = await hear("t:1", (Role.MEMBER, "I love rain"), (Role.AGENT, "I live in a wire"))
    assert heard is not None
    assert [it.text for it in heard.lines] == ["I love rain"]
    assert await memories.due() == [ana]
    said = [statements(it.text)[0] for it in heard.lines]
    assert await memories.learn(ana, said, heard=heard) == 1
    assert await memories.learn(ana, said, heard=heard) == 0
    assert await memories.due() == []

    in_a_room = await hear("t:room", (Role.MEMBER, "I live in Porto"))
    assert in_a_room is not None
    assert in_a_room.lines == ()
    assert await memories.learn(ana, [], heard=in_a_room) == 0
    assert await memories.due() == []

    heard = await hear("t:1", (Role.MEMBER, "I keep bees"))
    assert heard is not None
    await memories.forget(ana, 1)  # what was said before that is learned from no more
    assert await memories.learn(ana, statements("I keep bees"), heard=heard) == 0

    await memories.pause(ana, paused=True)
    assert (await hear("t:1", (Role.MEMBER, "I hate tea"))).lines == ()  # type: ignore[union-attr]  # settings exist
    await memories.pause(ana, paused=False)
    await memories.incognito(ana, "t:1", on=True)
    assert (await hear("t:1", (Role.MEMBER, "I hate coffee"))).lines == ()  # type: ignore[union-attr]  # settings exist
    await memories.incognito(ana, "t:1", on=False)
    await memories.never(ana, "taste")
    assert await memories.learn(ana, statements("I love jazz. I play the piano"), heard=None) == 1
