"""Hours that are due: many at once, changed meanwhile, and by clocks that jump."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import col, func, select

from benchmarks import digest_claiming, digest_days
from benchmarks.figures import Figures
from feed_core.bus import Bus
from feed_core.clock import Upcoming, next_local, spread, zone_of
from feed_core.database import Place
from feed_core.models.digests import Digest, DigestSchedule, RoomSchedule
from feed_core.services import digest_claims, digest_hours, members
from feed_core.states import DigestState
from feed_core.store import Store, View
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join

EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often each kind of statement was executed meanwhile."""
    seen: Counter[str] = Counter()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen[statement.split()[0]] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def claim(store: Store, *, early: timedelta = timedelta()) -> int:
    async with store.work() as work:
        return await digest_claims.claim_due(work, early=early)


async def rows(store: Store) -> list[Digest]:
    async with store.read() as view:
        return list(await view.db.exec(select(Digest).order_by(col(Digest.id))))


@pytest.mark.anywhere
async def test_all_who_are_due_at_once_are_claimed_once_and_go_on(place: Place) -> None:
    database = "SQLite" if isinstance(place, Path) else "PostgreSQL"
    figures = Figures("digests", database, quiet=True)

    await digest_claiming.claims(place, figures, members=7_000, rivals=100)

    told = figures.told
    assert told["claimed of them"] == told["members due in the same second"] == 7_000
    assert told["whose next hour is not ahead"] == 0


@pytest.mark.anywhere
async def test_of_several_who_claim_at_once_one_gets_each_hour(
    place: Place, clock: FixedClock
) -> None:
    claimants = [Store(place, clock, Bus()) for _ in range(3)]
    await digest_claiming.people(claimants[0], range(1, 301))
    clock.go_to(digest_claiming.HOUR + timedelta(minutes=1))

    async def all_by(store: Store) -> int:
        looked_at = 0
        async with store.work() as work:
            while found := await digest_claims.claim_due(work, limit=20):
                looked_at += found
                await asyncio.sleep(0.01)  # while it holds what it has claimed
        return looked_at

    try:
        each = await asyncio.gather(*map(all_by, claimants))
        left = await claim(claimants[0])
        made = await rows(claimants[0])
    finally:
        for it in claimants:
            await it.close()

    assert sum(each) + left == 300
    assert sorted(it.member_id for it in made) == list(range(1, 301))


@pytest.mark.anywhere
async def test_a_batch_takes_a_few_statements_however_many_zones_it_has(
    store: Store, clock: FixedClock
) -> None:
    await digest_claiming.people(store, range(1, 501))
    clock.go_to(digest_claiming.HOUR + timedelta(minutes=1))

    with counted() as statements:
        assert await claim(store) == 500

    assert statements.total() <= 4  # what goes past SQLAlchemy is one for each table at most
    made = await rows(store)
    assert sorted(it.member_id for it in made) == list(range(1, 501))
    async with store.read() as view:
        for it in await view.db.exec(select(DigestSchedule)):
            assert it.next_run_at == digest_hours.following(it, after=clock.now())
    assert await claim(store) == 0


async def schedules(view: View) -> list[DigestSchedule | RoomSchedule]:
    return [
        *await view.db.exec(select(DigestSchedule).order_by(col(DigestSchedule.member_id))),
        *await view.db.exec(select(RoomSchedule).order_by(col(RoomSchedule.room_id))),
    ]


def alone(
    row: DigestSchedule | RoomSchedule, now: datetime
) -> tuple[datetime | None, datetime | None, tuple[datetime, str] | None]:
    """What becomes of one hour by itself: the next, the one that was missed, and the digest."""
    hour, skipped = row.next_run_at, None
    assert hour is not None
    if hour > now:
        return hour, None, None
    if hour < now - digest_hours.GRACE:
        skipped, recent = hour, digest_hours.following(row, after=now - digest_hours.GRACE)
        hour = recent if recent is not None and recent <= now else hour
    coming = digest_hours.following(row, after=max(now, hour))
    if hour < now - digest_hours.GRACE:
        return coming, skipped, None
    there = (hour - spread(row.member_id)).astimezone(zone_of(row.zone))
    room = f"room:{row.room_id}:" if isinstance(row, RoomSchedule) else ""
    return coming, skipped, (hour, f"{room}{there:%Y-%m-%dT%H:%M}")


