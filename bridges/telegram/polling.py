"""The long poll for updates, and when to give it up."""

import asyncio
from enum import Enum
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError

from bridges.telegram.requests import Requests

PATIENCE = 2  # polls that may fail in a row

logger = structlog.get_logger(__name__)


class End(Enum):
    """Why polling cannot go on."""

    REFUSED = "the token is not valid any more"
    CONFLICT = (
        "another program polls with the same token: stop that one, or give this one a bot of its "
        "own (@BotFather, /newbot); it is tried again meanwhile"
    )
    DOWN = "Telegram cannot be reached"


class Polls(Requests):
    """The requests for updates; the library repeats them for ever, so they are watched here."""

    def __init__(self) -> None:
        super().__init__(connections=2, read_timeout=10.0)
        self._failed = 0
        self._end: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    async def ended(self) -> End:
        """Wait until going on makes no sense, and return why."""
        return await self._end

    def stop_watching(self) -> None:
        """Pass every failure on to the library from now on: it is about to stop."""
        self._end.cancel()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one request, as any other."""
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except TelegramError:
            await self._note(0)
            raise
        await self._note(status)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered; of an update that the library cannot read only the number.

        For one of those the library would ask again for ever, and take in no other.
        """
        answer = Requests.parse_json_payload(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [readable(it) for it in updates]
        return answer

    async def _note(self, status: int) -> None:
        self._failed = 0 if status == 200 else self._failed + 1
        end = {401: End.REFUSED, 404: End.REFUSED, 409: End.CONFLICT}.get(status)
        if end is None and self._failed >= PATIENCE:
            end = End.DOWN
        if end is not None and not self._end.done():
            self._end.set_result(end)
            # The library is stopped now and cancels this; nobody would take an error from it.
            await asyncio.Event().wait()


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update, or only its number where the library cannot read it."""
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001  # whatever an undocumented field leads to
        number = update["update_id"]
        logger.error("telegram_update_unreadable", update_id=number, error=type(error).__name__)
        return {"update_id": number}
    return update
