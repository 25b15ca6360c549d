"""Turns errors into words, in one place."""

import traceback
from collections.abc import Awaitable
from uuid import uuid4

import structlog

from agents import wording
from agents.answer import Answer
from bridges import operators
from feed_core.errors import JamfeedError, Refusal, Unavailable

logger = structlog.get_logger(__name__)

DEEPEST = 5  # causes of an error that are named


async def in_words(answering: Awaitable[Answer], *, message_id: str) -> tuple[Answer, bool]:
    """The answer, or what to say instead of it; and whether it went well.

    Refusals count as well: the person was told. Cancellation passes.
    """
    try:
        return await answering, True
    except Exception as error:  # noqa: BLE001  # this is the boundary: whatever is left is a bug
        return told(error, message_id=message_id), isinstance(error, Refusal)


def told(error: Exception, *, message_id: str) -> Answer:
    """What to say of an error, which is logged."""
    if not isinstance(error, JamfeedError):
        return incident(error, message_id=message_id)
    if isinstance(error, Refusal):
        logger.info("refused", message_id=message_id, code=error.code)
    elif isinstance(error, Unavailable):
        more = {"told": operators.sentence(error), **_trace(error)}
        logger.warning("unavailable", message_id=message_id, code=error.code, **more)
    else:  # a wrong setting: it names servers and folders, which concern its operator alone
        return incident(error, message_id=message_id, told=operators.sentence(error))
    return Answer(text=wording.sentence(error), private=True)


def incident(bug: Exception, *, message_id: str, **more: str) -> Answer:
    """What to say when the fault is ours; the log gets the same number, and `more`."""
    number = uuid4().hex[:8]
    logger.error("broken", message_id=message_id, incident=number, **more, **_trace(bug))
    return Answer(text=wording.broken(number), private=True)


def _trace(error: BaseException) -> dict[str, str]:
    """Where and of which kind an error is; its message may hold what people wrote."""
    kinds, frames = list[str](), list[str]()
    cause: BaseException | None = error
    while cause is not None and len(kinds) < DEEPEST:
        kinds.append(type(cause).__qualname__)
        frames = traceback.format_tb(cause.__traceback__) or frames
        cause = cause.__cause__ or cause.__context__
    return {"error": " from ".join(kinds), "trace": "".join(frames)}
