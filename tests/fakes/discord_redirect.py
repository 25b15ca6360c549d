"""Point the real discord.py at another server, and run a client there for a while."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord, Urls


@contextmanager
def redirected(urls: Urls) -> Iterator[None]:
    """Let discord.py speak to these addresses, and to its own again afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    Route.BASE = urls.api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(urls.gateway)
    Asset.BASE = urls.cdn
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = before


@asynccontextmanager
async def running(client: discord.Client, fake: FakeDiscord) -> AsyncIterator[None]:
    """Run a client until the end of the block; raise what ended it early."""
    before = fake.gateway.identified
    task = asyncio.create_task(client.start(fake.token))
    arriving = asyncio.create_task(
        fake.until(lambda: fake.gateway.identified > before, timeout=10, what="no identify")
    )
    try:
        await asyncio.wait({task, arriving}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        await arriving
        yield
    finally:
        arriving.cancel()
        await client.close()
        await asyncio.gather(task, arriving, return_exceptions=True)
