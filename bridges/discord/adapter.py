"""Discord as a bridge (https://docs.discord.com/developers)."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import discord
import structlog
import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from agents.act import Acts
from bridges.discord.client import JamfeedClient
from bridges.discord.render import one_page
from bridges.discord.translate import PLATFORM
from bridges.discord.troubles import NAME, TROUBLE, plainly
from bridges.protocol import Door, Part
from feed_core.errors import ConfigurationError, Unavailable

logger = structlog.get_logger(__name__)

SETTING = "JAMFEED_DISCORD_TOKEN"
MEND = "copy the bot's token anew from discord.com/developers/applications (Bot, Reset Token)"
INTENTS = "use the token of a bot of its own; Jamfeed asks for no privileged intents"
REFUSED = 4004  # the gateway's close code for a token that is not valid any more
PATIENCE = 60.0  # seconds for one delivery


class DiscordBridge:
    """One bot on Discord.

    The URLs point discord.py to another server that speaks the protocol: the first down to
    `/api/v10`, the second to the gateway.
    """

    platform = PLATFORM
    repeatable = True  # by the nonce

    def __init__(
        self, token: str, acts: Acts, *, api_url: str | None = None, gateway_url: str | None = None
    ) -> None:
        self._token, self._acts = token, acts
        self._api_url, self._gateway_url = api_url, gateway_url
        self._client: JamfeedClient | None = None

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Pass on every message until cancelled; then leave tidily.

        Raises:
            ConfigurationError: Discord refuses the token.
            Unavailable: Discord cannot be reached, or hung up for good.
        """
        _silence()
        with redirected(self._api_url, self._gateway_url), signing_in():
            # A closed client does not start again, so every run has its own.
            client = self._client = JamfeedClient(self._acts, door, ready)
            try:
                await client.start(self._token)
            finally:
                self._client = None
                await client.leave()
        raise Unavailable(NAME)

    async def who(self) -> str:
        """The bot's name, as Discord tells it to whoever has the token.

        Raises:
            ConfigurationError: Discord refuses the token.
            Unavailable: Discord cannot be reached.
        """
        _silence()
        with redirected(self._api_url, self._gateway_url), signing_in():
            async with discord.Client(intents=discord.Intents.none()) as client:
                await client.login(self._token)
                assert client.user is not None
                return f"@{client.user.name}"

    async def send(self, place_id: str, part: Part, *, key: str) -> str:
        """Post exactly one message and return its id.

        Discord posts a repeat under the same key (25 characters) once, for a few minutes.
        Raises Unavailable (not taken), Unknown (perhaps taken) or Gone (stop trying).
        """
        if self._client is None or not self._client.listening:
            raise Unavailable(NAME)
        return await post(self._client, place_id, part, key=key)


async def post(client: discord.Client, place_id: str, part: Part, *, key: str) -> str:
    """Post one message to a channel, or to a person's own chat, by that channel's id."""
    page = one_page(part)
    channel = client.get_partial_messageable(int(place_id))
    try:
        with plainly():
            async with asyncio.timeout(PATIENCE):
                sent = await channel.send(view=page.view, files=page.files, nonce=key)
    except RuntimeError as error:  # aiohttp: the session was closed before the request
        if not client.is_closed():
            raise
        raise Unavailable(NAME) from error
    return str(sent.id)


@contextmanager
def signing_in() -> Iterator[None]:
    """Raise ConfigurationError or Unavailable for whatever ends a connection."""
    try:
        yield
    except discord.LoginFailure as error:
        raise ConfigurationError(SETTING, "Discord refused it", MEND) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigurationError(SETTING, "Discord refused its intents", INTENTS) from error
    except discord.ConnectionClosed as error:
        if error.code == REFUSED:
            raise ConfigurationError(SETTING, "Discord refused it", MEND) from error
        raise Unavailable(NAME) from error
    except (*TROUBLE, discord.GatewayNotFound) as error:
        raise Unavailable(NAME) from error
    except Exception as error:  # discord.py ends the whole run for one malformed event
        logger.exception("discord_broke")
        raise Unavailable(NAME) from error


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
    """Keep discord.py from logging people's words and the tokens in its URLs."""
    logging.getLogger("discord").setLevel(logging.INFO)
