"""Reads hours, weekdays and a time zone from plain words."""

import re
from dataclasses import dataclass
from datetime import time

from agents import zones
from agents.set_hours import in_english
from feed_core.clock import EVERY_DAY
from feed_core.errors import BadTime, Refusal, UnknownZone

LONGEST = 60  # characters of what cannot be read that are shown again

NUMBERS = tuple(
    "one two three four five six seven eight nine ten eleven twelve".split(" ")  # noqa: SIM905  # as a list it is a page
)
PARTS = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "half": 30}
TIME = re.compile(
    rf"(?<![\w:.])(?:(?P<part>{'|'.join(PARTS)}) (?P<to>(?:past|to) |(?<=half )))?"
    rf"(?P<hour>\d+|(?:{'|'.join(NUMBERS)})\b)(?P<minute>[:.h]\d*(?::\d*)*)?"
    r"(?:\s?o'clock\b)?(?!\s*(?:days?|times?|weeks?|digests?)\b)"  # "seven days a week"
    r"(?:\s*(?P<half>[ap]\.?m\b|in the (?:morning|afternoon|evening)\b|at night\b)|(?!\w))"
)
MINUTE = re.compile(r"[:.h]([0-5]\d)")
NO_MINUTE = {None, ".", "h"}  # "8", "at 8.", "8h"
NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
PAST_NOON = re.compile(r"p|in the (?:afternoon|evening)|at night")
LATE = re.compile(r"\b(?:afternoon|evening|tonight)")

ZONE = re.compile(r"\b[A-Za-z_]+/[A-Za-z_/+\-0-9]+|\b(?:UTC|GMT)\b(?:[+\-]\S*)?", re.IGNORECASE)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = rf"\b({'|'.join(DAYS)})(?:s|nes|rs?|ur)?(?:days?)?\b"
FROM_TO = re.compile(rf"{DAY}\s*(?:-|–|to|through|until|till)\s*{DAY}")


# Days that no set of weekdays stands for.
RHYTHM = re.compile(
    r"\bevery (?:other|second|third|fourth|two|three|four|\d+)\b(?: \w+)?"
    r"|\bfortnightly\b|\bbi-?weekly\b|\b(?:every month|monthly|every hour|hourly)\b"
    r"|\bjede[nrs]? (?:zweite|dritte)\w*(?: \w+)?|\balle (?:zwei|drei|\d+) \w+"
    r"|\b(?:monatlich|stündlich)\b|\bcada (?:dos|tres|\d+|hora|mes)\b(?: \w+)?|隔[日週月]",
    re.IGNORECASE,
)
DAYS_NAMED = re.compile(
    rf"{DAY}|\bweek(?:days?|ends?)\b|\bdaily\b|\bevery day\b|\beach day\b", re.IGNORECASE
)


@dataclass(eq=False)
class NoRhythm(Refusal):
    """Days that weekdays do not say, such as every other one."""

    typed: str
    code = "no_rhythm"


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times on weekdays (Monday 0) in a zone."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str


def read_hours(typed: str, *, zone: str) -> Hours:
    """Hours such as "7:30 and 19:00 on weekdays Europe/Berlin"; every day unless it says which.

    Also in words: "half past seven", "quarter to nine in the evening", "noon".

    Raises:
        BadTime: no time of day is in it, or one that no clock shows.
        UnknownZone: what looks like a zone is none.
    """
    named, rest = _zone(typed)
    words = " ".join(rest.lower().replace("’", "'").split())
    times = {NAMED[it] for it in re.findall(r"\w+", words) if it in NAMED}
    late = LATE.search(words) is not None and "morning" not in words
    times |= {_time(found, late=late, typed=typed) for found in TIME.finditer(words)}
    if not times:
        raise BadTime(_shown(typed))
    return Hours(tuple(sorted(times)), _weekdays(words), named or zone)


def read_wish(typed: str, *, zone: str, usual: str) -> Hours:
    """Hours as `read_hours` reads them, also in German, Spanish and Japanese.

    "Mornings" is a time too; where only days are named, `usual` is ("08:00").

    Raises:
        BadTime: no time of day is in it, or one that no clock shows.
        NoRhythm: the days are not the same in every week.
        UnknownZone: what looks like a zone is none.
    """
    if found := RHYTHM.search(typed):
        raise NoRhythm(_shown(found[0]))
    said = in_english(typed, usual="")
    if said.endswith(" at "):  # no hour and no part of the day
        if not DAYS_NAMED.search(said):
            raise BadTime(_shown(typed))
        said += usual
    return read_hours(said, zone=zone)


def _time(found: re.Match[str], *, late: bool, typed: str) -> time:
    told = found["hour"]
    hour = NUMBERS.index(told) + 1 if told in NUMBERS else int(told[:4])
    exact = MINUTE.fullmatch(found["minute"] or "")
    minute = int(exact[1]) if exact else 0
    if (not exact and found["minute"] not in NO_MINUTE) or (found["half"] and not 1 <= hour <= 12):
        raise BadTime(_shown(typed))
    if found["half"]:
        hour = hour % 12 + (12 if PAST_NOON.match(found["half"]) else 0)
    elif late and hour < 12:
        hour += 12
    if found["part"]:
        past = PARTS[found["part"]]
        hour, minute = (hour - 1, 60 - past) if found["to"] == "to " else (hour, past)
    if not 0 <= hour <= 23:
        raise BadTime(_shown(typed))
    return time(hour, minute)


def _weekdays(words: str) -> tuple[int, ...]:
    if "weekday" in words:
        return EVERY_DAY[:5]
    if "weekend" in words:
        return EVERY_DAY[5:]
    named = {DAYS.index(it) for it in re.findall(DAY, words)}
    for first, last in FROM_TO.findall(words):
        start, end = DAYS.index(first), DAYS.index(last)
        named |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    return tuple(sorted(named)) or EVERY_DAY


def _zone(typed: str) -> tuple[str | None, str]:
    """The zone that is named, or whose city is, and the text without it."""
    if found := ZONE.search(typed):
        known = zones.zones().get(found[0].lower())
        if known is None:
            raise UnknownZone(_shown(found[0]))
        return known, typed.replace(found[0], " ")
    return zones.of_city(typed), typed


def _shown(typed: str) -> str:
    return typed.strip()[:LONGEST]
