"""What Discord says of a bot before it connects, and what of it stands in its way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord

from bridges.discord.troubles import FATAL, PORTAL, SETTING
from feed_core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Standing:
    """A bot as its application page has it; `starts` are the sessions it may still begin today."""

    name: str
    application_id: int
    reads_all: bool
    for_servers: bool
    for_users: bool
    needs_code: bool
    endpoint: str | None
    shards: int
    starts: int
    concurrency: int

    @property
    def page(self) -> str:
        """Where its owner sets all this."""
        return f"{PORTAL}/{self.application_id}"

    def require(self, *, listening: bool) -> None:
        """See that it hears what it has to hear.

        Raises:
            ConfigurationError: what has to be clicked, and where.
        """
        if listening and not self.reads_all:
            setting, problem, _ = FATAL[4014]
            mend = f"switch on Message Content Intent at {self.page}/bot, or set it to false"
            raise ConfigurationError(setting, problem, mend)
        if self.endpoint:
            raise ConfigurationError(
                SETTING,
                "Discord sends this bot's commands to a web address, so that none arrives here",
                f"empty Interactions Endpoint URL at {self.page}/information",
            )


@asynccontextmanager
async def asking(token: str) -> AsyncIterator[discord.Client]:
    """A client that may ask Discord for something, and is not connected."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(token)
        yield client


async def standing(client: discord.Client) -> Standing:
    """Ask Discord about the bot of a client."""
    told = client.application
    assert client.user is not None and told is not None
    shards, _, starts = await client.http.get_bot_gateway()
    flags, for_users = told.flags, told.user_integration_config is not None
    return Standing(
        name=f"@{client.user.name}",
        application_id=told.id,
        reads_all=flags.gateway_message_content or flags.gateway_message_content_limited,
        # An application that never chose is one for servers.
        for_servers=told.guild_integration_config is not None or not for_users,
        for_users=for_users,
        needs_code=told.bot_require_code_grant,
        endpoint=told.interactions_endpoint_url,
        shards=shards,
        starts=starts["remaining"],
        concurrency=max(1, starts["max_concurrency"]),
    )
