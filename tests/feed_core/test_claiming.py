"""Hours that are due: many at once, changed meanwhile, and by clocks that jump."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import col, select

from benchmarks import digest_claiming, digest_days
from benchmarks.figures import Figures
from feed_core.clock import Upcoming, next_local
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.services import digest_claims, digest_hours
from feed_core.states import DigestState
from feed_core.store import Store
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

    digest_days.measure(figures, zones=digest_days.EDGES[:3], years=1)

    assert figures.told.pop("local days with an awkward hour") > 3 * 6 * 360
    counted = ("skipped", "doubled", "another", "other")
    wrong = {name: it for name, it in figures.told.items() if any(word in name for word in counted)}
    assert len(wrong) == 4
    assert set(wrong.values()) == {0}
