"""What may be dropped into chats outside."""

from dataclasses import replace

from agents.taking_along import quotable
from feed_core.models.creations import Creation
from feed_core.services import searching
from feed_core.states import Permission, Visibility
from tests.agents.world import World


async def test_only_what_everybody_may_see_and_its_maker_lets_be_quoted_is_offered(
    world: World,
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    for words in ("Rain one: a", "Rain two: b", "Rain three: c"):
        await world.do(ana, "create", words=words)
    async with world.store.work() as work:
        await _set(work.db, 2, visibility=Visibility.ROOM)
        await _set(work.db, 3, consent_quote=Permission.NO)
        await searching.put(work, *[await work.db.get_one(Creation, it) for it in (1, 2, 3)])

    private = replace(ben, place=replace(ben.place, private=True))
    assert [it.ref for it in await quotable(private, "rain", page=0)] == ["#1"]
    assert [it.ref for it in await quotable(ana, "rain", page=0)] == ["#1"]  # not even the maker
    assert [it.ref for it in await quotable(ana, "", page=0)] == ["#1"]
    assert await quotable(ana, "", page=1) == []
    assert await quotable(ben, "", page=0) == []


async def _set(db: object, number: int, **values: object) -> None:
    row = await db.get_one(Creation, number)  # type: ignore[attr-defined]  # a session
    for name, value in values.items():
        setattr(row, name, value)
