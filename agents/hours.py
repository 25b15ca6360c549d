"""Reads hours, weekdays and a time zone from plain words."""

import re
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from zoneinfo import available_timezones

from feed_core.clock import EVERY_DAY
from feed_core.errors import BadTime, UnknownZone

TIME = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?(?![\d:])", re.IGNORECASE)
ZONE = re.compile(r"\b[A-Za-z_]+/[A-Za-z_/+\-0-9]+|\bUTC\b|\bGMT\b", re.IGNORECASE)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times on weekdays (Monday 0) in a zone."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str


def read_hours(typed: str, *, zone: str) -> Hours:
    """Hours such as "7:30 and 19:00 on weekdays Europe/Berlin"; every day unless it says which.

    Raises:
        BadTime: no time of day is in it.
        UnknownZone: what looks like a zone is none.
    """
    if named := ZONE.search(typed):
        known = _zones().get(named[0].lower())
        if known is None:
            raise UnknownZone(named[0])
        zone = known
        typed = typed.replace(named[0], " ")
    words = typed.lower()
    times = {moment for name, moment in NAMED.items() if name in words}
    for hour, minute, half in TIME.findall(words):
        times.add(_time(int(hour), int(minute or 0), half[:1], typed))
    if not times:
        raise BadTime(typed.strip())
    return Hours(tuple(sorted(times)), _weekdays(words), zone)


def _time(hour: int, minute: int, half: str, typed: str) -> time:
    if half and not 1 <= hour <= 12:
        raise BadTime(typed.strip())
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise BadTime(typed.strip())
    return time(hour, minute)


def _weekdays(words: str) -> tuple[int, ...]:
    if "weekday" in words:
        return EVERY_DAY[:5]
    if "weekend" in words:
        return EVERY_DAY[5:]
    named = tuple(n for n, day in enumerate(DAYS) if re.search(rf"\b{day}", words))
    return named or EVERY_DAY


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
