from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.dates import spans

SAID_AT = date(2023, 6, 14)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("We met on 8 May 2023.", "2023-05-08", "2023-05-08"),
        ("the May 8th picnic", "2023-05-08", "2023-05-08"),
        ("on 2022-12-24", "2022-12-24", "2022-12-24"),
        ("what happened last May?", "2023-05-01", "2023-05-31"),
        ("in August we moved", "2022-08-01", "2022-08-31"),
        ("next March", "2024-03-01", "2024-03-31"),
        ("In 2022 I quit", "2022-01-01", "2022-12-31"),
        ("the summer of 2021", "2021-06-01", "2021-08-31"),
        ("last winter", "2022-12-01", "2023-02-28"),
        ("two weeks ago", "2023-05-28", "2023-06-03"),
        ("3 days ago", "2023-06-11", "2023-06-11"),
        ("YESTERDAY", "2023-06-13", "2023-06-13"),
        ("last Friday", "2023-06-09", "2023-06-09"),
        ("next Wednesday", "2023-06-21", "2023-06-21"),
        ("last weekend", "2023-06-10", "2023-06-11"),
        ("next month", "2023-07-01", "2023-07-31"),
        ("in May of last year", "2022-05-01", "2022-05-31"),
        ("the autumn of this year", "2023-09-01", "2023-11-30"),
        ("the last week of April 2023", "2023-04-24", "2023-04-30"),
        ("the second week of October 2022", "2022-10-08", "2022-10-14"),
        ("the weekend before 8 May 2023", "2023-05-06", "2023-05-07"),
        ("the weekend after 6 May 2023", "2023-05-13", "2023-05-14"),
        ("in the week of 10 May 2023", "2023-05-08", "2023-05-14"),
        ("the week after 8 May 2023", "2023-05-09", "2023-05-15"),
        ("in ten days", "2023-06-24", "2023-06-24"),
    ],
)
def test_a_date_means_days_seen_from_when_it_was_said(text: str, first: str, last: str) -> None:
    days = [(str(date.fromordinal(a)), str(date.fromordinal(b))) for a, b in spans(text, SAID_AT)]
    assert days == [(first, last)]


def test_no_date_is_seen_where_there_is_none() -> None:
    assert spans("You may march in, I have 12 of them and May is nice.", SAID_AT) == []


@given(st.text() | st.from_regex(r"(last|in|next) \d{0,4} ?(days|May|2\d\d\d)", fullmatch=True))
def test_whatever_is_written_no_day_is_impossible(text: str) -> None:
    for on in (date.min, SAID_AT, date.max):
        for first, last in spans(text, on):
            assert 1 <= first <= last <= date.max.toordinal()
