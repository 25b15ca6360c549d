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
FROM_TO = re.compile(rf"{DAY}\s*(?:-|–|to|through|until|till|bis|al?|hasta|から)\s*{DAY}")
EACH_DAY = re.compile(
    r"\b(?:daily|(?:every|each) (?:single )?"
    r"(?:day|tag|días?|morning|noon|afternoon|evening|night))\b"
)
BUT = re.compile(  # the days named behind it are left out
    r"\b(?:no digests? (?:on|at)|(?:but )?not (?:on|at)|never (?:on|at)|except(?: for)?"
    r"|kein\w* digests? (?:am|an)|(?:aber )?nicht (?:am|an)|außer"
    r"|sin resumen(?:es)?|excepto|salvo)\b"
)

# The time named behind them, or in Japanese before them, is that of before.
NOT_AT = re.compile(
    r"\b(?:not|no longer|nicht(?: mehr)?|(?:ya )?no|instead of|rather than|(?:an)?statt"
    r"|en (?:vez|lugar) de|(?:drop|cancel|remove) (?:the|my))"
    rf"\s+(?:(?:at|um|las?)\s+)?{TIME.pattern}"
)
NOT_AT_JA = re.compile(rf"{TIME.pattern}\s*(?:(?:では|じゃ|で)なくて?|の(?:代|か)わりに)")

# Days that no set of weekdays stands for.
RHYTHM = re.compile(
    r"\bevery (?:other|second|third|fourth|two|three|four|\d+)\b(?: \w+)?"
    r"|\bfortnightly\b|\bbi-?weekly\b|\b(?:every month|monthly|every hour|hourly)\b"
    r"|\bjede[nrs]? (?:zweite|dritte)\w*(?: \w+)?|\balle (?:zwei|drei|\d+) \w+"
    r"|\b(?:monatlich|stündlich)\b|\bcada (?:dos|tres|\d+|hora|mes)\b(?: \w+)?|隔[日週月]",
    re.IGNORECASE,
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


@dataclass(frozen=True, slots=True)
class Named:
    """What of hours was named; nothing of a kind is empty. `not_at` are times that are no more."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str
    not_at: tuple[time, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether none of it was."""
        return not (self.times or self.weekdays or self.zone or self.not_at)


def read_hours(typed: str, *, zone: str) -> Hours:
    """Hours such as "7:30 and 19:00 on weekdays Europe/Berlin"; every day unless it says which.

    Also in words: "half past seven", "quarter to nine in the evening", "noon".

    Raises:
        BadTime: no time of day is in it, or one that no clock shows.
        UnknownZone: what looks like a zone is none.
    """
    named = _named(typed)
    if not named.times:
        raise BadTime(_shown(typed))
    return Hours(named.times, named.weekdays or EVERY_DAY, named.zone or zone)


def read_wish(typed: str, *, zone: str, usual: str) -> Hours:
    """Hours as `read_hours` reads them, also in German, Spanish and Japanese.

    "Mornings" is a time too; where only days are named, `usual` is ("08:00").

    Raises:
        BadTime: neither a time of day nor a day is in it, or a time that no clock shows.
        NoRhythm: the days are not the same in every week.
        UnknownZone: what looks like a zone is none.
    """
    named = read_named(typed)
    if not named.times and not named.weekdays:
        raise BadTime(_shown(typed))
    times = named.times or (time.fromisoformat(usual),)
    return Hours(times, named.weekdays or EVERY_DAY, named.zone or zone)


def read_named(typed: str) -> Named:
    """What a wish says of hours, in any of the languages: "weekends" says nothing of a time.

    Raises:
        BadTime: a time of day is in it that no clock shows.
        NoRhythm: the days are not the same in every week.
        UnknownZone: what looks like a zone is none.
    """
    if found := RHYTHM.search(typed):
        raise NoRhythm(_shown(found[0]))
    return _named(in_english(typed, usual="").removesuffix(" at "), whole=typed)


def _named(typed: str, *, whole: str = "") -> Named:
    zone, rest = _zone(typed)
    words = " ".join(rest.lower().replace("’", "'").split())
    gone: set[time] = set()
    for form in (NOT_AT, NOT_AT_JA):
        for found in form.finditer(words):
            gone |= _either(found, typed=whole or typed)
        words = form.sub(" ", words)
    times = {NAMED[it] for it in re.findall(r"\w+", words) if it in NAMED}
    late = LATE.search(words) is not None and "morning" not in words
    times |= {_time(found, late=late, typed=whole or typed) for found in TIME.finditer(words)}
    return Named(tuple(sorted(times)), _weekdays(words), zone or "", tuple(sorted(gone)))


def _either(found: re.Match[str], *, typed: str) -> set[time]:
    """The time that was found; "not 8" may be that of the evening too."""
    at = _time(found, late=False, typed=typed)
    return {at} if found["half"] or at.hour >= 12 else {at, at.replace(hour=(at.hour + 12) % 24)}


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
    """The days that are named, without those that are left out; none where none is named."""
    named, *left_out = BUT.split(words, maxsplit=1)
    days = _days(named)
    if not left_out:
        return tuple(sorted(days))
    return tuple(sorted((days or {*EVERY_DAY}) - _days(left_out[0])))


def _days(words: str) -> set[int]:
    days = {DAYS.index(it) for it in re.findall(DAY, words)}
    for first, last in FROM_TO.findall(words):
        start, end = DAYS.index(first), DAYS.index(last)
        days |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    if "weekday" in words:
        days |= {*EVERY_DAY[:5]}
    if "weekend" in words:
        days |= {*EVERY_DAY[5:]}
    return days or ({*EVERY_DAY} if EACH_DAY.search(words) else set())


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
