"""What Discord and the wire refuse, as Jamfeed's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord
import structlog

from feed_core.errors import Gone, Unavailable, Unknown

logger = structlog.get_logger(__name__)
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
        logger.warning("discord_refused", status=error.status, code=error.code)
        raise Unavailable(NAME) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable(NAME) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unknown(NAME) from error
