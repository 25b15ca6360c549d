import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bridges import sender
from bridges.attempt import key_of
from bridges.outbox import Outbox
from bridges.pace import Pace
from bridges.protocol import Part
from feed_core.bus import Bus
from feed_core.errors import Gone, Unavailable, Unknown
from feed_core.events import DeliveryOwed
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, digests, members, outstanding
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Store
from tests.fakes.bridge import RecordingBridge, never, raising
from tests.fakes.clock import FixedClock
from tests.fakes.community import identity, join, opened

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
PATIENT = 5.0  # seconds that no test should need
PACE = Pace(limit=30.0, repeats=(0.01, 0.01))
HASTY = replace(PACE, limit=0.3)  # only where a platform is silent: a slow machine is so, too


@dataclass
class Office:
    """An outbox with what it works on; each delivery's text is its subject's number."""

    store: Store
    bus: Bus
    clock: FixedClock
    up: set[str] = field(default_factory=lambda: {"recording", "other"})
    empty: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)

    def outbox(self, *bridges: RecordingBridge, pace: Pace = PACE) -> Outbox:
        paces: Mapping[str, Pace] = {it.platform: pace for it in bridges}
        return Outbox(self.store, self.bus, bridges, self.render, lambda it: it in self.up, paces)

    async def render(self, delivery: Delivery) -> Part | None:
        if delivery.subject_id in self.broken:
            raise ValueError(delivery.subject_id)
        if delivery.subject_id in self.empty:
            return None
        return Part(f"digest {delivery.subject_id}")

    async def owe(self, identity_id: int, subject_id: int, *, platform: str = "recording") -> int:
        async with self.store.work() as work:
            delivery = Delivery(
                key=f"digest:{subject_id}:0",
                identity_id=identity_id,
                platform=platform,
                kind="digest",
                subject_id=subject_id,
                due_at=work.now,
            )
            work.db.add(delivery)
            await work.db.flush()
            assert delivery.id is not None
            work.record(DeliveryOwed(delivery_id=delivery.id))
            return delivery.id

    async def rows(self) -> list[Delivery]:
        async with self.store.read() as view:
            return list(await view.db.exec(select(Delivery).order_by(col(Delivery.id))))

    async def states(self) -> list[DeliveryState]:
        return [it.state for it in await self.rows()]

    async def half_send(self, delivery_id: int) -> None:
        """As if the process had been killed while sending this."""
        async with self.store.work() as work:
            assert await deliveries.claim(work, [delivery_id]) == [True]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock, bus = FixedClock(NOW), Bus()
    store = opened(tmp_path, clock, bus)
    yield Office(store, bus, clock)
    await store.close()


