"""The whole of `jamfeed run` in the test's own process, against loopback servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bridges.serving import serve
from bridges.settings import Settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram

AGENTS = Path(__file__).parents[2] / "agents.yaml"
WARM = 30.0  # seconds: the first answer may wait for the embedder


@dataclass(frozen=True, slots=True)
class Town:
    """Both platforms with Jamfeed on them."""

    telegram: FakeTelegram
    discord: FakeDiscord


@asynccontextmanager
async def jamfeed_run(
    home: Path,
    *,
    telegram: FakeTelegram | None = None,
    discord: FakeDiscord | None = None,
    model: str = "offline",
) -> AsyncIterator[Town]:
    """Serve both platforms and run Jamfeed on them; ends both."""
    telegram, discord = telegram or FakeTelegram(paced=False), discord or FakeDiscord()
    async with telegram.serving() as telegram_url, discord.serving() as urls:
        settings = Settings(
            home=home,
            agents=AGENTS,
            model=model,
            telegram_token=SecretStr("1:test"),
            telegram_api_url=telegram_url,
            discord_token=SecretStr("test.token"),
            discord_api_url=urls.api,
            discord_gateway_url=urls.gateway,
        )
        running = asyncio.create_task(serve(settings))
        try:
            await discord.connected()
            await telegram.until(lambda: _polls(telegram))
            await discord.until(lambda: discord.commands.syncs, timeout=10, what="no commands")
            yield Town(telegram, discord)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def _polls(telegram: FakeTelegram) -> bool:
    return any(it.method == "getUpdates" for it in telegram.requests)
