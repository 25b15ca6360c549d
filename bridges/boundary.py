"""Turns errors into words, in one place."""

from collections.abc import Awaitable
from uuid import uuid4

import structlog

from agents import wording
from agents.answer import Answer
from feed_core.errors import JamfeedError, Refusal, Unavailable

logger = structlog.get_logger(__name__)


async def in_words(answering: Awaitable[Answer], *, message_id: str) -> tuple[Answer, bool]:
    """The answer, or what to say instead of it; and whether it went well.

    Refusals count as well: the person was told. Cancellation passes.
    """
    try:
        return await answering, True
    except Refusal as refusal:
        logger.info("refused", message_id=message_id, code=refusal.code)
        return Answer(text=wording.sentence(refusal), private=True), True
    except Unavailable as outage:
        logger.warning("unavailable", message_id=message_id, code=outage.code, exc_info=True)
        return Answer(text=wording.sentence(outage), private=True), False
    except JamfeedError as error:
        logger.error("misconfigured", message_id=message_id, code=error.code)
        return Answer(text=wording.sentence(error), private=True), False
    except Exception:  # this is the boundary: whatever is left is a bug of ours
        incident = uuid4().hex[:8]
        logger.exception("broken", message_id=message_id, incident=incident)
        return Answer(text=wording.broken(incident), private=True), False
