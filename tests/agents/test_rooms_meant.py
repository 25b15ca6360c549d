"""Rooms by their names: "#jam" in a standing order, and in what is shared at once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from agents import wording
from agents.rooms_meant import RoomUnclear
from feed_core.models.deliveries import Delivery
from feed_core.models.rooms import Room
from feed_core.services import members
from feed_core.states import DeliveryKind
from tests.agents.world import World
from tests.fakes.clock import FixedClock


async def room(
    world: World, name: str, *, server: str = "The Jam House", bound: bool = True
) -> int:
    async with world.store.work() as work:
        made = await members.room(
            work,
            platform="discord",
            external_id=f"{server}/{name}",
            public=True,
            name=name,
            server_id=server,
            server=server,
        )
        made.bound = bound
        assert made.id is not None
        return made.id


async def shared(world: World) -> list[tuple[int, int | None]]:
    async with world.store.read() as view:
        found = await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.SHARED))
        return [(it.subject_id, it.room_id) for it in found]


async def test_every_friday_the_best_haiku_goes_into_the_room_of_that_name(
    world: World, clock: FixedClock
) -> None:
    jam = await room(world, "jam")
    await room(world, "Poetry Club")
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Haiku: five seven five #haiku")
    asked = await world.say(ana, "every Friday at 18:00, my best haiku into #jam")
    await world.press(ana, asked, "Yes, from now on")
    await world.do(ana, "agent leash", what="share", leash="alone")
    clock.go_on(timedelta(days=6, hours=7))  # Friday evening
    await world.orders.step()

    assert await shared(world) == [(1, jam)]


async def test_a_name_that_several_rooms_have_or_none_is_asked_about(world: World) -> None:
    for server in ("The Jam House", "Loft"):
        await room(world, "jam", server=server)
    await room(world, "attic", bound=False)
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")

    with pytest.raises(RoomUnclear) as unclear:
        await world.do(ana, "share", what="my best to #jam")
    assert "“jam” in The Jam House and “jam” in Loft" in wording.sentence(unclear.value)
    with pytest.raises(RoomUnclear) as unknown:
        await world.do(ana, "order add", words="every friday at 18:00: /share best into #attic")
    assert "attic" not in wording.sentence(unknown.value).partition("These I know")[2]
    async with world.store.work() as work:
        lofts = [it for it in await work.db.exec(select(Room)) if it.server == "Loft"]
        lofts[0].bound = False
    await world.do(ana, "share", what="my best to #Jam")
    assert len(await shared(world)) == 1
