"""What plain words wish of a digest: other hours, a cover, its length, word of an empty week."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agents.hours import NUMBERS, Named, read_named
from feed_core.models.digests import Length

AMOUNTS = {
    **dict.fromkeys(("a", "an", "one", "ein", "eine", "una", "一"), 1.0),
    **dict.fromkeys(("two", "zwei", "dos", "二"), 2.0),
    **dict.fromkeys(("three", "drei", "tres", "三"), 3.0),
    **dict.fromkeys(("half an", "half a", "eine halbe", "media"), 0.5),
    **dict.fromkeys(("a quarter of an", "eine viertel", "un cuarto de"), 0.25),
    "anderthalb": 1.5,
}
SOONER = ("earl", "soon", "früh", "eher", "antes", "más tem", "más pro", "早", "前", "繰り上")
DIRECTION = (
    r"later|earlier|sooner|später|früher|eher|más tarde|después|antes|más temprano|más pronto"
)
MANY = "|".join(sorted(AMOUNTS, key=len, reverse=True))
SPAN = (
    rf"(?:by )?(?<![0-9a-zà-ÿ:.])(?P<amount>\d{{1,3}}|{MANY})"
    r"\s*(?P<unit>hours?|minutes?|mins?|stunden?|minuten?|horas?|minutos?|時間|分)"
    r"(?P<half> and a half| y media|半)?"
)
MOVED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{SPAN}\s*(?P<to>{DIRECTION}|遅|後|早|前|繰り上|繰り下)\w*",
        rf"\b(?P<to>{DIRECTION}) {SPAN}",
    )
)
AT = rf"(?:\d[\d:.]*|\b(?:{'|'.join(NUMBERS)}|noon|midnight)\b)"
ALSO = re.compile(
    rf"\b(?:also|additionally|auch|zusätzlich|también|además)\s+(?:(?:at|um|a las?)\s+)?{AT}"
    r"|\b(?:too|as well|también|además)\W*$|にも",
    re.IGNORECASE,
)
FROM = re.compile(  # "from 8 to 9" moves the one to the other
    rf"\b(?:from|von|desde|de las?)\s+(?={AT}(?: ?[ap]m| uhr)?\s+(?:to|auf|nach|a las?|hasta)\s)"
    r"|(?<=[時分半])から(?=\w+時)",
    re.IGNORECASE,
)
NO = re.compile(
    r"\b(?:no|not|don'?t|without|off|remove|drop|keine?n?|ohne|nicht|weg|aus|sin|quita\w*)\b"
    r"|なし|なく|ない|外して|消して|やめて",
    re.IGNORECASE,
)
COVER = re.compile(
    r"\b(?:cover|title) ?(?:picture|image)?s?\b|\btitelbild\w*|\bportadas?\b|表紙|カバー",
    re.IGNORECASE,
)
EMPTY = re.compile(
    r"\b(?:if|when(?:ever)?) (?:there (?:is|was)|there's|a week brings) (?:nothing|no news)"
    r"|\b(?:wenn|falls)\b.*\bnichts\b|\b(?:si|cuando) no (?:hay|hubo|haya)\b"
    r"|(?:何も|新着が?)な(?:い|け|かっ)\w*|(?:^|(?<=\s))(?:tell|skip)\W*$",
    re.IGNORECASE,
)
SILENT = re.compile(
    r"\b(?:skip|don'?t|do not|never|nicht sagen|sage? (?:mir )?nichts|no me (?:avises|digas))\b"
    r"|言わな|知らせな|教えな",
    re.IGNORECASE,
)
SIZES = (
    (Length.SHORT, r"\bshort(?:er)?\b|\bkürzer|\bkurze[nrs]?\b|\bcort[oa]s?\b|\bbreves?\b|短"),
    (
        Length.LONG,
        r"\blonger|\blong\W*$|\blong digests?|\blänger|\blange[nrs]?\b|\blarg[oa]s?\b|長",
    ),
    (Length.USUAL, r"\busual|\bnormal|\bübliche?|\bhabitual|普通|いつもの"),
)
SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be otherwise; None, nothing or no time where nothing is said of it."""

    hours: Named
    later: timedelta
    also: bool
    cover: bool | None
    says_empty: bool | None
    length: Length | None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing that a digest could be set to."""
        others = (self.cover, self.says_empty, self.length)
        return self.hours.nothing and not self.later and others == (None, None, None)

    def times(self, before: Sequence[time]) -> tuple[time, ...]:
        """The times from now on; none are left where all were taken away."""
        if self.hours.times:
            return tuple(sorted({*self.hours.times, *(before if self.also else ())}))
        return tuple(self._moved(it).time() for it in before if it not in self.hours.not_at)

    def weekdays(self, before: Sequence[int], times: Sequence[time]) -> tuple[int, ...]:
        """The days from now on; those of before go along where all its times pass midnight."""
        if self.hours.weekdays or self.hours.times:
            return self.hours.weekdays or tuple(before)
        days = {(self._moved(it).date() - SOME_DAY).days for it in times}
        by = days.pop() if len(days) == 1 else 0
        return tuple(sorted((it + by) % 7 for it in before))

    def _moved(self, at: time) -> datetime:
        return datetime.combine(SOME_DAY, at) + self.later


def read(typed: str) -> Wish:
    """What is wished of a digest, in any of the languages.

    Raises:
        BadTime: a time of day is in it that no clock shows.
        NoRhythm: the days are not the same in every week.
        UnknownZone: what looks like a zone is none.
    """
    words, later, cover, says_empty = typed, timedelta(), None, None
    if moved := next((it for form in MOVED if (it := form.search(words))), None):
        later, words = _span(moved), words.replace(moved[0], " ")
    if COVER.search(words):
        cover = NO.search(words) is None
    if empty := EMPTY.search(words):
        says_empty = SILENT.search(words) is None
        words = words.replace(empty[0], " ")
        if not any(map(str.isdigit, words)):
            words = ""  # "once a week" is when it is said, and no day of the digest
    length = next((it for it, form in SIZES if re.search(form, words, re.IGNORECASE)), None)
    words = FROM.sub(lambda it: " not at " if it[0].isascii() else "ではなく", words)
    hours = read_named(words)
    return Wish(hours, later, ALSO.search(words) is not None, cover, says_empty, length)


def _span(found: re.Match[str]) -> timedelta:
    told = found["amount"].lower()
    amount = AMOUNTS.get(told) or float(told)
    amount += 0.5 if found["half"] else 0.0
    hours = found["unit"].lower().startswith(("h", "st", "時"))
    span = timedelta(hours=amount) if hours else timedelta(minutes=amount)
    return -span if found["to"].lower().startswith(SOONER) else span
