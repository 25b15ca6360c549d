"""Discord as a bridge (https://docs.discord.com/developers)."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

import discord
import structlog
import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from agents.act import Acts
from bridges.discord.client import JamfeedClient, ShardedClient
from bridges.discord.inviting import lacking, server_link, user_link
from bridges.discord.pacing import PER_SECOND, Pacer
from bridges.discord.posting import Posting
from bridges.discord.returning import back_soon
from bridges.discord.shards import APART, Shards, Starts
from bridges.discord.standing import Standing, asking, standing
from bridges.discord.translate import PLATFORM
from bridges.discord.troubles import NAME, signing_in
from bridges.guiding import Bot
from bridges.protocol import Door, Part
from feed_core.errors import Unavailable

logger = structlog.get_logger(__name__)


class DiscordBridge:
    """One bot on Discord.

    The URLs point discord.py to another server that speaks the protocol: the first down to
    `/api/v10`, the second to the gateway.
    """

    platform = PLATFORM
    repeatable = True  # by the nonce

    def __init__(
        self,
        token: str,
        acts: Acts,
        *,
        api_url: str | None = None,
        gateway_url: str | None = None,
        listening: bool = False,
        shards: Shards | None = None,
        apart: float = APART,
        leave: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        self._token, self._acts = token, acts
        self._api_url, self._gateway_url = api_url, gateway_url
        self._listening, self._shards = listening, shards
        self._starts = Starts(apart, leave=leave)
        self._pacer = Pacer(PER_SECOND * (shards.share if shards else 1.0))
        self._client: JamfeedClient | None = None

    @property
    def refused(self) -> int:
        """How often Discord said that it was asked too much (429), since the start."""
        return self._pacer.refused

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Pass on every message until cancelled; then leave tidily.

        Raises:
            ConfigurationError: Discord refuses the token, the intents or the shards.
            Unavailable: Discord cannot be reached, or hung up.
        """
        _silence()
        with redirected(self._api_url, self._gateway_url), back_soon(), signing_in():
            # A closed client does not start again, so every run has its own.
            async with asking(self._token) as asker:
                found = await standing(asker)
            client = self._client = self._made(found, door, ready)
            try:
                await client.start(self._token)
            finally:
                self._client = None
                await client.leave()
        raise Unavailable(NAME)

    async def who(self) -> str:
        """The bot's name, as Discord tells it to whoever has the token.

        Raises:
            ConfigurationError: Discord refuses the token, or an intent that is asked for.
            Unavailable: Discord cannot be reached.
        """
        return (await self.looked_up()).name

    async def looked_up(self) -> Bot:
        """The bot with its links, and what it lacks; raises as `who`."""
        _silence()
        with redirected(self._api_url, self._gateway_url), signing_in():
            async with asking(self._token) as asker:
                found = await standing(asker)
                found.require(listening=self._listening)
                number = found.application_id
                return Bot(
                    found.name,
                    {
                        "bring it into a server": server_link(number),
                        "install it for yourself": user_link(number),
                    },
                    await lacking(asker, found),
                )

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        """Post exactly one message and return its id.

        Discord posts a repeat under the same key (25 characters) once, for a few minutes.
        Raises Unavailable (not taken), Unknown (perhaps taken), Gone (stop trying) or MessageGone.
        """
        return await self._posting().send(place_id, part, key=key, under=under)

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        """Let a message that was sent show this; raises as `send` does."""
        await self._posting().edit(place_id, message_id, part, under=under)

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """Begin a thread in a text channel and return its id; None where there can be none."""
        return await self._posting().open_thread(place_id, name)

    def _posting(self) -> Posting:
        if self._client is None or not self._client.connected:
            raise Unavailable(NAME)
        return self._client.posting

    def _made(self, found: Standing, door: Door, ready: Callable[[], None]) -> JamfeedClient:
        """A client with as many connections as Discord asks for, or as the operator named."""
        found.require(listening=self._listening)
        shards = self._shards or Shards(0, found.shards - 1, found.shards)
        if found.starts < len(shards.ids):  # Discord resets a token that begins too many
            logger.warning("no_session_left_today", left=found.starts, needed=len(shards.ids))
            raise Unavailable(NAME)
        self._starts.concurrency, self._starts.left = found.concurrency, found.starts
        made = partial(
            JamfeedClient if shards.count == 1 else ShardedClient,
            self._acts,
            door,
            ready,
            listening=self._listening,
            starts=self._starts,
            pacer=self._pacer,
        )
        if shards.count == 1:
            return made()
        return made(shard_ids=shards.ids, shard_count=shards.count)


@contextmanager
def redirected(api_url: str | None, gateway_url: str | None) -> Iterator[None]:
    """Let discord.py speak to these addresses, and to its own again afterwards."""
    before = Route.BASE, Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if api_url:
        Route.BASE = api_url.rstrip("/")
        Asset.BASE = f"{yarl.URL(api_url).origin()}/cdn"
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE, Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def _silence() -> None:
    """Keep discord.py from logging people's words, the tokens in its URLs, and that it is mute."""
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
