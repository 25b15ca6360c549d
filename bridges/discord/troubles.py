"""What Discord and the wire refuse, as Jamfeed's errors."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from feed_core.errors import Gone, Unavailable, Unknown

logger = logging.getLogger(__name__)
NAME = "Discord"
TROUBLE = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)


@contextmanager
def plainly() -> Iterator[None]:
    """Raise Gone, Unavailable or Unknown for whatever goes wrong in a request."""
    try:
        yield
    except (discord.Forbidden, discord.NotFound) as error:
        raise Gone(NAME) from error
    except discord.HTTPException as error:
        logger.warning("Discord answered %s (code %s)", error.status, error.code)
        if error.status in (400, 413):  # the message itself: it will not be taken next time either
            raise Gone(NAME) from error
        raise Unavailable(NAME) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable(NAME) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unknown(NAME) from error