async def test_what_is_owed_arrives_once_and_is_marked(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge()
    outbox = office.outbox(bridge)

    assert await outbox.step() == 1
    assert await outbox.step() == 0

    assert [(it.place, it.text) for it in bridge.arrivals] == [("home-ana", "digest 7")]
    [row] = await office.rows()
    assert (row.state, row.message_id, row.sent_at) == (DeliveryState.SENT, "m1", NOW)


async def test_the_key_is_short_and_always_the_same(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    [row] = await office.rows()
    bridge = RecordingBridge()

    await office.outbox(bridge).step()

    assert bridge.arrivals[0].key == key_of(row) == key_of(row)
    assert len(key_of(row)) == 22


async def test_what_was_not_taken_is_tried_again_later_and_later(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge()
    bridge.before = [raising(Unavailable("recording")), raising(Unavailable("recording"))]
    outbox = office.outbox(bridge)

    for pause in (5, 10):
        await outbox.step()
        assert await office.states() == [DeliveryState.PENDING]
        office.clock.go_on(timedelta(seconds=pause - 1))
        assert await outbox.step() == 0
        office.clock.go_on(timedelta(seconds=1))
    await outbox.step()

    assert await office.states() == [DeliveryState.SENT]
    assert len(bridge.arrivals) == 1


async def test_it_is_given_up_after_almost_three_hours(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge()
    bridge.before = [raising(Unavailable("recording"))] * 100
    outbox = office.outbox(bridge)

    while await outbox.step():
        office.clock.go_to(max(office.clock.now(), (await office.rows())[0].due_at))

    assert await office.states() == [DeliveryState.FAILED]
    assert bridge.calls == deliveries.MOST_ATTEMPTS
    assert timedelta(hours=2) < office.clock.now() - NOW < timedelta(hours=3)


async def test_who_is_gone_is_not_written_to_again(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge()
    bridge.before = [raising(Gone("recording"))]
    outbox = office.outbox(bridge)

    await outbox.step()
    assert not (await identity(office.store, ana)).reachable
    await office.owe(ana, 8)
    await outbox.step()

    assert [(it.state, it.problem) for it in await office.rows()] == [
        (DeliveryState.FAILED, "gone"),
        (DeliveryState.FAILED, "nowhere to send it"),
    ]
    assert bridge.calls == 1


@pytest.mark.parametrize(
    "trouble", [raising(Unknown("recording")), raising(RuntimeError("a bug")), never]
)
async def test_where_a_repeat_may_double_a_doubtful_one_is_never_resent(
    office: Office, trouble: object
) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge(repeatable=False)
    bridge.after = [trouble]  # type: ignore[list-item]  # parametrize does not say its type
    outbox = office.outbox(bridge, pace=HASTY)

    await outbox.step()
    office.clock.go_on(timedelta(days=1))
    await outbox.step()

    assert [(it.state, it.problem) for it in await office.rows()] == [
        (DeliveryState.UNKNOWN, "no answer")
    ]
    assert bridge.calls == len(bridge.arrivals) == 1


async def test_where_a_repeat_is_harmless_a_doubtful_one_is_repeated_under_its_key(
    office: Office,
) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge(repeatable=True)
    bridge.after = [raising(Unknown("recording")), never]

    await office.outbox(bridge, pace=HASTY).step()

    assert await office.states() == [DeliveryState.SENT]
    assert (bridge.calls, len(bridge.arrivals)) == (3, 1)


async def test_a_doubtful_one_stays_in_doubt_when_the_repeats_are_not_taken(
    office: Office,
) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge(repeatable=True)
    bridge.before = [raising(Unknown("recording")), *[raising(Unavailable("recording"))] * 9]

    await office.outbox(bridge).step()

    assert await office.states() == [DeliveryState.UNKNOWN]
    assert bridge.calls == 1 + len(PACE.repeats)


async def test_what_was_withdrawn_altogether_is_ended_and_not_sent(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    office.empty = {7}
    bridge = RecordingBridge()

    await office.outbox(bridge).step()

    [row] = await office.rows()
    assert (row.state, row.problem) == (DeliveryState.FAILED, "nothing left")
    assert bridge.calls == 0


async def test_one_that_cannot_be_rendered_stops_no_other_and_is_tried_again(
    office: Office,
) -> None:
    _, ana = await join(office.store, "ana")
    _, ben = await join(office.store, "ben")
    await office.owe(ana, 7)
    await office.owe(ben, 8)
    office.broken = {7}
    bridge = RecordingBridge()
    outbox = office.outbox(bridge)

    await outbox.step()
    assert await office.states() == [DeliveryState.PENDING, DeliveryState.SENT]
    office.broken = set()
    office.clock.go_on(timedelta(seconds=5))
    await outbox.step()

    assert await office.states() == [DeliveryState.SENT, DeliveryState.SENT]


async def test_a_platform_that_is_down_is_left_alone_and_others_are_not(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    _, ben = await join(office.store, "ben", platform="other")
    await office.owe(ana, 7)
    await office.owe(ben, 8, platform="other")
    office.up = {"other"}
    here, there = RecordingBridge(), RecordingBridge("other")
    outbox = office.outbox(here, there)

    assert await outbox.step() == 1
    assert (here.calls, there.calls) == (0, 1)
    office.up = {"recording", "other"}
    assert await outbox.step() == 1

    assert (here.calls, there.calls) == (1, 1)


async def test_a_new_delivery_wakes_the_outbox_and_a_stop_lets_it_arrive(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    bridge = RecordingBridge()
    on_the_wire, answered = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        on_the_wire.set()
        await answered.wait()

    bridge.before = [slowly]
    outbox = office.outbox(bridge, pace=Pace())
    running = asyncio.create_task(outbox.run())
    await office.owe(ana, 7)
    async with asyncio.timeout(PATIENT):
        await on_the_wire.wait()
        outbox.stop()
        await office.owe(ana, 8)
        answered.set()
        await running

    assert await office.states() == [DeliveryState.SENT, DeliveryState.PENDING]


@pytest.mark.parametrize(
    ("repeatable", "minutes", "state", "problem"),
    [
        (True, 1, DeliveryState.PENDING, ""),
        (True, 3, DeliveryState.UNKNOWN, "stopped while sending"),
        (False, 1, DeliveryState.UNKNOWN, "stopped while sending"),
    ],
)
async def test_what_a_stop_left_half_sent_is_resent_only_where_and_while_that_is_harmless(
    office: Office, repeatable: bool, minutes: int, state: DeliveryState, problem: str
) -> None:
    _, ana = await join(office.store, "ana")
    await office.half_send(await office.owe(ana, 7))
    office.clock.go_on(timedelta(minutes=minutes))

    assert await office.outbox(RecordingBridge(repeatable=repeatable)).recover() == 1

    [row] = await office.rows()
    assert (row.state, row.problem) == (state, problem)


async def test_a_platform_that_stays_away_after_a_stop_is_sent_nothing_twice(
    office: Office,
) -> None:
    _, ana = await join(office.store, "ana")
    await office.half_send(await office.owe(ana, 7))
    bridge = RecordingBridge(repeatable=True)
    bridge.before = [raising(Unavailable("recording"))] * 5
    for _ in range(2):  # stopped twice, the second time while it was away
        outbox = office.outbox(bridge)
        office.clock.go_on(timedelta(seconds=50))
        await outbox.recover()
        await outbox.step()
    assert bridge.calls == 2
    office.clock.go_on(timedelta(seconds=30))

    await outbox.step()  # it is there again, and knows the key no longer

    [row] = await office.rows()
    assert (row.state, row.problem) == (DeliveryState.UNKNOWN, "stopped while sending")
    assert (bridge.calls, bridge.arrivals) == (2, [])


async def test_what_was_begun_goes_before_what_has_waited_longer(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    first, begun = [await office.owe(ana, it) for it in (7, 8)]
    office.clock.go_on(timedelta(minutes=1))
    await office.half_send(begun)  # Discord knows for minutes that it has it
    await office.outbox(RecordingBridge(repeatable=True)).recover()

    async with office.store.read() as view:
        waiting = await outstanding.due(view, platform="recording")

    assert [it.delivery.id for it in waiting] == [begun, first]


async def test_a_room_is_written_to_like_a_person(office: Office) -> None:
    async with office.store.work() as work:
        room = await members.room(work, platform="recording", external_id="attic", public=True)
        for _ in range(2):
            await deliveries.owe(work, kind=DeliveryKind.JAM_ENDED, subject_id=3, to=room)
    bridge = RecordingBridge()
    bridge.before = [raising(Unavailable("recording"))]

    await office.outbox(bridge).step()
    office.clock.go_on(timedelta(seconds=5))
    await office.outbox(bridge).step()

    assert [it.place for it in bridge.arrivals] == ["attic"]
    assert await office.states() == [DeliveryState.SENT]


async def test_a_room_that_is_gone_ends_its_message_only(office: Office) -> None:
    async with office.store.work() as work:
        room = await members.room(work, platform="recording", external_id="attic", public=True)
        await deliveries.owe(work, kind=DeliveryKind.JAM_ENDED, subject_id=3, to=room)
    bridge = RecordingBridge()
    bridge.before = [raising(Gone("recording"))]

    await office.outbox(bridge).step()

    assert await office.states() == [DeliveryState.FAILED]


async def test_a_message_is_owed_to_one_account_or_one_room(office: Office) -> None:
    for number in (None, 1):
        with pytest.raises(IntegrityError, match="owed_to_one"):
            async with office.store.work() as work:
                work.db.add(
                    Delivery(
                        key="x",
                        platform="recording",
                        kind="digest",
                        subject_id=1,
                        due_at=work.now,
                        identity_id=number,
                        room_id=number,
                    )
                )


async def test_a_bridge_that_reaches_some_places_leaves_the_rest_owed(office: Office) -> None:
    for name, subject in (("ana", 7), ("ben", 8)):
        _, account = await join(office.store, name)
        await office.owe(account, subject)
    bridge = RecordingBridge()
    outbox = Outbox(
        office.store, office.bus, [bridge], office.render, lambda _: True, places=["home-ben"]
    )

    await outbox.step()

    assert [it.place for it in bridge.arrivals] == ["home-ben"]
    assert await office.states() == [DeliveryState.PENDING, DeliveryState.SENT]


async def test_one_place_waits_its_turn_and_holds_up_nobody(office: Office) -> None:
    _, ana = await join(office.store, "ana")
    _, ben = await join(office.store, "ben")
    for n in range(3):
        await office.owe(ana, n)
    await office.owe(ben, 9)
    bridge = RecordingBridge()

    await office.outbox(bridge, pace=Pace(per_person=0.2)).step()

    places = [it.place for it in sorted(bridge.arrivals, key=lambda it: it.at)]
    assert sorted(places[:2]) == ["home-ana", "home-ben"]
    times = sorted(it.at for it in bridge.arrivals if it.place == "home-ana")
    assert times[2] - times[0] >= 0.35


async def test_a_full_place_holds_up_nobody_behind_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "BATCH", 4)
    _, ana = await join(office.store, "ana")
    _, ben = await join(office.store, "ben")
    for n in range(6):
        await office.owe(ana, n)
    await office.owe(ben, 9)
    bridge = RecordingBridge()

    await office.outbox(bridge, pace=Pace(per_person=0.05)).step()

    assert [it.text for it in bridge.arrivals if it.place == "home-ana"] == [
        f"digest {n}" for n in range(6)
    ]
    assert [it.place for it in bridge.arrivals].index("home-ben") <= 2


class HoldingBridge(RecordingBridge):
    """Holds everything back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.let_go = asyncio.Event(), asyncio.Event()

    async def send_late(
        self,
        place_id: str,
        part: Part,
        *,
        key: str,
        under: str | None,
        may_go: Callable[[], Awaitable[None]],
    ) -> str:
        self.waiting.set()
        await self.let_go.wait()
        await may_go()
        await may_go()
        return await self.send(place_id, part, key=key, under=under)


async def test_one_that_its_bridge_holds_back_is_claimed_when_it_goes(office: Office) -> None:
    bridge = HoldingBridge()
    _, account = await join(office.store, "ana")
    await office.owe(account, 1)
    sending = asyncio.create_task(office.outbox(bridge, pace=Pace()).step())
    await asyncio.wait_for(bridge.waiting.wait(), PATIENT)
    assert await office.states() == [DeliveryState.PENDING]
    bridge.let_go.set()
    await asyncio.wait_for(sending, PATIENT)
    assert await office.states() == [DeliveryState.SENT]
    assert (await office.rows())[0].attempts == 1

    bridge.waiting.clear()
    bridge.let_go.clear()
    await office.owe(account, 2)
    sending = asyncio.create_task(office.outbox(bridge, pace=Pace(limit=0.01)).step())
    await asyncio.wait_for(sending, PATIENT)  # it waited for too long, and never left
    assert await office.states() == [DeliveryState.SENT, DeliveryState.PENDING]

    bridge.waiting.clear()
    third = await office.owe(account, 3)
    sending = asyncio.create_task(office.outbox(bridge, pace=Pace()).step())
    await asyncio.wait_for(bridge.waiting.wait(), PATIENT)
    await office.half_send(third)  # another has it meanwhile
    bridge.let_go.set()
    await asyncio.wait_for(sending, PATIENT)
    assert (await office.states())[-1] is DeliveryState.SENDING
    assert [it.text for it in bridge.arrivals] == ["digest 1"]


async def test_quiet_hours_hold_what_is_sent_again_and_what_waited_for_its_platform(
    office: Office,
) -> None:
    member_id, ana = await join(office.store, "ana")
    _, ben = await join(office.store, "ben")
    async with office.store.work() as work:
        await digests.set_up(work, member_id, quiet=("06:30", "08:00"))
    office.clock.go_to(NOW - timedelta(seconds=2))
    await office.owe(ana, 7)
    await office.owe(ben, 8)
    bridge = RecordingBridge()
    bridge.before = [raising(Unavailable("recording"))] * 2
    outbox = office.outbox(bridge)

    await outbox.step()
    morning = NOW.replace(hour=8, minute=0)
    assert {it.subject_id: it.due_at for it in await office.rows()} == {
        7: morning,
        8: NOW + timedelta(seconds=3),
    }
    office.clock.go_to(NOW)
    await office.owe(ana, 9)  # as when its platform was away since before they began
    await outbox.step()
    assert bridge.arrivals == []
    office.clock.go_to(morning)
    await outbox.step()

    assert sorted(it.text for it in bridge.arrivals) == ["digest 7", "digest 8", "digest 9"]


async def test_what_came_of_one_is_written_down_when_the_database_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PATIENCE", 0.0)
    _, ana = await join(office.store, "ana")
    await office.owe(ana, 7)
    bridge = RecordingBridge()
    away = [raising(Unavailable("The database"))] * 2

    async def gone(*given: object, **named: object) -> None:
        await (away.pop()() if away else sent(*given, **named))  # type: ignore[arg-type]  # as given

    sent = deliveries.sent
    monkeypatch.setattr(deliveries, "sent", gone)
    await office.outbox(bridge).step()

    assert await office.states() == [DeliveryState.SENT]
    assert bridge.calls == 1
