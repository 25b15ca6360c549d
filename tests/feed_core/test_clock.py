import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.clock import EVERY_DAY, next_local, spread

START = datetime(2025, 1, 1, 12, tzinfo=UTC)
END = START + timedelta(days=731)
# Hours that a change of clocks leaves out, doubles, or moves across midnight somewhere.
AWKWARD = (time(0, 0), time(0, 30), time(2, 30), time(23, 59))
KNOWN = (
    "America/Anchorage",
    "America/Asuncion",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "America/Nuuk",
    "Europe/Berlin",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)
OTHERS = random.Random(2026).sample(sorted(available_timezones() - set(KNOWN)), 24)


def days_hit(at: time, zone: str, *, start: datetime, end: datetime) -> list[date]:
    """The local dates on which a daily hour comes, in the order in which it comes."""
    days = []
    moment = start
    while (coming := next_local([at], EVERY_DAY, zone, after=moment)) and coming < end:
        days.append(coming.astimezone(ZoneInfo(zone)).date())
        moment = coming
    return days


@pytest.mark.parametrize("zone", [*KNOWN, *OTHERS])
def test_no_local_day_is_skipped_or_doubled_in_two_years(zone: str) -> None:
    for at in AWKWARD:
        days = days_hit(at, zone, start=START, end=END)

        assert len(days) >= 730
        assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days)), at


def test_a_day_that_an_island_left_out_is_left_out_and_no_other_doubled() -> None:
    # Samoa went from 29 to 31 December 2011.
    start = datetime(2011, 12, 27, tzinfo=UTC)

    for at in AWKWARD:
        days = days_hit(at, "Pacific/Apia", start=start, end=start + timedelta(days=8))
        assert [it.day for it in days if it >= date(2011, 12, 28)][:4] == [28, 29, 31, 1], at


def test_an_hour_that_the_change_leaves_out_comes_an_hour_later() -> None:
    coming = next_local(
        [time(2, 30)], EVERY_DAY, "Europe/Berlin", after=datetime(2026, 3, 28, 12, tzinfo=UTC)
    )

    assert coming == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there


def test_an_hour_that_would_be_pushed_into_tomorrow_comes_an_hour_earlier() -> None:
    # In Nuuk 23:00 on 28 March 2026 was already midnight.
    coming = next_local(
        [time(23, 59)], EVERY_DAY, "America/Nuuk", after=datetime(2026, 3, 28, 12, tzinfo=UTC)
    )

    assert coming is not None
    assert f"{coming.astimezone(ZoneInfo('America/Nuuk')):%d %H:%M}" == "28 22:59"


def test_an_hour_that_comes_twice_counts_the_first_time() -> None:
    first = next_local(
        [time(2, 30)], EVERY_DAY, "Europe/Berlin", after=datetime(2026, 10, 24, 12, tzinfo=UTC)
    )
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    second = next_local([time(2, 30)], EVERY_DAY, "Europe/Berlin", after=first)
    assert second == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_weekdays_count_from_monday() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)

    assert next_local([time(9)], [0], "UTC", after=sunday) == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert next_local([time(9)], [6], "UTC", after=sunday) == datetime(2026, 11, 29, 9, tzinfo=UTC)


def test_without_a_time_or_a_weekday_nothing_ever_comes() -> None:
    assert next_local([], EVERY_DAY, "UTC", after=START) is None
    assert next_local([time(9)], [], "UTC", after=START) is None


@given(
    times=st.lists(st.times().map(lambda it: it.replace(second=0, microsecond=0)), min_size=1),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(KNOWN),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_what_comes_next_is_later_within_eight_days_and_at_one_of_the_hours(
    times: list[time], weekdays: set[int], zone: str, after: datetime
) -> None:
    coming = next_local(times, weekdays, zone, after=after)

    assert coming is not None
    assert after < coming <= after + timedelta(days=8)
    local = coming.astimezone(ZoneInfo(zone))
    meant = [datetime.combine(local.date(), it, tzinfo=ZoneInfo(zone)) for it in times]
    assert coming in [it.astimezone(UTC) for it in meant]
    assert local.weekday() in weekdays


def test_a_member_waits_always_the_same_part_of_a_minute_and_members_differ() -> None:
    delays = [spread(member_id) for member_id in range(1, 1001)]

    assert delays == [spread(member_id) for member_id in range(1, 1001)]
    assert all(timedelta(0) <= it < timedelta(minutes=1) for it in delays)
    by_second = [sum(int(it.total_seconds()) == second for it in delays) for second in range(60)]
    assert max(by_second) < 40
