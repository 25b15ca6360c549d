"""Discord as a bridge (https://docs.discord.com/developers)."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import discord
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

logger = logging.getLogger(__name__)

SETTING = "JAMFEED_DISCORD_TOKEN"
MEND = "copy the bot's token anew from discord.com/developers/applications (Bot, Reset Token)"
INTENTS = "use the token of a bot of its own; Jamfeed asks for no privileged intents"
PATIENCE = 60.0  # seconds for one delivery


class DiscordBridge:
    """One bot on Discord.

    The URLs point discord.py to another server that speaks the protocol: the first down to
    `/api/v10`, the second to the gateway.
    """

    platform = PLATFORM

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
        with redirected(self._api_url, self._gateway_url):
            # A closed client does not start again, so every run has its own.
            client = self._client = JamfeedClient(self._acts, door, ready)
            try:
                await client.start(self._token)
            except discord.LoginFailure as error:
                raise ConfigurationError(SETTING, "Discord refused it", MEND) from error
            except discord.PrivilegedIntentsRequired as error:
                raise ConfigurationError(SETTING, "Discord refused its intents", INTENTS) from error
            except discord.ConnectionClosed as error:
                if error.code == 4004:
                    raise ConfigurationError(SETTING, "Discord refused it", MEND) from error
                raise Unavailable(NAME) from error
            except (*TROUBLE, discord.GatewayNotFound) as error:
                raise Unavailable(NAME) from error
            except Exception as error:  # discord.py ends the whole run for one malformed event
                logger.exception("the connection to Discord ended")
                raise Unavailable(NAME) from error
            finally:
                self._client = None
                await client.leave()
            raise Unavailable(NAME)

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
