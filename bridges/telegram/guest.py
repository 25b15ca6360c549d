"""Every call to Telegram passes here: at our own pace, and obeying when it asks to wait."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, BaseRateLimiter

from bridges.telegram.pacing import Held, Pacer, Rank

PACED = ("send", "edit")  # how the names of methods begin that count; a sign of typing does not
UNPACED = ("sendChatAction", "sendMessageDraft")
RETRIES = 2  # how often a wait that Telegram asks for is kept before an answer
BUSY = 5  # seconds after which it is worth trying again
MORE = 0.1  # seconds: Telegram rounds

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class GoodGuest(BaseRateLimiter[Rank | Held]):
    """Paces by rank (without one, a call is an answer); the library's own limiter stands behind."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer, self._belt = pacer, AIORateLimiter()

    async def initialize(self) -> None:
        """Make the library's limiter ready."""
        await self._belt.initialize()

    async def shutdown(self) -> None:
        """Let go of the library's limiter."""
        await self._belt.shutdown()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Rank | Held | None,
    ) -> Answer:
        """Make one call when its turn comes; an answer that is asked to wait is sent again.

        Raises RetryAfter for all else: who sent it comes back later; and whatever a delivery's
        `may_go` raises.
        """

        async def call() -> Answer:
            return await self._belt.process_request(callback, args, kwargs, endpoint, data, 0)

        chat_id = _chat_of(data)
        if chat_id is None or endpoint in UNPACED or not endpoint.startswith(PACED):
            return await call()
        held = rate_limit_args if isinstance(rate_limit_args, Held) else None
        rank = Rank.ANSWER if rate_limit_args is None else rate_limit_args
        rank = rank.rank if isinstance(rank, Held) else rank
        for left in range(RETRIES if rank is Rank.ANSWER else 0, -1, -1):
            try:
                async with self._pacer.passage(chat_id, rank, _messages(data)):
                    if held is not None:
                        await held.may_go()
                    return await call()
            except RetryAfter as error:
                self._pacer.hold(chat_id, _seconds(error) + MORE)
                if not left:
                    raise
            except TimeoutError as error:
                raise RetryAfter(BUSY) from error
        raise AssertionError  # the last round returns or raises


def _chat_of(data: dict[str, Any]) -> int | None:
    try:
        return int(data["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _messages(data: dict[str, Any]) -> int:
    """How many messages a call is: those of an album count one by one."""
    media = data.get("media")
    if isinstance(media, str):
        media = json.loads(media)
    return len(media) if isinstance(media, (list, tuple)) else 1


def _seconds(error: RetryAfter) -> float:
    wait = error._retry_after  # the public one warns of another type to come
    return wait.total_seconds()
