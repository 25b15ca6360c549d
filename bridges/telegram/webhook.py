"""Updates that Telegram posts to us, where the operator has an address that it can reach.

https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest

from bridges.telegram.polling import readable
from bridges.telegram.posting import Bot
from feed_core.errors import ConfigurationError

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
LARGEST = 2**20  # bytes of an update; the largest that Telegram makes have a tenth of that

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts to, and where we listen; a proxy between them speaks TLS.

    `path` and `secret` follow from the token: nobody else can guess them, and a restart keeps them.
    """

    url: str
    listen: str
    port: int
    path: str
    secret: str

    @classmethod
    def of(cls, token: str, url: str, *, listen: str, port: int) -> Self:
        """The webhook of this bot under a public address."""
        path, secret = (
            hmac.new(token.encode(), purpose, hashlib.sha256).hexdigest()
            for purpose in (b"webhook path", b"webhook secret")
        )
        return cls(f"{url.rstrip('/')}/{path}", listen, port, path, secret)

    @asynccontextmanager
    async def listening(
        self, bot: Bot, updates: Sequence[str], queue: asyncio.Queue[object]
    ) -> AsyncIterator[None]:
        """Put what is posted into the queue; Telegram is told where, and posts first what waits.

        Raises:
            ConfigurationError: Telegram does not post there, or the port is taken.
        """

        async def take(request: web.Request) -> web.Response:
            told = request.headers.get(SECRET, "")
            if not hmac.compare_digest(told.encode(errors="replace"), self.secret.encode()):
                return web.Response(status=403)
            if (update := _update(await request.read(), bot)) is not None:
                await queue.put(update)
            # Whatever else it is told, Telegram posts the same again and holds back all the others.
            return web.Response()

        served = web.Application(client_max_size=LARGEST)
        served.router.add_post(f"/{self.path}", take)
        runner = web.AppRunner(served, access_log=None)  # the path is not to be guessed
        await runner.setup()
        try:
            await self._listen(runner)
            await self._tell(bot, updates)
            yield
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self.listen, self.port).start()
        except OSError as error:
            raise ConfigurationError(
                "JAMFEED_TELEGRAM_WEBHOOK_PORT",
                f"nothing can listen at {self.listen}:{self.port}",
                "Choose a free port, and let the proxy pass on to it.",
            ) from error

    async def _tell(self, bot: Bot, updates: Sequence[str]) -> None:
        try:
            await bot.set_webhook(
                self.url,
                secret_token=self.secret,
                allowed_updates=updates,
                drop_pending_updates=False,
            )
        except BadRequest as error:
            raise ConfigurationError(
                "JAMFEED_TELEGRAM_WEBHOOK_URL",
                "Telegram does not post there",
                "It takes an https address with one of the ports 443, 80, 88 and 8443, which leads "
                f"to {self.listen}:{self.port} on this machine. Without it Jamfeed polls.",
            ) from error


def _update(posted: bytes, bot: Bot) -> Update | None:
    """What was posted, without what the library cannot read; None where it is no update."""
    try:
        told = json.loads(posted)
        number = int(told["update_id"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        logger.error("telegram_post_unreadable", bytes=len(posted), error=type(error).__name__)
        return None
    return Update.de_json(readable({**told, "update_id": number}), bot)
