"""What one bot token may ask of Discord in a second, shared by all who ask.

https://docs.discord.com/developers/topics/rate-limits#global-rate-limit: 50 requests a second; the
answers to interactions are not counted. Beside that every route has a bucket of its own.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from types import SimpleNamespace

import aiohttp
from discord.http import Route

from bridges.discord.buckets import Bucket, Buckets

PER_SECOND = 44.0
BURST = 4  # as many at once after a pause, and 48 in any second
UNCOUNTED = ("/interactions/", "/webhooks/")


class Rank(IntEnum):
    """Whose request goes first where not all can."""

    ANSWER = 0
    DELIVERY = 1
    SIGN = 2  # typing, and an answer that grows: only where something is left over


@dataclass(slots=True)
class Passage:
    """The way of somebody's requests; `out` while Discord may be doing one, `went` if ever.

    `bucket` is that of the last one.
    """

    rank: Rank
    out: bool = False
    went: bool = False
    bucket: Bucket | None = None


_passage: ContextVar[Passage | None] = ContextVar("passage", default=None)


@contextmanager
def passing_as(passage: Passage) -> Iterator[None]:
    """Let what is asked of Discord inside be of this rank; without it, it is an answer."""
    token = _passage.set(passage)
    try:
        yield
    finally:
        _passage.reset(token)


class Pacer:
    """Lets requests through evenly; needs a running loop only once it is asked."""

    def __init__(self, per_second: float = PER_SECOND, burst: int = BURST) -> None:
        self._space, self._burst = 1 / per_second, burst
        self._buckets = Buckets()
        self._free = 0.0  # when nothing of what went through counts any more
        self._waiting: list[tuple[Rank, int, asyncio.Future[None]]] = []
        self._number = count()
        self._next: asyncio.TimerHandle | None = None
        self.refused = 0
        """How often Discord said that it was asked too much (429)."""

    async def turn(self, rank: Rank) -> None:
        """Wait until a request may go: answers before deliveries, else in order."""
        if not self._waiting and self._fits:
            self._take()
        else:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (rank, next(self._number), turn))
            self._look_later()
            await turn

    @property
    def spare(self) -> bool:
        """Whether so much is left over that a sign takes nothing from an answer.

        Asked before the request is made: discord.py takes broken off ones for sent.
        """
        half = (self._burst - 2) / 2 * self._space
        return not self._waiting and self._free - self._now <= half

    def trace(self) -> aiohttp.TraceConfig:
        """The hook by which every request of a client comes past here, repeats included."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._starts)
        config.on_request_end.append(self._ends)
        config.on_request_exception.append(_fails)
        return config

    async def _starts(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        passage = _passage.get()
        path = _path(str(params.url))
        context.bucket = None
        if path is not None and not path.startswith("/interactions/"):  # each has one of its own
            rank = passage.rank if passage else Rank.ANSWER
            bucket = self._buckets.of(params.method, path)
            await bucket.turn(rank)
            if not path.startswith(UNCOUNTED):
                try:
                    await self.turn(rank)
                except asyncio.CancelledError:
                    bucket.gave_up()
                    raise
            context.bucket = bucket
            if passage:
                passage.bucket = bucket
        if passage:
            passage.out = passage.went = True

    async def _ends(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        passage, status, headers = _passage.get(), params.response.status, params.response.headers
        if status == 429:
            self.refused += 1
        if passage and (status == 429 or status >= 500):
            passage.out = False  # it was not done, and waits to be asked again
        path = _path(str(params.url))
        if context.bucket is None or path is None:
            return
        wait = float(headers.get("Retry-After") or 1) if status == 429 else None
        if wait is not None and "X-RateLimit-Global" in headers:
            self._free = max(self._free, self._now + wait)  # all of the token is to wait
            context.bucket.gave_up()
            return
        context.bucket.told(headers, wait=wait)
        self._buckets.named(params.method, path, headers.get("X-RateLimit-Bucket"))

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def _fits(self) -> bool:
        return self._free - self._now <= (self._burst - 1) * self._space

    def _take(self) -> None:
        self._free = max(self._free, self._now) + self._space

    def _look_later(self) -> None:
        if self._next is None:
            wait = self._free - self._now - (self._burst - 1) * self._space
            self._next = asyncio.get_running_loop().call_later(max(wait, 0), self._look)

    def _look(self) -> None:
        self._next = None
        while self._waiting and self._fits:
            turn = heappop(self._waiting)[2]
            if not turn.done():  # whoever waited may have gone
                turn.set_result(None)
                self._take()
        if self._waiting:
            self._look_later()


async def _fails(
    session: aiohttp.ClientSession,
    context: SimpleNamespace,
    params: aiohttp.TraceRequestExceptionParams,
) -> None:
    if context.bucket is not None:
        context.bucket.failed()


def _path(url: str) -> str | None:
    """What a URL names below Discord's API."""
    path = url.removeprefix(Route.BASE)
    return path if path != url else None
