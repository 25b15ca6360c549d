"""A model that takes its time, and tells how long each of its answers took."""

import time
from collections.abc import Callable

from aiohttp import web

from tests.fakes.openai import FakeOpenAI, Reply, Request

READ = "read"


class Thinking(FakeOpenAI):
    """Answers by a script; `thought` hears of each request when it was answered, and its seconds.

    These run from the request's arrival to the answer's last word, so that a loop that wakes late
    is not taken for time that somebody else took. Requests are not kept.
    """

    def __init__(
        self, script: Callable[[Request], Reply], thought: Callable[[Request, float], None]
    ) -> None:
        super().__init__()
        self.script, self._thought = script, thought

    async def _read(self, http: web.Request) -> Request:
        request = await super()._read(http)
        self.requests.clear()
        http[READ] = request
        return request

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        began = time.monotonic()
        response = await super()._chat(http)
        self._thought(http[READ], time.monotonic() - began)
        return response
