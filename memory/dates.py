"""When a text speaks of: the days that its dates mean, seen from the moment at which it was said.

English only. Days are proleptic Gregorian ordinals (`date.toordinal`), both ends included.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

Span = tuple[int, int]

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple": 2,
    "a couple of": 2,
    "a few": 3,
    "few": 3,
    "several": 4,
}
_ORDER = ("first", "second", "third", "fourth")
_UNITS = {"day": 1, "night": 1, "week": 7, "weekend": 7, "month": 30, "year": 365}
_ABOUT = {1: 0, 7: 3, 30: 12, 365: 120}  # days by which "ago" may be off, by the unit's days

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>day|night|week|weekend|month|year)s?"
_SIDE = r"(?P<side>last|past|this|next|coming)"


def spans(text: str, said_at: date) -> list[Span]:
    """The spans of days that the text's dates mean, in its order; none it names are after 9999.

    A month, season or day of the week without a year is the nearest one that fits its words: in a
    text said on 3 June, "last May" and "in May" are this year's and "in August" is last year's.
    """
    if not _MAYBE.search(text):
        return []
    found: list[Span] = []
    taken: list[tuple[int, int]] = []
    for pattern, meaning in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            try:
                first, last = meaning(match, said_at)
                span = first.toordinal(), last.toordinal()
            except (ValueError, OverflowError):  # 31 February, the year 0
                continue
            taken.append((start, end))
            found.append(span)
    return found


def _whole_date(match: re.Match[str], said_at: date) -> tuple[date, date]:
    month, day = _MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        on = date(int(match["year"]), month, day)
    else:
        on = min((date(said_at.year + n, month, day) for n in (-1, 0, 1)), key=_near(said_at))
    return on, on


def _iso(match: re.Match[str], said_at: date) -> tuple[date, date]:
    on = date(int(match["year"]), int(match["month"]), int(match["day"]))
    return on, on


def _month(match: re.Match[str], said_at: date) -> tuple[date, date]:
    return _in_year(_MONTHS[match["month"].lower()], 1, match, said_at)


def _month_of(match: re.Match[str], said_at: date) -> tuple[date, date]:
    """A month or season of this year, of last year or of the next."""
    year = said_at.year + {"this": 0, "next": 1}.get(match["of"].lower(), -1)
    named = match.groupdict()
    month = named.get("month")
    first = _MONTHS[month.lower()] if month else _SEASONS[match["season"].lower()]
    return _months(year, first, 1 if month else 3)


def _week_of_month(match: re.Match[str], said_at: date) -> tuple[date, date]:
    first, last = _month(match, said_at)
    which = match["which"].lower()
    if which == "last":
        return last - timedelta(days=6), last
    begin = first + timedelta(days=7 * _ORDER.index(which))
    return begin, min(begin + timedelta(days=6), last)


def _beside(match: re.Match[str], said_at: date) -> tuple[date, date]:
    """The week or weekend of a date, before or after it."""
    on, _ = _whole_date(match, said_at)
    way = {"before": -1, "after": 1}.get(match["beside"].lower(), 0)
    if match["unit"].lower() == "week":
        monday = on - timedelta(days=on.weekday())
        begin = monday if not way else on + timedelta(days=-7 if way < 0 else 1)
        return begin, begin + timedelta(days=6)
    saturday = on - timedelta(days=on.weekday()) + timedelta(days=5)
    if way < 0 and saturday + timedelta(days=1) >= on:
        saturday -= timedelta(days=7)
    elif way > 0 and saturday <= on:
        saturday += timedelta(days=7)
    return saturday, saturday + timedelta(days=1)


def _season(match: re.Match[str], said_at: date) -> tuple[date, date]:
    return _in_year(_SEASONS[match["season"].lower()], 3, match, said_at)


def _in_year(month: int, months: int, match: re.Match[str], said_at: date) -> tuple[date, date]:
    named = match.groupdict()
    side, year = (named.get("side") or "").lower(), named.get("year")

    def of(which: int) -> tuple[date, date]:
        return _months(which, month, months)

    if year:
        return of(int(year))
    if side in {"next", "coming"}:
        return next(span for n in (0, 1) if (span := of(said_at.year + n))[0] > said_at or n)
    if side == "this":
        return of(said_at.year)
    past = (of(said_at.year - n) for n in (0, 1))
    ended = (span for span in past if (span[1] if side else span[0]) <= said_at)
    return next(ended, of(said_at.year - 1))


def _months(year: int, month: int, months: int) -> tuple[date, date]:
    after = month + months - 1
    end = date(year + after // 12, after % 12 + 1, 1)
    return date(year, month, 1), end - timedelta(days=1)


def _year(match: re.Match[str], said_at: date) -> tuple[date, date]:
    return date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31)


def _counted(match: re.Match[str], said_at: date) -> tuple[date, date]:
    count, unit = match["count"].lower(), _UNITS[match["unit"].lower()]
    days = unit * (int(count) if count.isdigit() else _NUMBERS[count])
    ago = -1 if match.groupdict().get("way") else 1
    on, about = said_at + timedelta(days=ago * days), timedelta(days=_ABOUT[unit])
    return on - about, on + about


def _unit(match: re.Match[str], said_at: date) -> tuple[date, date]:
    step = {"last": -1, "past": -1, "this": 0}.get(match["side"].lower(), 1)
    unit = match["unit"].lower()
    if unit in {"day", "night"}:
        on = said_at + timedelta(days=step)
        return on, on
    if unit == "year":
        return date(said_at.year + step, 1, 1), date(said_at.year + step, 12, 31)
    if unit == "month":
        months = said_at.year * 12 + said_at.month - 1 + step
        year, month = divmod(months, 12)
        return date(year, month + 1, 1), date(
            year, month + 1, calendar.monthrange(year, month + 1)[1]
        )
    monday = said_at - timedelta(days=said_at.weekday()) + timedelta(weeks=step)
    return monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6)


def _weekday(match: re.Match[str], said_at: date) -> tuple[date, date]:
    away = _DAYS[match["weekday"].lower()] - said_at.weekday()
    if match["side"].lower() in {"last", "past", "on"}:
        away -= 7 if away >= 0 else 0
    else:
        away += 7 if away <= 0 else 0
    on = said_at + timedelta(days=away)
    return on, on


def _named(match: re.Match[str], said_at: date) -> tuple[date, date]:
    word = match[0].lower()
    near = {"yesterday": -1, "last night": -1, "tomorrow": 1, "the other day": -3}.get(word, 0)
    on = said_at + timedelta(days=near)
    return (on, on) if word != "the other day" else (on, said_at)


def _near(said_at: date) -> Callable[[date], int]:
    return lambda on: abs((on - said_at).days)


def _rules() -> Iterator[tuple[str, Callable[[re.Match[str], date], tuple[date, date]]]]:
    """What a date looks like and what it means; the first that fits a place has it."""
    yield r"(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)", _iso
    yield (
        rf"(?P<unit>week|weekend) (?P<beside>of|before|after) (?:the )?"
        rf"{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?",
        _beside,
    )
    yield (
        rf"(?P<which>{'|'.join(_ORDER)}|last) week (?:of|in) {_MONTH}(?:,? (?:of )?{_YEAR})?",
        _week_of_month,
    )
    yield rf"{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _whole_date
    yield rf"{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?", _whole_date
    yield (
        rf"(?:{_MONTH}|(?P<season>{'|'.join(_SEASONS)})) (?:of )?(?P<of>last|this|next) year",
        _month_of,
    )
    yield rf"(?:{_SIDE} )?{_MONTH},? (?:of )?{_YEAR}", _month
    yield rf"(?P<side>last|this|next|in|since|during|early|late|mid) {_MONTH}", _month
    yield rf"(?:{_SIDE} )(?P<season>{'|'.join(_SEASONS)})", _season
    yield rf"(?P<season>{'|'.join(_SEASONS)}) (?:of |in )?{_YEAR}", _season
    yield rf"{_COUNT} {_UNIT} (?P<way>ago|back|before|earlier)", _counted
    yield rf"in {_COUNT} {_UNIT}", _counted
    yield rf"{_SIDE} (?:couple of |few )?{_UNIT}", _unit
    yield rf"(?P<side>last|past|this|next|on|coming) (?P<weekday>{'|'.join(_DAYS)})", _weekday
    yield (
        r"yesterday|last night|the other day|today|tonight|tomorrow"
        r"|this (?:morning|afternoon|evening)",
        _named,
    )
    yield rf"(?:in|since|of|during|by|from) {_YEAR}", _year


_RULES = [(re.compile(rf"\b(?:{rule})\b", re.IGNORECASE), means) for rule, means in _rules()]
_MAYBE = re.compile(
    r"\d|ago|back|before|earlier|last|past|this|next|today|tonight|tomorrow|yesterday|other day"
    r"|coming|week of|\b(?:in|on|since|during|early|late|mid) ",
    re.IGNORECASE,
)
