"""What is left of each route's limit, by what Discord told last.

https://docs.discord.com/developers/topics/rate-limits. Most buckets run full little by little, some
all at once (github.com/discord/discord-api-docs/issues/7680), and answers may pass one another on
their way. So what is under way counts as not told of yet, and behind a reset one request asks
anew; discord.py lets out as many as it waited with there, and forgets what is under way.
"""

import asyncio
import re
from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import count

MAJOR = re.compile(r"^/(?:(?:channels|guilds)/\d+|webhooks/\d+/[^/]+)")
OTHER = re.compile(r"(?<=/reactions)/[^/]+|/\d+")
FEW = 2  # as many are left to answers
MOST = 1_000  # buckets remembered; with more, those that matter no more are forgotten


class Bucket:
    """One route's limit in one channel, server or webhook."""

    def __init__(self) -> None:
        self._out = 0  # asked, and not answered yet
        self._left = 0  # as Discord told last, without what was under way
        self._reset = 0.0  # when it is full again, by Discord's clock
        self._reset_at = 0.0  # the same by ours
        self._span = 0.0  # the longest that took
        self._shut = 0.0  # when what nobody knows of does not count any more
        self._limited: bool | None = None  # None: not told yet
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._number = count()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def scarce(self) -> bool:
        """Whether so little is known to be left that answers need it."""
        told = self._limited and self._now < self._reset_at
        return bool(self._waiting) or bool(told and self._left - self._out <= FEW)

    @property
    def idle(self) -> bool:
        """Whether nothing of it matters any more."""
        return not self._out and not self._waiting and self._now >= self._reset_at

    async def turn(self, rank: int) -> None:
        """Wait until a request may go; the lower its rank, the earlier."""
        if not self._waiting and self._fits:
            self._out += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._number), turn))
        self._look()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # let through at the same moment, and goes nowhere
                self.gave_up()
            raise

    def gave_up(self) -> None:
        """One that was let through did not go."""
        self._out -= 1
        self._look()

    def failed(self) -> None:
        """One went, and nobody knows whether it counted, or when."""
        self._shut = self._now + self._span
        self.gave_up()

    def told(self, headers: Mapping[str, str], *, wait: float | None) -> None:
        """One was answered; `wait`: it was refused, for so many seconds."""
        now, reset = self._now, float(headers.get("X-RateLimit-Reset") or 0)
        left = int(headers.get("X-RateLimit-Remaining") or 0)
        self._out -= 1
        self._limited = bool(reset) or wait is not None
        if wait is not None:
            self._left, self._reset_at = 0, max(self._reset_at, now + wait)
        elif reset > self._reset:
            self._left, self._reset = left, reset
            after = float(headers.get("X-RateLimit-Reset-After") or 0)
            self._reset_at, self._span = now + after, max(self._span, after)
        elif reset == self._reset:
            self._left = min(self._left, left)
        self._look()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def _fits(self) -> bool:
        if self._now < self._shut:
            return False
        if self._limited and self._now < self._reset_at:
            return self._left > self._out
        return self._limited is False or not self._out

    def _look(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and (self._waiting[0][2].done() or self._fits):
            turn = heappop(self._waiting)[2]
            if not turn.done():  # whoever waited may have gone
                self._out += 1
                turn.set_result(None)
        again = max(self._reset_at, self._shut)
        if self._waiting and self._now < again:
            self._timer = asyncio.get_running_loop().call_at(again, self._look)


class Buckets:
    """All of one bot; which routes share one, Discord tells with the first answer."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # by method and route
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._most = MOST

    def of(self, method: str, path: str) -> Bucket:
        """The bucket of a path below Discord's API."""
        route, major = _parted(method, path)
        key = self._names.get(route, route), major
        if (known := self._buckets.get(key)) is not None:
            return known
        if len(self._buckets) >= self._most:
            self._buckets = {it: bucket for it, bucket in self._buckets.items() if not bucket.idle}
            self._most = max(MOST, 2 * len(self._buckets))  # looking through all is not for each
        return self._buckets.setdefault(key, Bucket())

    def named(self, method: str, path: str, name: str | None) -> None:
        """Discord tells which bucket a path has."""
        route, major = _parted(method, path)
        before = self._names.get(route, route)
        if name is not None and name != before:
            self._names[route] = name
            if (bucket := self._buckets.pop((before, major), None)) is not None:
                self._buckets.setdefault((name, major), bucket)


def _parted(method: str, path: str) -> tuple[str, str]:
    found = MAJOR.match(path)
    major = found[0] if found else ""
    rest = OTHER.sub("/*", path[len(major) :].partition("?")[0])
    return f"{method} {major.split('/')[1] if major else ''}{rest}", major