@pytest.mark.anywhere
async def test_of_many_that_are_claimed_together_each_becomes_what_it_would_alone(
    store: Store, clock: FixedClock
) -> None:
    await digest_claiming.people(store, range(1, 81))
    async with store.work() as work:
        for row in await work.db.exec(select(DigestSchedule)):
            hour = datetime.strptime(row.times[0], "%H:%M")
            row.times = sorted(  # that one, the next minute, and eleven hours later
                {f"{hour + it:%H:%M}" for it in (0 * SECOND, 60 * SECOND, timedelta(hours=11))}
            )
            row.zone = ("Asia/Kathmandu", "America/St_Johns", "Nowhere/Gone")[row.member_id % 3]
            row.weekdays = [[*range(7)], [0, 2]][row.member_id % 2]
            row.next_run_at = digest_hours.following(row, after=work.now)
            if row.member_id <= 20:
                place = f"{row.member_id}"
                room = await members.room(work, platform="discord", external_id=place, public=True)
                assert room.id is not None
                await digest_hours.schedule_room(
                    work,
                    room_id=room.id,
                    member_id=row.member_id,
                    times=[datetime.strptime(it, "%H:%M").time() for it in row.times],
                    weekdays=row.weekdays,
                    zone=row.zone,
                )
    for late in (30 * SECOND, 100 * SECOND, timedelta(hours=2), timedelta(hours=13, seconds=40)):
        async with store.read() as view:
            coming = (await view.db.exec(select(func.min(DigestSchedule.next_run_at)))).one()
        assert coming is not None
        clock.go_to(coming.replace(second=0, microsecond=0) + late)
        async with store.read() as view:
            before = await schedules(view)
            known = {(it.member_id, it.slot) for it in await view.db.exec(select(Digest))}
        expected = [alone(it, clock.now()) for it in before]

        await claim(store)

        async with store.read() as view:
            after = await schedules(view)
        assert [it.next_run_at for it in after] == [it[0] for it in expected]
        for was, now, (_, skipped, _) in zip(before, after, expected, strict=True):
            if isinstance(was, DigestSchedule) and isinstance(now, DigestSchedule):
                assert now.skipped_at == (skipped or was.skipped_at)
        made = {
            (it.member_id, it.slot): (it.due_at, it.room_id or 0, it.identity_id or 0)
            for it in await rows(store)
            if (it.member_id, it.slot) not in known
        }
        assert made == {
            (it.member_id, digest[1]): (
                digest[0],
                it.room_id if isinstance(it, RoomSchedule) else 0,
                it.identity_id if isinstance(it, DigestSchedule) else 0,
            )
            for it, (_, _, digest) in zip(before, expected, strict=True)
            if digest is not None and (it.member_id, digest[1]) not in known
        }


@pytest.mark.anywhere
async def test_a_clock_that_jumps_ahead_or_back_doubles_nothing_and_loses_only_what_it_must(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)
    clock.go_to(first + SECOND)
    await claim(store)

    for jump in (timedelta(hours=-1), timedelta(days=-1), timedelta(hours=1), timedelta(days=1)):
        clock.go_to(first + SECOND + jump)
        await claim(store)
    slots = [it.slot for it in await rows(store)]
    assert slots == ["2026-11-23T07:30", "2026-11-24T07:30"]

    clock.go_to(first + timedelta(days=5, hours=1))  # a day and more ahead: one is made up for
    await claim(store)
    clock.go_to(first + timedelta(days=3))  # and back again: that day is over and done with
    assert await claim(store) == 0
    assert [it.slot for it in await rows(store)] == [*slots, "2026-11-28T07:30"]


@pytest.mark.anywhere
async def test_who_changes_the_hour_five_times_within_its_minute_gets_one_digest_of_each_at_most(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    clock.go_to(await daily(store, ana, account, zone="UTC", times=[time(7, 30)]))
    await claim(store, early=timedelta(minutes=10))

    for minute in (31, 32, 33, 31, 35):  # to and fro; what was begun early is called off
        await daily(store, ana, account, zone="UTC", times=[time(7, minute)])
        await claim(store, early=timedelta(minutes=10))

    coming = [it for it in await rows(store) if it.state is DigestState.DUE]
    assert [it.slot for it in coming] == ["2026-11-23T07:30", "2026-11-23T07:35"]
    assert all(it.state is DigestState.FAILED for it in await rows(store) if it not in coming)


async def test_the_29th_of_february_has_a_digest_and_every_other_day_around_it(
    store: Store, clock: FixedClock
) -> None:
    clock.go_to(datetime(2028, 2, 27, 12, tzinfo=UTC))
    ana, account = await join(store, "ana")
    clock.go_to(await daily(store, ana, account, zone="Pacific/Auckland"))

    for _ in range(3):
        await claim(store)
        async with store.read() as view:
            row = await digest_hours.find_schedule(view, ana)
            assert row is not None and row.next_run_at is not None
        clock.go_to(row.next_run_at)

    days = [it.local_date for it in await rows(store)]
    assert days == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]


@given(
    st.lists(st.times(), min_size=1, max_size=3),
    st.sets(st.integers(0, 6), min_size=1),
    st.sampled_from(digest_days.EDGES),
    st.lists(st.integers(0, 90), min_size=2, max_size=5),
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)),
)
def test_what_members_share_is_what_each_would_find_alone(
    times: list[time], weekdays: set[int], zone: str, waits: list[int], start: datetime
) -> None:
    hours = [it.replace(second=0, microsecond=0) for it in times]
    upcoming = Upcoming()
    for wait in waits:
        after = start.replace(tzinfo=UTC) - timedelta(seconds=wait)
        told = [f"{it:%H:%M}" for it in hours]
        found = upcoming.next(f"{told}".replace("'", '"'), f"{[*weekdays]}", zone, after=after)
        assert found == next_local(hours, weekdays, zone, after=after)


def test_each_local_day_has_its_digest_at_the_moment_that_another_reckoning_finds() -> None:
    figures = Figures("digests", quiet=True)
    zones = {*digest_days.EDGES, *sorted(available_timezones())[::40]}

    digest_days.measure(figures, zones=zones, years=1)

    assert figures.told.pop("local days with an awkward hour") > len(zones) * 6 * 360
    counted = ("skipped", "doubled", "another", "other")
    wrong = {name: it for name, it in figures.told.items() if any(word in name for word in counted)}
    assert len(wrong) == 4
    assert set(wrong.values()) == {0}
