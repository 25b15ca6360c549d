"""Telegram: people write and press, Jamfeed answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from telegram import Update
from telegram.constants import UpdateType
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, TypeHandler

from agents.act import Acts
from agents.doorways import Doorways
from bridges.asked import Takes
from bridges.guiding import Bot as Found
from bridges.protocol import Door, Moved, Part
from bridges.telegram import links
from bridges.telegram.amending import amend, take_away
from bridges.telegram.commands import names, offer, tappable
from bridges.telegram.cutting import shorten
from bridges.telegram.failures import SERVICE, telegram_errors
from bridges.telegram.guest import GoodGuest
from bridges.telegram.inline import Inline
from bridges.telegram.pacing import Held, Pacer
from bridges.telegram.passing import Passing
from bridges.telegram.polling import End, Polls
from bridges.telegram.posting import Bot, Target, post
from bridges.telegram.presenting import present, steps
from bridges.telegram.quiet import silence
from bridges.telegram.receiving import Receiver
from bridges.telegram.render import cover_of, render_one
from bridges.telegram.requests import Requests
from bridges.telegram.webhook import Webhook
from feed_core.errors import ConfigurationError, Unavailable

UPDATES = [
    *(UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER),
    *(UpdateType.EDITED_MESSAGE, UpdateType.MESSAGE_REACTION),
    UpdateType.INLINE_QUERY,
]
LONGEST_TOPIC = 128  # characters of a topic's name
DRAIN = 20.0  # seconds that answers under way have when the bridge stops

logger = structlog.get_logger(__name__)
App = Application[Any, Any, Any, Any, Any, Any]


class TelegramBridge:
    """Telegram through a bot, by long polling, or by a webhook where one is given."""

    platform = "telegram"
    repeatable = False

    def __init__(
        self,
        token: str,
        acts: Acts,
        *,
        api_url: str | None = None,
        webhook: Webhook | None = None,
        takes: Takes | None = None,
        drafts: bool = False,
        doorways: Doorways | None = None,
    ) -> None:
        self._doorways = doorways
        self._token, self._acts, self._api_url = token, acts, api_url
        self._webhook, self._takes, self._drafts = webhook, takes, drafts
        self._pacer = Pacer()
        self._bot: Bot | None = None
        self._door: Door | None = None

    @property
    def refused(self) -> int:
        """How often Telegram asked to wait (429), since the start."""
        return self._pacer.refused

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Pass on every message until cancelled; then leave Telegram tidily."""
        silence()
        try:
            polls = Polls()
            application = self._application(polls)  # a stopped one keeps its handlers: one a run
            async with application.bot, application:  # the bot closes even when it was refused
                self._bot, self._door = application.bot, door
                if self._doorways is not None:
                    self._doorways.open(self.platform, partial(links.to, application.bot.username))
                await offer(application.bot, self._acts)
                end = await self._serve(application, polls, door, ready)
        except InvalidToken:
            end = End.REFUSED
        except TelegramError as error:
            raise Unavailable(SERVICE) from error
        finally:
            self._bot = self._door = None
        # Outside the handler: what the library says of a refused token quotes it.
        if end is End.REFUSED:
            raise _refused()
        logger.error("telegram_polling_ended", reason=end.value)
        raise Unavailable(SERVICE)

    async def who(self) -> str:
        """The bot's name, as Telegram tells it to whoever has the token.

        Raises:
            ConfigurationError: Telegram refuses the token.
            Unavailable: Telegram cannot be reached.
        """
        return (await self.looked_up()).name

    async def looked_up(self) -> Found:
        """The bot, and what its operator clicks; raises as `who`."""
        async with self._known() as bot:
            return Found(f"@{bot.username}", steps(bot), ())

    async def present(self) -> None:
        """Set menus, and texts and picture where it has none; raises as `who`."""
        async with self._known() as bot:
            await offer(bot, self._acts)
            await present(bot)

    @asynccontextmanager
    async def _known(self) -> AsyncIterator[Bot]:
        """The bot while nothing runs; raises as `who`."""
        silence()
        application = self._application(Polls())
        refused = False
        try:
            async with application.bot:
                yield application.bot
        except InvalidToken:
            refused = True
        except TelegramError as error:
            raise Unavailable(SERVICE) from error
        if refused:  # outside the handler: what the library says of it quotes the token
            raise _refused()

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        """Post exactly one message; Telegram knows no key that makes a repeat harmless."""
        return await self.send_late(place_id, part, key=key, under=under, may_go=_at_once)

    async def send_late(
        self,
        place_id: str,
        part: Part,
        *,
        key: str,
        under: str | None,
        may_go: Callable[[], Awaitable[None]],
    ) -> str:
        """As `send`, after the answers that go first: see `HoldsBack`."""
        bot, door = self._running()
        target = Target.of(place_id, reply_to=int(under) if under else None)

        async def moved_to(chat_id: int) -> None:
            await door.notice(Moved(self.platform, str(target.chat_id), str(chat_id)))

        if (cover := cover_of(part)) is not None:
            part = replace(part, pictures=())
            try:
                await post(bot, target, cover, rank=Held(may_go), silent=True)
            except TelegramError as error:  # what it is the cover of comes anyway
                logger.info("cover_not_sent", kind=type(error).__name__)
        with telegram_errors():
            message = render_one(self._tappable(part))
            return str(await post(bot, target, message, rank=Held(may_go), moved_to=moved_to))

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        """Let a message that was sent show this; raises MessageGone when it is not there."""
        bot, _ = self._running()
        target, number = Target.of(place_id), int(message_id)
        with telegram_errors():
            if part is None:
                await take_away(bot, target, number)
            else:
                await amend(bot, target, number, render_one(self._tappable(part)))

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """Begin a topic and return its place; None where the chat has none, or the bot may not.

        https://core.telegram.org/bots/api#createforumtopic: as an administrator that may manage
        topics.
        """
        bot, _ = self._running()
        target = Target.of(place_id)
        if target.thread_id is not None:
            return None
        try:
            topic = await bot.create_forum_topic(target.chat_id, shorten(name, LONGEST_TOPIC))
        except TelegramError as error:  # it is no forum, or not the bot's to change
            logger.info("telegram_no_topic", error=type(error).__name__)
            return None
        return f"{target.chat_id}:{topic.message_thread_id}"

    def _running(self) -> tuple[Bot, Door]:
        if self._bot is None or self._door is None:
            raise Unavailable(SERVICE)
        return self._bot, self._door

    def _tappable(self, part: Part) -> Part:
        return replace(part, text=tappable(part.text, names(self._acts)))

    def _application(self, polls: Polls) -> App:
        builder = Application.builder().token(self._token)
        builder.request(Requests()).get_updates_request(polls)
        if self._api_url is not None:
            builder.base_url(f"{self._api_url}/bot").base_file_url(f"{self._api_url}/file/bot")
        builder.job_queue(None)  # without a scheduler
        return builder.rate_limiter(GoodGuest(self._pacer)).build()

    async def _serve(
        self, application: App, polls: Polls, door: Door, ready: Callable[[], None]
    ) -> End:
        """Take updates in until that makes no sense any more, and return why."""
        receiver = Receiver(
            application.bot, self._pacer, door, names(self._acts), drafts=self._drafts
        )
        passing = Passing(receiver, Inline(application.bot, self._takes), door)

        async def take(update: Update, context: object) -> None:
            passing.take(update)

        updater = application.updater
        assert updater is not None  # the builder makes one

        async def stop_polling() -> None:
            polls.stop_watching()
            if updater.running:
                await updater.stop()

        async def finish_answers() -> None:
            task = asyncio.current_task()
            told_twice = task is not None and task.cancelling() > 1
            await passing.finish(0 if told_twice else DRAIN)

        application.add_handler(TypeHandler(Update, take))
        async with AsyncExitStack() as leaving:  # every step is taken, even if one is cut short
            leaving.push_async_callback(finish_answers)
            await application.start()
            leaving.push_async_callback(application.stop)
            leaving.push_async_callback(stop_polling)
            if self._webhook is not None:
                listening = self._webhook.listening(
                    application.bot, UPDATES, application.update_queue
                )
                await leaving.enter_async_context(listening)
            else:
                await updater.start_polling(
                    allowed_updates=UPDATES,
                    drop_pending_updates=False,
                    error_callback=lambda error: None,  # `polls` has seen it
                )
            ready()
            return await polls.ended()


async def _at_once() -> None:
    """Nothing has to be asked."""


def _refused() -> ConfigurationError:
    return ConfigurationError(
        "JAMFEED_TELEGRAM_TOKEN",
        "Telegram refused it",
        "Ask @BotFather for the bot's token and set it anew.",
    )
