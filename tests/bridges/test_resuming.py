"""What a stop left unanswered is answered, or its member told, after the next start."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import select

from bridges.protocol import Bridge, Door, Incoming, Part
from bridges.uploads import Upload
from feed_core.models.conversation import Inbox as Row
from feed_core.services import inbox
from feed_core.states import InboxState
from tests.agents.world import World
from tests.bridges.odd_acts import Gate
from tests.fakes.bridge import Roomless
from tests.fakes.clock import FixedClock


async def rows(world: World) -> list[Row]:
    async with world.store.read() as view:
        return list(await view.db.exec(select(Row)))


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


class Posting(Roomless):
    """A bridge that only takes down what is posted."""

    platform = "telegram"
    repeatable = True

    def __init__(self) -> None:
        self.posted: list[tuple[str, Part, str]] = []

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        ready()

    async def who(self) -> str:
        return "posting"

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        self.posted.append((place_id, part, key))
        return key


async def stopped(world: World, incoming: Incoming, *, until: Awaitable[object]) -> None:
    """Begin to answer, and be stopped in the middle."""
    task = asyncio.create_task(world.receive(incoming))
    async with asyncio.timeout(10):
        await until
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def left_running(world: World, incoming: Incoming) -> None:
    """A message that was noted just before a stop."""
    async with world.store.work() as work:
        await inbox.receive(
            work,
            platform="telegram",
            update_id=incoming.update_id,
            payload={
                "update_id": incoming.update_id,
                "sender": {"id": incoming.sender.id, "name": incoming.sender.name},
                "place": {"platform": "telegram", "id": incoming.place.id, "private": True},
                "text": incoming.text,
                "call": None,
                "token": None,
                "filled": None,
                "uploads": [it.name for it in incoming.uploads],
            },
        )


async def resumed(world: World, clock: FixedClock) -> Posting:
    clock.go_on(timedelta(seconds=1))
    bridge: Bridge = Posting()
    await world.inbox.resume(bridge, before=clock.now())
    assert isinstance(bridge, Posting)
    return bridge


async def test_what_a_stop_left_unanswered_is_answered_in_private(
    world: World, clock: FixedClock
) -> None:
    await world.receive(world.incoming("ana", "/create Rain: all night"))
    await left_running(world, world.incoming("ana", "/feed"))
    bridge = await resumed(world, clock)
    ((place, part, key),) = bridge.posted
    assert place == "ana"
    assert part.cards[0].title == "Rain"
    assert len(key) <= 25
    assert (await resumed(world, clock)).posted == []


async def test_of_what_may_have_been_done_already_its_member_is_told(
    world: World, gate: Gate, clock: FixedClock
) -> None:
    await world.receive(world.incoming("ana", "/feed"))
    incoming = world.incoming("ana", "/wait for it")
    await stopped(world, incoming, until=gate.arrived.wait())
    row = (await rows(world))[-1]
    assert (row.state, row.acted) == (InboxState.RUNNING, True)
    bridge = await resumed(world, clock)
    assert gate.entered == ["for it"]  # not done again
    assert "stopped" in bridge.posted[0][1].text
    assert [it.state for it in await rows(world)] == [InboxState.ANSWERED] * 2


async def test_a_picture_that_was_on_its_way_is_asked_for_again(
    world: World, clock: FixedClock
) -> None:
    await world.receive(world.incoming("ana", "/feed"))
    sent = replace(world.incoming("ana", "/create Sunset"), uploads=[Upload("a.jpg", picture())])
    await left_running(world, sent)
    bridge = await resumed(world, clock)
    assert len(bridge.posted) == 1
    assert not bridge.posted[0][1].cards


async def test_a_stranger_who_cannot_be_written_to_is_let_go(
    world: World, clock: FixedClock
) -> None:
    hidden = world.incoming("ana", "/feed")
    await left_running(world, hidden)
    async with world.store.work() as work:
        row = (await work.db.exec(select(Row))).one()
        place = {"platform": "telegram", "id": "-100", "private": False}
        row.payload = {**row.payload, "place": place}
    assert (await resumed(world, clock)).posted == []
    assert [it.state for it in await rows(world)] == [InboxState.FAILED]
