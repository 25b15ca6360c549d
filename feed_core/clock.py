"""What time it is, and when a local hour comes next."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
NO_ZONE = "UTC"  # of members who never said where they live


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Now, with the zone UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Now, with the zone UTC."""
        return datetime.now(UTC)


@lru_cache(maxsize=1_000)  # there are 599; Python itself keeps eight, and reads others again
def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC where there is no such zone (any more)."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo(NO_ZONE)


def is_lost(zone: str) -> bool:
    """Whether there is no zone of this name (any more), so that hours count in UTC."""
    return zone_of(zone).key != zone


def next_local(
    times: Sequence[time], weekdays: Collection[int], zone: str, *, after: datetime
) -> datetime | None:
    """The first moment (UTC) after `after` at one of these local times on these weekdays.

    Weekdays count from Monday as 0. Local dates are walked one by one, so no day is skipped or
    doubled when clocks change: a time that a change leaves out comes as much later as the change
    is long (or earlier, where later would be tomorrow), one that comes twice counts the first time
    (PEP 495). None when no time or no weekday is given. In a zone that is lost, UTC counts.
    """
    local_zone = zone_of(zone)
    first = after.astimezone(local_zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(10)):
        if day.weekday() not in weekdays:
            continue
        moments = (_moment(day, at, local_zone) for at in times)
        if later := [moment for moment in moments if moment is not None and moment > after]:
            return min(later)
    return None


class Upcoming:
    """Finds what `next_local` finds, and remembers it while it is ahead.

    Thousands of members share their hours and their zone: for them it is worked out once.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], tuple[datetime, datetime]] = {}
        self._local: dict[tuple[datetime, str], tuple[date, str]] = {}

    def local(self, moment: datetime, zone: str) -> tuple[date, str]:
        """What a calendar there shows, and a clock beside it ("2026-11-22T07:30")."""
        if (found := self._local.get((moment, zone))) is None:
            there = moment.astimezone(zone_of(zone))
            found = self._local[moment, zone] = there.date(), f"{there:%Y-%m-%dT%H:%M}"
        return found

    def next(self, times: str, weekdays: str, zone: str, *, after: datetime) -> datetime | None:
        """As `next_local`; times ("07:30") and weekdays are JSON, as schedules keep them."""
        key = (times, weekdays, zone)
        known = self._known.get(key)
        if known is not None and known[0] <= after < known[1]:
            return known[1]
        hours, days = [time.fromisoformat(it) for it in json.loads(times)], json.loads(weekdays)
        since = after.replace(second=0, microsecond=0)  # nearly all hours come at a full minute
        moment = next_local(hours, days, zone, after=since)
        if moment is not None and moment <= after:
            since, moment = after, next_local(hours, days, zone, after=after)
        if moment is not None:
            if known is not None and known[1] == moment:
                since = min(since, known[0])
            self._known[key] = (since, moment)
        return moment


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    for fold in (0, 1):
        moment = datetime.combine(day, at.replace(fold=fold), tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).date() == day:
            return moment
    return None  # an island changed sides of the date line: there is no such day


def spread(member_id: int, *, within: timedelta = timedelta(minutes=1)) -> timedelta:
    """A member's own small delay, always the same, so that digests do not all leave at once."""
    digest = hashlib.blake2b(str(member_id).encode(), digest_size=8).digest()
    return within * (int.from_bytes(digest) / 2**64)
