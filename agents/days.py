"""Reads a day from plain words: "yesterday", "last week", "March", "2026-03-01"."""

from datetime import UTC, datetime, time

from feed_core.clock import zone_of
from feed_core.errors import BadDay

LONGEST = 60  # characters: nobody needs more for a day
SHOWN = 40
LANGUAGES = ("en", "de", "es")


def read_day(
    typed: str, *, now: datetime, zone: str, language: str, ahead: bool = False
) -> datetime:
    """The beginning of the day that is meant, in UTC; of a month or year that of its first day.

    A day without a year is the last one that there was, or the next one, `ahead`. "1/3" is read as
    the language does.

    Raises:
        BadDay: none can be read from it.
    """
    # Imported here: it takes a third of a second that only those who ask for a day should pay.
    import dateparser

    local = zone_of(zone)
    words = " ".join(typed.split())
    day_first = language != "en" or "." in words
    found = None
    if 0 < len(words) <= LONGEST and any(it.isalnum() for it in words):
        found = dateparser.parse(
            words,
            languages=list(LANGUAGES),
            settings={
                "RELATIVE_BASE": now.astimezone(local).replace(tzinfo=None),
                "PREFER_DATES_FROM": "future" if ahead else "past",
                "PREFER_DAY_OF_MONTH": "first",
                "PREFER_MONTH_OF_YEAR": "first",
                "DATE_ORDER": "DMY" if day_first else "MDY",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
    if found is None or not 1970 < found.year < 9000:
        raise BadDay(words[:SHOWN])
    return datetime.combine(found.date(), time(), tzinfo=local).astimezone(UTC)
