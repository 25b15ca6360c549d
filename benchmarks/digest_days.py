"""Local days in all zones: each has its digest once, at the moment that another reckoning finds.

That reckoning never goes from local time to UTC. It knows from when to when each zone keeps which
offset, and looks for the first moment at which a clock there shows the hour.
"""

import time
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of_day
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from benchmarks.figures import Figures
from feed_core.clock import EVERY_DAY, Upcoming, next_local

START = datetime(2025, 1, 1, tzinfo=UTC)
YEARS = 2
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Hours that a change of clocks leaves out, doubles, or moves across midnight somewhere.
AWKWARD = tuple(
    map(hour_of_day.fromisoformat, ("00:00", "00:30", "02:00", "02:30", "03:00", "23:59"))
)
EDGES = (
    "America/Nuuk",  # skips the hour before midnight
    "America/Havana",  # skips the hour after it
    "Australia/Lord_Howe",  # changes by half an hour
    "Africa/Casablanca",  # changes with Ramadan
    "Asia/Beirut",
    "Europe/Berlin",
    "Pacific/Chatham",
    "UTC",
)
Stretch = tuple[datetime, datetime, timedelta]  # from, to (UTC), offset of local time


def measure(figures: Figures, *, zones: Collection[str] = (), years: int = YEARS) -> None:
    """Count what is skipped, doubled or at another moment, over these zones or all."""
    zones = sorted(zones or available_timezones())
    end = START + years * 365 * DAY
    days = skipped = doubled = elsewhere = unlike = 0
    began = time.perf_counter()
    for zone in zones:
        kept = stretches(zone, START - 2 * DAY, end + 3 * DAY)
        for at in AWKWARD:
            meant = reckoned(kept, at, START, end)
            found = walked(zone, at, START, end)
            days += len(meant)
            skipped += len(meant.keys() - {day for day, _ in found})
            doubled += len(found) - len({day for day, _ in found})
            elsewhere += sum(meant.get(day, moment) != moment for day, moment in found)
            unlike += shared(zone, at, [moment for _, moment in found])
    figures.tell("zones", len(zones), "", least=len(zones))
    figures.tell("local days with an awkward hour", days, "")
    figures.tell("local days skipped", skipped, "", limit=0)
    figures.tell("local days doubled", doubled, "", limit=0)
    figures.tell("digests at another moment than reckoned", elsewhere, "", limit=0)
    figures.tell("other moments where many share them", unlike, "", limit=0)
    figures.tell("seconds for all of it", time.perf_counter() - began, "s")


def walked(
    zone: str, at: hour_of_day, start: datetime, end: datetime
) -> list[tuple[date, datetime]]:
    """When a daily hour comes, each time after the last, with the local date then."""
    local, found, moment = ZoneInfo(zone), [], start
    while (coming := next_local([at], EVERY_DAY, zone, after=moment)) and coming < end:
        found.append((coming.astimezone(local).date(), coming))
        moment = coming
    return found


def shared(zone: str, at: hour_of_day, moments: Sequence[datetime]) -> int:
    """How often a moment that members share is another than that which is found for one alone."""
    upcoming, times, days, wrong = Upcoming(), f'["{at:%H:%M}"]', "[0, 1, 2, 3, 4, 5, 6]", 0
    for before, after in pairwise(moments):
        for asked in (before, before + MINUTE / 2, before - MINUTE / 2, before + 3 * MINUTE):
            expected = before if asked < before else after
            wrong += upcoming.next(times, days, zone, after=asked) != expected
    return wrong


def reckoned(
    kept: Sequence[Stretch], at: hour_of_day, start: datetime, end: datetime
) -> dict[date, datetime]:
    """The moment for each local date of this time: where no clock shows the hour, beside the gap.

    As much later as the gap is long, or, where that is tomorrow, as much earlier.
    """
    found: dict[date, datetime] = {}
    gaps: dict[date, list[datetime]] = {}
    for n, (since, until, offset) in enumerate(kept):
        day = (since + offset).date()
        while True:
            moment = datetime.combine(day, at, tzinfo=UTC) - offset
            if moment >= until:
                break
            if moment >= since:
                found.setdefault(day, moment)
            day += timedelta(days=1)
        if n + 1 < len(kept) and (grown := kept[n + 1][2] - offset) > timedelta():
            for day in {(until + offset).date(), (until + kept[n + 1][2]).date()}:
                wanted = datetime.combine(day, at, tzinfo=UTC)
                if until + offset <= wanted < until + offset + grown:
                    gaps[day] = [wanted - offset, wanted - kept[n + 1][2]]
    for day, beside in gaps.items():
        for moment in beside:
            if day not in found and _local(kept, moment).date() == day:
                found[day] = moment
    return {day: it for day, it in found.items() if start < it < end}


def _local(kept: Sequence[Stretch], moment: datetime) -> datetime:
    for since, until, offset in kept:
        if since <= moment < until:
            return moment + offset
    raise LookupError(moment)


def stretches(zone: str, start: datetime, end: datetime) -> list[Stretch]:
    """From when to when the zone keeps which offset; changes are found by halving, to a second."""
    local = ZoneInfo(zone)

    def offset(moment: datetime) -> timedelta:
        found = moment.astimezone(local).utcoffset()
        assert found is not None
        return found

    kept: list[Stretch] = []
    since, moment = start, start
    while moment < end:
        later = moment + DAY
        if offset(later) != offset(moment):
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                middle -= timedelta(microseconds=middle.microsecond)
                low, high = (middle, high) if offset(middle) == offset(moment) else (low, middle)
            kept.append((since, high, offset(moment)))
            since = high
        moment = later
    return [*kept, (since, moment, offset(moment))]
