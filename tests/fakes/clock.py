"""A clock that stands until it is moved."""

from datetime import datetime, timedelta


class FixedClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def go_on(self, by: timedelta) -> None:
        self._now += by

    def go_to(self, moment: datetime) -> None:
        self._now = moment
