"""Pieces of work that are tried a few times before they count as failed."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bridges.durable.jobs import Job
from feed_core.database import DatabaseAway
from feed_core.errors import Unavailable

PAUSES = (1.0, 2.0)  # seconds before each time that what failed is tried again
logger = structlog.get_logger(__name__)


async def tried(job: Job, attempt: Callable[[Job], Awaitable[None]]) -> None:
    """Do this, again after each of PAUSES while it fails, and for as long as the database is away.

    Raises:
        Unavailable: it failed each time; the log says how.
    """
    pauses = list(PAUSES)
    while True:
        try:
            return await attempt(job)
        except DatabaseAway:  # nothing can be written down, so it ends when it is back
            pauses = list(PAUSES)
        except Unavailable as outage:
            logger.info("step_waits", kind=job.kind, id=job.subject_id, code=outage.code)
        except Exception:
            logger.exception("step_failed", kind=job.kind, id=job.subject_id)
        if not pauses:
            # The engine writes errors down, and their words may be somebody's.
            raise Unavailable("durable")
        await asyncio.sleep(pauses.pop(0))
