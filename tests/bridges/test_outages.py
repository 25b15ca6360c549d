"""A platform is away for hours: through the real sender, from the hour to the message."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from agents.compose import Composer
from bridges.outbox import Outbox
from bridges.pace import Pace
from bridges.protocol import Part
from feed_core.bus import Bus
from feed_core.errors import Unavailable
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, digest_claims, digests, publishing
from feed_core.services.live import Live
from feed_core.states import DeliveryState
from feed_core.store import Store
from tests.fakes.bridge import RecordingBridge, raising
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join, opened, publish, standing_in
from tests.fakes.meaning import FirstWords

NIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOURS = [time(6), time(8), time(10), time(12)]


class House:
    """Jamfeed from the clock to one platform, each step by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.bus = FixedClock(NIGHT), Bus()
        self.store: Store = opened(folder, self.clock, self.bus)
        self.composer = Composer(self.store, Live(self.store, FirstWords(self.store)))
        self.bridge, self.up = RecordingBridge(), True
        self.outbox = Outbox(
            self.store, self.bus, [self.bridge], self.show, lambda _: self.up, {"recording": Pace()}
        )

    async def show(self, delivery: Delivery) -> Part | None:
        async with self.store.read() as view:
            items = await standing_in(view, delivery.subject_id)
        return Part(" ".join(it.creation.title for it in items)) if items else None

    async def at(self, moment: datetime) -> None:
        """All that happens then."""
        self.clock.go_to(moment)
        async with self.store.work() as work:
            await digest_claims.claim_due(work)
        async with self.store.read() as view:
            due = await digests.uncomposed(view)
        for it in due:
            await self.composer.compose(it)
        await self.outbox.step()

    async def next(self) -> datetime:
        """When something is due, as far as that can be sent."""
        waits = [it.due_at for it in await self.rows() if it.state is DeliveryState.PENDING]
        return min(waits) if waits and self.up else self.clock.now() + timedelta(days=1)

    async def rows(self) -> list[Delivery]:
        async with self.store.read() as view:
            return list(await view.db.exec(select(Delivery).order_by(col(Delivery.id))))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    await house.store.close()


@pytest.mark.parametrize("answers", [True, False])
async def test_after_six_hours_without_its_platform_a_member_gets_the_newest_digest_only(
    house: House, answers: bool
) -> None:
    author, _ = await join(house.store, "author")
    ana, account = await join(house.store, "ana")
    await daily(house.store, ana, account, times=HOURS, zone="UTC")
    house.up = answers
    house.bridge.before = [raising(Unavailable("recording"))] * 1000

    for number, hour in enumerate(HOURS):
        await publish(house.store, author, f"Piece-{number}")
        moment = datetime.combine(NIGHT, hour, UTC)
        await house.at(moment + timedelta(minutes=3))
        while (again := await house.next()) < moment + timedelta(hours=2):
            await house.at(max(again, house.clock.now() + timedelta(seconds=1)))
    house.up, house.bridge.before = True, []
    for _ in range(2):  # and whatever else might still be tried again
        last = max(it.due_at for it in await house.rows())
        await house.at(max(house.clock.now(), last) + timedelta(minutes=1))

    [arrival] = house.bridge.arrivals
    assert sorted(arrival.text.split()) == [f"Piece-{number}" for number in range(4)]
    told = [(it.state, it.problem) for it in await house.rows()]
    assert told == [(DeliveryState.FAILED, "overtaken")] * 3 + [(DeliveryState.SENT, "")]


async def test_what_stood_in_a_digest_that_was_given_up_comes_again(house: House) -> None:
    author, _ = await join(house.store, "author")
    ana, account = await join(house.store, "ana")
    await daily(house.store, ana, account, times=HOURS[:1], zone="UTC")
    await publish(house.store, author, "Piece-0")
    house.bridge.before = [raising(Unavailable("recording"))] * deliveries.MOST_ATTEMPTS
    moment = datetime.combine(NIGHT, HOURS[0], UTC) + timedelta(minutes=3)
    await house.at(moment)
    while (again := await house.next()) < moment + timedelta(hours=5):
        await house.at(again)

    await publish(house.store, author, "Piece-1")
    await house.at(moment + timedelta(days=1))

    assert [sorted(it.text.split()) for it in house.bridge.arrivals] == [["Piece-0", "Piece-1"]]


async def test_what_was_withdrawn_while_its_platform_was_away_is_not_sent(house: House) -> None:
    author, _ = await join(house.store, "author")
    ana, account = await join(house.store, "ana")
    await daily(house.store, ana, account, times=HOURS[:1], zone="UTC")
    piece = await publish(house.store, author, "Piece")
    house.up = False
    await house.at(datetime.combine(NIGHT, HOURS[0], UTC) + timedelta(minutes=3))
    async with house.store.work() as work:
        await publishing.withdraw(work, creation_id=piece, member_id=author)
    house.up = True

    await house.outbox.step()

    assert house.bridge.arrivals == []
    assert [it.problem for it in await house.rows()] == ["nothing left"]
