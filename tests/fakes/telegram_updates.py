"""How updates leave the fake Telegram: long polling or a webhook."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import aiohttp

from tests.fakes.telegram_limits import Refused
from tests.fakes.telegram_world import Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


class Signal:
    """Wakes everybody who waits whenever something happened."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Wake all who wait now."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Return True once the condition holds, False when the time is up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while not condition():
            future = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=max(end - loop.time(), 0))
            finally:
                self._waiting.discard(future)
            if not future.done():
                return condition()
        return True


class Updates:
    """The queue of updates: kept until acknowledged by an offset or a webhook's 2xx."""

    def __init__(self) -> None:
        self.signal = Signal()
        self.webhook_url = ""
        self.webhook_secret = ""
        self.closing = False
        self.last_error = ""
        self._queue: list[Json] = []
        self._repeats: list[Json] = []
        self._allowed: set[str] = set()
        self._next_id = 1000
        self._poll = 0

    @property
    def pending(self) -> int:
        """How many updates wait to be acknowledged."""
        return len(self._queue)

    def add(self, kind: str, body: Json) -> Json:
        """Queue an update, unless the bot does not want this kind, and return it."""
        self._next_id += 1
        update = {"update_id": self._next_id, kind: body}
        if kind in self._allowed if self._allowed else kind not in _NOT_BY_DEFAULT:
            self._queue.append(update)
            self.signal.fire()
        return update

    def again(self, update: Json) -> None:
        """Deliver an update once more under its old id, whatever was acknowledged."""
        self._repeats.append(update)
        self.signal.fire()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember which kinds the bot wants; None leaves it as it was."""
        if kinds is not None:
            self._allowed = set(kinds)

    def drop(self) -> None:
        """Forget what was not delivered yet."""
        self._queue.clear()

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Json]:
        """Return the next updates, waiting for the first; a newer poll ends an older one."""
        if self.webhook_url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        mine = self._poll
        self.signal.fire()
        if offset < 0:
            del self._queue[:offset]
        else:
            self._queue = [update for update in self._queue if update["update_id"] >= offset]

        def ready() -> bool:
            return bool(self._queue or self._repeats or self.closing or mine != self._poll)

        await self.signal.until(ready, timeout)
        if mine != self._poll:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        batch = (self._repeats + self._queue)[:limit]
        del self._repeats[: len(batch)]
        return batch

    async def post_to_webhook(self) -> None:
        """Post updates one by one to the webhook, each until it is taken; runs until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
            while True:
                await self.signal.until(self._has_post, 3600)
                if not self._has_post():
                    continue
                repeated = bool(self._repeats)
                update = (self._repeats or self._queue)[0]
                if await self._post(session, update):
                    waiting = self._repeats if repeated else self._queue
                    with suppress(ValueError):  # dropped in the meantime
                        waiting.remove(update)
                    self.signal.fire()
                else:
                    await asyncio.sleep(0.05)  # the real one backs off for longer

    def _has_post(self) -> bool:
        return bool(self.webhook_url and (self._queue or self._repeats))

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        headers = {SECRET_HEADER: self.webhook_secret} if self.webhook_secret else {}
        try:
            async with session.post(self.webhook_url, json=update, headers=headers) as answer:
                if answer.status < 300:
                    return True
                self.last_error = f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = type(error).__name__
        return False
