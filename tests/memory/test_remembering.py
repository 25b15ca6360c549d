import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feed_core.errors import EmptyText, TextTooLong
from feed_core.models.memories import MemoryKind
from memory.remembering import Memories
from memory.texts import alike, readable
from tests.memory.conftest import MakeMember

pytestmark = pytest.mark.anywhere


@pytest.mark.once
async def test_what_is_remembered_is_listed_newest_first(
    memories: Memories, join: MakeMember
) -> None:
    ana, ben = await join(), await join()
    first = await memories.remember(ana, "I love haiku", source="terminal")
    taste = await memories.remember(ana, "rain", kind=MemoryKind.TASTE, source="terminal")
    await memories.remember(ben, "I keep bees", source="discord")

    assert (first.number, taste.number) == (1, 2)
    assert (taste.kind, taste.text, taste.source) == (MemoryKind.TASTE, "rain", "terminal")
    assert await memories.all(ana) == [taste, first]
    assert await memories.all(ana, limit=1, offset=1) == [first]
    assert await memories.all(ana, limit=0) == []
    assert await memories.all(ana, limit=-1) == []
    assert [memory.number for memory in await memories.all(ben)] == [1]


async def test_the_same_text_again_is_the_same_memory(memories: Memories, join: MakeMember) -> None:
    ana, ben = await join(), await join()
    first = await memories.remember(ana, "I love Café haiku", source="a")
    again = await memories.remember(ana, "  i LOVE\ncafe\u0301   haiku ", source="b")
    assert again == first
    other = await memories.remember(ben, "I love Café haiku", source="a")
    assert other.id != first.id


async def test_many_at_once_get_numbers_of_their_own(memories: Memories, join: MakeMember) -> None:
    await memories.warm()
    ana = await join()
    kept = await asyncio.gather(
        *(memories.remember(ana, f"fact number {n}", source="t") for n in range(40))
    )
    assert sorted(memory.number for memory in kept) == list(range(1, 41))
    assert len(await memories.recall(ana, "fact", k=50)) == 40


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d", "\u2028", "\x00\x01", "\u202e"])
async def test_a_text_that_cannot_be_seen_is_refused(
    memories: Memories, join: MakeMember, text: str
) -> None:
    ana = await join()
    with pytest.raises(EmptyText):
        await memories.remember(ana, text, source="t")


@pytest.mark.once
async def test_a_text_too_long_is_refused_with_its_length(
    memories: Memories, join: MakeMember
) -> None:
    ana = await join()
    with pytest.raises(TextTooLong) as caught:
        await memories.remember(ana, "a" * 100_000, source="t")
    assert (caught.value.length, caught.value.limit) == (100_000, 2_000)
    kept = await memories.remember(ana, "雨" * 2_000, source="t")
    assert len(kept.text) == 2_000


async def test_half_a_surrogate_pair_is_stored_and_found(
    memories: Memories, join: MakeMember
) -> None:
    ana = await join()
    kept = await memories.remember(ana, "rain \ud83d tonight", source="t")
    assert [found.memory for found in await memories.recall(ana, "rain \udc00")] == [kept]


@pytest.mark.parametrize("nobody", [None, 0, -1, True, False, "1", 1.0])
@pytest.mark.once
async def test_nobody_has_memories(memories: Memories, nobody: Any) -> None:
    with pytest.raises(ValueError, match="owner"):
        await memories.remember(nobody, "rain", source="t")
    with pytest.raises(ValueError, match="owner"):
        await memories.all(nobody)
    with pytest.raises(ValueError, match="owner"):
        await memories.recall(nobody, "rain")
    with pytest.raises(ValueError, match="owner"):
        await memories.recall(nobody, "")
    with pytest.raises(ValueError, match="owner"):
        await memories.forget(nobody, 1)


@given(text=st.text(max_size=2_100))
def test_any_text_is_readable_or_refused(text: str) -> None:
    try:
        kept = readable(text)
    except (EmptyText, TextTooLong):
        return
    assert kept
    assert kept.encode()
    assert readable(kept) == kept


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(st.text("aéßİ雨", min_size=1, max_size=5), min_size=1, max_size=6))
def test_white_space_and_case_make_no_other_text(words: list[str]) -> None:
    assert alike(" ".join(words)) == alike("\n ".join(words).casefold() + " ")
