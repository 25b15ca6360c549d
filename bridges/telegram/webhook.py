"""Updates that Telegram posts to us, where the operator has an address that it can reach.

https://core.telegram.org/bots/api#setwebhook
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from telegram.error import BadRequest
from telegram.ext import Updater

from feed_core.errors import ConfigurationError


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

    async def listen_with(self, updater: Updater, updates: Sequence[str]) -> None:
        """Listen, and tell Telegram where; what came meanwhile is posted first.

        Raises:
            ConfigurationError: Telegram does not post there, or the port is taken.
        """
        try:
            await updater.start_webhook(
                listen=self.listen,
                port=self.port,
                url_path=self.path,
                webhook_url=self.url,
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
        except OSError as error:
            raise ConfigurationError(
                "JAMFEED_TELEGRAM_WEBHOOK_PORT",
                f"nothing can listen at {self.listen}:{self.port}",
                "Choose a free port, and let the proxy pass on to it.",
            ) from error
