"""What happens to a request on its way in: the record, the token, rate limits, trouble on command.

Rate limits: https://docs.discord.com/developers/topics/rate-limits
"""

import asyncio
import hashlib
import re
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.fakes.discord_errors import ApiError, Json, no_route, reply, unauthorized
from tests.fakes.discord_world import World

API = "/api/v10"
BODY: web.RequestKey[Json] = web.RequestKey("body", dict)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True, eq=False)
class Request:
    method: str
    path: str  # below /api/v10
    at: float  # seconds of the world's clock
    body: Json | None = None
    status: int | None = None  # None: cut off, or still open


@dataclass(slots=True, eq=False)
class Trouble:
    """One kind of trouble for the next `times` requests of a method to paths that match."""

    method: str
    path: str
    times: int
    status: int = 0
    code: int = 0
    retry_after: float = 0.0
    globally: bool = False
    cut: Literal["", "before", "after"] = ""
    release: asyncio.Event | None = None
    met: int = 0

    def meets(self, method: str, path: str) -> bool:
        return bool(self.times and self.method in ("*", method) and re.search(self.path, path))


@dataclass(slots=True, eq=False)
class Limit:
    """So many requests in so many seconds, for each channel, guild or webhook apart.

    The window slides: github.com/discord/discord-api-docs/issues/7680.
    """

    method: str
    path: str
    allowed: int
    per: float
    used: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def bucket(self) -> str:
        return hashlib.sha256(f"{self.method} {self.path}".encode()).hexdigest()[:16]


class Traffic:
    """Counts, limits and disturbs every REST request."""

    def __init__(self, world: World, token: Callable[[], str]) -> None:
        self._world, self._token = world, token
        self.requests: list[Request] = []
        self.global_limit: int | None = 50
        self.too_many = 0  # answered 429
        self.invalid = 0  # answered 401, 403 or 429: 10,000 in ten minutes are a ban
        self._troubles: list[Trouble] = []
        self._limits: list[Limit] = []
        self._recent: deque[float] = deque()
        self.busiest_second = 0

    # What a test commands

    def fail(
        self, status: int, method: str = "*", path: str = "", times: int = 1, *, code: int = 0
    ) -> Trouble:
        """Answer the next requests with this status, and Discord's code, instead of doing them."""
        return self._add(Trouble(method, path, times, status=status, code=code))

    def refuse(
        self,
        method: str = "*",
        path: str = "",
        times: int = 1,
        *,
        retry_after: float = 0.1,
        globally: bool = False,
    ) -> Trouble:
        """Answer the next requests with 429."""
        trouble = Trouble(method, path, times, 429, retry_after=retry_after, globally=globally)
        return self._add(trouble)

    def cut(
        self, method: str = "*", path: str = "", times: int = 1, *, accepted: bool = False
    ) -> Trouble:
        """Break the connection before the next requests are read, or after they were done."""
        return self._add(Trouble(method, path, times, cut="after" if accepted else "before"))

    def hold(self, method: str = "*", path: str = "", times: int = 1) -> asyncio.Event:
        """Let the next requests wait until the returned event is set."""
        release = asyncio.Event()
        self._add(Trouble(method, path, times, release=release))
        return release

    def limit(self, method: str, path: str, allowed: int, per: float) -> None:
        """Limit a route, written as a regular expression of the path below /api/v10."""
        self._limits.append(Limit(method, path, allowed, per))

    def _add(self, trouble: Trouble) -> Trouble:
        self._troubles.append(trouble)
        return trouble

    # The way of a request

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        path = request.path.removeprefix(API)
        record = Request(request.method, path, self._world.clock.now())
        self.requests.append(record)
        self._world.changed()
        try:
            return await self._pass(request, handler, record)
        finally:
            self._world.changed()

    async def _pass(
        self, request: web.Request, handler: Handler, record: Request
    ) -> web.StreamResponse:
        trouble = next((t for t in self._troubles if t.meets(record.method, record.path)), None)
        if trouble is not None:
            trouble.times -= 1
            trouble.met += 1
            if trouble.release is not None:
                await trouble.release.wait()
            if trouble.cut == "before":
                return _cut(request)
        headers: dict[str, str] = {}
        response: web.StreamResponse
        if trouble is not None and trouble.status == 429:
            response = self._wait(trouble.retry_after, globally=trouble.globally)
        elif trouble is not None and trouble.status:
            response = reply(
                {"message": "Trouble on command", "code": trouble.code}, status=trouble.status
            )
        elif (limited := self._limited(request, record, headers)) is not None:
            response = limited
        else:
            response = await self._answer(request, handler, record.path)
        record.body = request.get(BODY)
        if trouble is not None and trouble.cut == "after":
            return _cut(request)
        record.status = response.status
        self.too_many += response.status == 429
        self.invalid += response.status in (401, 403, 429)
        response.headers.update(headers)
        return response

    async def _answer(
        self, request: web.Request, handler: Handler, path: str
    ) -> web.StreamResponse:
        try:
            if not _open(path) and request.headers.get("Authorization") != f"Bot {self._token()}":
                raise unauthorized()
            return await handler(request)
        except ApiError as error:
            return error.answer()
        except web.HTTPNotFound:
            return no_route().answer()
        except web.HTTPMethodNotAllowed:
            return ApiError(405, 0, "405: Method Not Allowed").answer()

    def _limited(
        self, request: web.Request, record: Request, headers: dict[str, str]
    ) -> web.Response | None:
        """Return a 429 if one is due; else count the request and write its bucket's headers."""
        now = time.monotonic()
        if not _open(record.path):  # interactions do not count towards the global limit
            _forget(self._recent, now - 1)
            if self.global_limit is not None and len(self._recent) >= self.global_limit:
                return self._wait(self._recent[0] + 1 - now, globally=True)
            self._recent.append(now)
            self.busiest_second = max(self.busiest_second, len(self._recent))
        for limit in self._limits:
            if limit.method != record.method or not re.search(limit.path, record.path):
                continue
            used = limit.used["/".join(record.path.split("/")[:3])]
            _forget(used, now - limit.per)
            wait = used[0] + limit.per - now if used else 0.0  # until one more may come
            full = len(used) >= limit.allowed
            if not full:
                used.append(now)
            reset = used[-1] + limit.per - now  # until all may come
            headers |= {
                "X-RateLimit-Bucket": limit.bucket,
                "X-RateLimit-Limit": str(limit.allowed),
                "X-RateLimit-Remaining": str(limit.allowed - len(used)),
                "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
                "X-RateLimit-Reset-After": f"{reset:.3f}",
            }
            return self._wait(wait, globally=False) if full else None
        return None

    def _wait(self, seconds: float, *, globally: bool) -> web.Response:
        text = "You are being rate limited."
        body = {"message": text, "retry_after": round(seconds, 3), "global": globally}
        response = reply(body, status=429)
        response.headers["Retry-After"] = str(max(1, round(seconds)))
        response.headers["X-RateLimit-Scope"] = "global" if globally else "user"
        if globally:
            response.headers["X-RateLimit-Global"] = "true"
        return response


def _open(path: str) -> bool:
    """Whether a path needs no bot token: its own token is part of it."""
    return path == "/gateway" or path.startswith(("/interactions/", "/webhooks/"))


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # nobody reads it: the connection is gone
