"""A server far away: what is asked takes its time to arrive, and what is answered as well."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

Away = Callable[[], float]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HELD = ("/getUpdates", "/gateway")  # how the paths of what stays open end


def distant(away: Away) -> Middleware:
    """Let every request, and every answer, be on its way for so many seconds.

    A request that has left its sender arrives, even if its sender is no more.
    """
    travelling: set[asyncio.Task[web.StreamResponse]] = set()

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.rstrip("/").endswith(HELD):
            return await handler(request)

        if not request.content_type.startswith("multipart/"):
            await request.read()  # it has left, and its connection is not needed to know it

        async def travel() -> web.StreamResponse:
            await asyncio.sleep(away())
            return await handler(request)

        arriving = asyncio.create_task(travel())
        travelling.add(arriving)
        arriving.add_done_callback(travelling.discard)
        arriving.add_done_callback(lambda done: done.cancelled() or done.exception())
        answer = await asyncio.shield(arriving)
        await asyncio.sleep(away())
        return answer

    return middleware
