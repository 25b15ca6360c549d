from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.hours import read_hours
from feed_core.clock import EVERY_DAY
from feed_core.errors import BadTime, UnknownZone

WEEKDAYS, WEEKEND = EVERY_DAY[:5], EVERY_DAY[5:]


def told(typed: str) -> list[str]:
    return [f"{it:%H:%M}" for it in read_hours(typed, zone="UTC").times]


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("8", ["08:00"]),
        ("at 8.", ["08:00"]),
        ("08:00", ["08:00"]),
        ("7:30", ["07:30"]),
        ("7.30", ["07:30"]),
        ("19h", ["19:00"]),
        ("19h30", ["19:30"]),
        ("0:00", ["00:00"]),
        ("23:59", ["23:59"]),
        ("8am", ["08:00"]),
        ("8 PM", ["20:00"]),
        ("7:30pm", ["19:30"]),
        ("12 a.m.", ["00:00"]),
        ("12 p.m.", ["12:00"]),
        ("noon", ["12:00"]),
        ("Midnight", ["00:00"]),
        ("midnight and noon", ["00:00", "12:00"]),
        ("at 3 in the afternoon", ["15:00"]),
        ("every evening at 8", ["20:00"]),
        ("8 in the morning and 8 in the evening", ["08:00", "20:00"]),
        ("7:30 and 19:00", ["07:30", "19:00"]),
        ("7:30, 7:30 and 7.30", ["07:30"]),
        ("at eight", ["08:00"]),
        ("eight o’clock", ["08:00"]),
        ("half past seven", ["07:30"]),
        ("half past 7", ["07:30"]),
        ("quarter to nine in the evening", ["20:45"]),
        ("a quarter past twelve", ["12:15"]),
        ("quarter to one", ["00:45"]),
        ("ten to six", ["05:50"]),
        ("twenty past nine pm", ["21:20"]),
        ("seven days a week at 8", ["08:00"]),
        ("please send my digest every morning at 9", ["09:00"]),
    ],
)
def test_times_of_day_are_read_as_people_say_them(typed: str, times: list[str]) -> None:
    assert told(typed) == times


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "half past", "morning", "soon", "every day", "on the 1st", "o'clock"),
        *(
            "24:00",
            "25:99",
            "7:60",
            "7:5",
            "8:",
            "7:30:15",
            "13pm",
            "0 am",
            "99",
            "9999",
            "1" * 999,
        ),
        *("1" * 999, "quarter to 0", "8:00 and 25:00", "x" * 100_000, "٣٤"),
    ],
)
def test_what_no_clock_shows_is_refused_in_few_words(typed: str) -> None:
    with pytest.raises(BadTime) as bad:
        read_hours(typed, zone="UTC")
    assert len(bad.value.typed) <= 60


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("8", EVERY_DAY),
        ("8 every day", EVERY_DAY),
        ("8 every month", EVERY_DAY),
        ("7:30 on weekdays", WEEKDAYS),
        ("10 at the weekend", WEEKEND),
        ("Sat and Sun 10", WEEKEND),
        ("mon-fri 7:30", WEEKDAYS),
        ("Monday to Thursday at noon", (0, 1, 2, 3)),
        ("Friday through Monday 9", (0, 4, 5, 6)),
        ("Tuesdays and Thursdays at 9", (1, 3)),
        ("Wednesdays 9", (2,)),
        ("saturdays 9", (5,)),
    ],
)
def test_weekdays_are_read(typed: str, days: tuple[int, ...]) -> None:
    assert read_hours(typed, zone="UTC").weekdays == days


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("8", "Asia/Tokyo"),
        ("19:00 Europe/Berlin", "Europe/Berlin"),
        ("19:00 europe/berlin on weekdays", "Europe/Berlin"),
        ("8 America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("8 utc", "UTC"),
        ("8 Etc/GMT+2", "Etc/GMT+2"),
        ("at 9 in Berlin", "Europe/Berlin"),
        ("8:00 New York", "America/New_York"),
    ],
)
def test_the_zone_is_the_one_named_or_the_members_own(typed: str, zone: str) -> None:
    hours = read_hours(typed, zone="Asia/Tokyo")
    assert hours.zone == zone
    assert len(hours.times) == 1


@pytest.mark.parametrize("typed", ["8 Mars/Base", "8:00 UTC+2", "8 GMT-3", "8 and/or 9"])
def test_a_zone_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(UnknownZone):
        read_hours(typed, zone="UTC")


@given(st.text(max_size=80))
def test_nothing_typed_breaks_it(typed: str) -> None:
    try:
        hours = read_hours(typed, zone="UTC")
    except (BadTime, UnknownZone):
        return
    assert hours.times
    assert hours.weekdays


@given(st.times(), st.sampled_from([":", ".", "h"]))
def test_every_time_of_the_day_can_be_written(at: time, mark: str) -> None:
    exact = at.replace(second=0, microsecond=0)
    assert read_hours(f"at {exact.hour}{mark}{exact.minute:02}", zone="UTC").times == (exact,)
