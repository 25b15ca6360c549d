"""What Discord and the wire refuse, as Jamfeed's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord
import structlog

from bridges.discord.shards import SETTING as SHARDS
from feed_core.errors import ConfigurationError, Gone, Unavailable, Unknown

logger = structlog.get_logger(__name__)
NAME = "Discord"
TROUBLE = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)
SETTING = "JAMFEED_DISCORD_TOKEN"
LISTENING = "JAMFEED_DISCORD_LISTENING"
BLOCKED = {200000, 200001}  # a server's AutoMod does not let a message or its title through
REFUSED = (
    SETTING,
    "Discord refused it",
    "copy the bot's token anew from discord.com/developers/applications (Bot, Reset Token)",
)
PORTAL = "https://discord.com/developers/applications"
UPDATE = "install a newer Jamfeed"

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-close-event-codes
# Those after which connecting again would change nothing; all others are tried again.
FATAL = {
    4004: REFUSED,
    4010: (SHARDS, "Discord knows no such shard", "name others, such as 0-3/8, or leave it out"),
    4011: (SHARDS, "the bot is in too many servers for so few shards", "leave it out"),
    4012: (NAME, "it does not speak this version of its gateway any more", UPDATE),
    4013: (NAME, "it does not know the intents that Jamfeed asks for", UPDATE),
    4014: (
        LISTENING,
        "Discord does not let this bot read what is not said to it",
        f"switch on Message Content Intent at {PORTAL} (your bot, Bot), or set it to false",
    ),
}


@contextmanager
def signing_in() -> Iterator[None]:
    """Raise ConfigurationError or Unavailable for whatever ends a connection."""
    try:
        yield
    except (ConfigurationError, Unavailable):
        raise
    except discord.LoginFailure as error:
        raise ConfigurationError(*REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigurationError(*FATAL[4014]) from error
    except discord.ConnectionClosed as error:
        if error.code in FATAL:
            raise ConfigurationError(*FATAL[error.code]) from error
        raise Unavailable(NAME) from error
    except (*TROUBLE, discord.GatewayNotFound) as error:
        raise Unavailable(NAME) from error
    except Exception as error:  # discord.py ends the whole run for one malformed event
        logger.exception("discord_broke")
        raise Unavailable(NAME) from error


@contextmanager
def plainly() -> Iterator[None]:
    """Raise Gone, Unavailable or Unknown for whatever goes wrong in a request."""
    try:
        yield
    except (discord.Forbidden, discord.NotFound) as error:
        raise Gone(NAME) from error
    except discord.HTTPException as error:
        if error.code in BLOCKED:  # it would be again
            raise Gone(NAME) from error
        logger.warning("discord_refused", status=error.status, code=error.code)
        raise Unavailable(NAME) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable(NAME) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unknown(NAME) from error


def closed(error: discord.HTTPException) -> bool:
    """Whether the bot may not write in a room, or there is no such room any more."""
    return isinstance(error, discord.Forbidden) or error.code == 10003


def blocked(error: discord.HTTPException) -> bool:
    """Whether a server's AutoMod did not let something through."""
    return error.code in BLOCKED
