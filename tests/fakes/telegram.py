"""A Telegram for tests: people speak and press, the bot is heard, all over loopback HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web

from tests.fakes.distance import Away
from tests.fakes.telegram_account import Account, CallbackAnswer
from tests.fakes.telegram_limits import Pacing
from tests.fakes.telegram_methods import Messages
from tests.fakes.telegram_people import People
from tests.fakes.telegram_server import BotApi, Request
from tests.fakes.telegram_world import ANA, BEN, Json, Person, Sent

__all__ = ["ANA", "BEN", "FakeTelegram", "Pacing", "Person", "Sent"]


class FakeTelegram(People):
    """A loopback Bot API server whose people, chats and failures a test holds in its hands.

    It speaks Bot API 10.0 as documented, with limits, pace and error texts; groups reach the
    bot whole unless `privacy` is set. It may be served again after it was stopped; what was
    said and sent is kept.
    """

    def __init__(
        self,
        token: str = "1:test",
        *,
        username: str = "jamfeed_bot",
        paced: bool = True,
        privacy: bool = False,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "Jamfeed", username, bot=True)
        super().__init__(bot, privacy=privacy)
        self.pacing = Pacing(enforced=paced)
        self._messages = Messages(self.world, self.pacing)
        self._account = Account(self.world, self.updates, self.open_queries, privacy=privacy)
        self._api = BotApi(token, self._messages, self._account, self.updates)
        self._heard = 0
        self._unheard: list[Sent] = []

    @property
    def sent(self) -> list[Sent]:
        """Everything the bot sent or changed, in order, as it was then."""
        return self._messages.sent

    @property
    def requests(self) -> list[Request]:
        """Every call with the right token, in order."""
        return self._api.requests

    @property
    def callback_answers(self) -> list[CallbackAnswer]:
        """What the bot answered to presses, in order."""
        return self._account.callback_answers

    @property
    def inline_answers(self) -> list[Json]:
        """The results the bot offered to inline queries, in order."""
        return self._account.inline_answers

    @property
    def drafts(self) -> dict[tuple[int, int], str]:
        """The latest text of each draft, by (chat, draft id)."""
        return self._account.drafts

    @property
    def profile(self) -> dict[tuple[str, str], str]:
        """The texts of the bot's profile, by field and language."""
        return self._account.profile

    @property
    def picture(self) -> bytes:
        """The bot's picture, empty while it has none."""
        return self._account.picture

    def commands(self, scope: str = "default", language: str = "") -> list[tuple[str, str]]:
        """Return the command menu as (command, description); a chat's scope is `chat:-5`."""
        menu = self._account.commands.get((scope, language), [])
        return [(str(entry["command"]), str(entry["description"])) for entry in menu]

    def messages(self, chat: int = ANA.id, *, deleted: bool = False) -> list[Sent]:
        """Return a chat's messages as they are now, or those that were deleted."""
        posts = self.world.chats[chat].posts if chat in self.world.chats else {}
        return [post.seen() for post in posts.values() if post.deleted == deleted]

    @asynccontextmanager
    async def serving(self, port: int = 0, *, away: Away | None = None) -> AsyncIterator[str]:
        """Serve on loopback and yield the URL; port 0 takes a free one. `away`: see `distant`."""
        self.updates.closing = False
        # A poller that goes away must not hold the only poll there is.
        runner = web.AppRunner(
            self._api.application(away),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=0.5,
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        poster = asyncio.create_task(self.updates.post_to_webhook())
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            poster.cancel()
            await asyncio.wait([poster])
            self.updates.closing = True
            self.updates.signal.fire()
            await runner.cleanup()

    def expire_queries(self) -> None:
        """Let every press that was not answered yet be too old."""
        self.open_queries.clear()

    def fail_next(
        self,
        method: str,
        *,
        status: int = 500,
        times: int = 1,
        description: str | None = None,
        retry_after: int | None = None,
        drop: Literal["before", "after"] | None = None,
        taken: bool = False,
        chat: int | None = None,
    ) -> None:
        """Let the next calls of a method fail (`*`: of any but getUpdates), in one chat or all.

        `drop` cuts the connection before or after the call had its effect; `taken` gives the
        error status although it had its effect.
        """
        self._api.failures.add(
            method,
            status=status,
            times=times,
            description=description,
            retry_after=retry_after,
            drop=drop,
            taken=taken,
            chat=chat,
        )

    async def hears(
        self,
        chat: int = ANA.id,
        *,
        timeout: float = 5,
        method: str | None = None,
    ) -> Sent:
        """Return the next thing the bot sent to this chat or changed in it, each once.

        With a method, what came before by another method is passed over; without one, a change of
        buttons alone is. Raises TimeoutError.
        """

        def fits(sent: Sent) -> bool:
            said = sent.method != "editMessageReplyMarkup" if method is None else False
            return sent.chat_id == chat and (said or method == sent.method)

        def arrived() -> bool:
            self._unheard.extend(self.sent[self._heard :])
            self._heard = len(self.sent)
            return any(fits(sent) for sent in self._unheard)

        if not await self.updates.signal.until(arrived, timeout):
            calls = [request.method for request in self.requests[-10:]]
            raise TimeoutError(f"the bot sent nothing to {chat}; its last calls: {calls}")
        heard = next(sent for sent in self._unheard if fits(sent))
        place = self._unheard.index(heard)
        passed = [sent for sent in self._unheard[:place] if sent.chat_id != chat]
        self._unheard[: place + 1] = passed
        return heard

    async def until(self, condition: Callable[[], bool], timeout: float = 5) -> None:
        """Wait until a condition holds, tried after every call; raises TimeoutError."""
        if not await self.updates.signal.until(condition, timeout):
            raise TimeoutError("the condition did not come to hold")
