"""Reads hours, weekdays and a time zone from plain words."""

import re
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from zoneinfo import available_timezones

from feed_core.clock import EVERY_DAY
from feed_core.errors import BadTime, UnknownZone

NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
AFTERNOON = r"p\.?m\b\.?|in the (?:afternoon|evening)|at night"
MORNING = r"a\.?m\b\.?|in the morning"
HALF_DAY = rf"(?:\s*(?P<half>{AFTERNOON}|{MORNING}))?"
CLOCK = re.compile(
    rf"(?<![\w:.+\-])(?P<hour>\d{{1,4}})(?:(?P<mark>[:.h])(?P<minute>\d*))?(?P<more>:\S*)?{HALF_DAY}",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    rf"\b(?:(?P<part>half|quarter) (?P<side>past|to) )?(?P<hour>{'|'.join(NUMBERS)}|(?<!\d)\d{{1,2}})"
    rf"(?: o'?clock\b)?{HALF_DAY}",
    re.IGNORECASE,
)
NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
ZONE = re.compile(r"\b[A-Za-z_]+/[A-Za-z_/+\-0-9]+|\b(?:UTC|GMT)\b(?:[+\-]\S*)?", re.IGNORECASE)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b"
DAYS_FROM_TO = re.compile(rf"{DAY}\s*(?:-|–|to|through|until)\s*{DAY}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times on weekdays (Monday 0) in a zone."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str
