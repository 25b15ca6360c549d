"""The way back to one incoming message."""

import asyncio
from collections.abc import Sequence

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bridges.protocol import Part, Peek, Sender
from bridges.telegram.cutting import units
from bridges.telegram.failures import telegram_errors, translated
from bridges.telegram.posting import Bot, Target, edit, post
from bridges.telegram.render import MAX_TEXT, Message, question, render
from bridges.telegram.sentences import ASK_AGAIN, CANNOT_WRITE, OPEN_CHAT, SENT_PRIVATELY
from bridges.telegram.spans import rich
from feed_core.errors import Gone

PACE, GROUP_PACE = 1.0, 4.0  # seconds between edits; a group takes 20 messages a minute
PAUSE = 5.0  # seconds without edits after one failed
RETRIES = 2  # how often a wait that Telegram asks for is kept

logger = structlog.get_logger(__name__)


class TelegramReply:
    """Shows what becomes of one message where it was said, or privately to who said it."""

    def __init__(
        self,
        bot: Bot,
        target: Target,
        sender: Sender,
        *,
        private: bool,
        token: str | None = None,
    ) -> None:
        self._bot, self._target, self._sender = bot, target, sender
        self._private, self._token = private, token
        self._growing: int | None = None  # the message that grows
        self._typing = False
        self._not_before = 0.0

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown, by editing one message about once a second."""
        now = asyncio.get_running_loop().time()
        if now < self._not_before:
            return
        self._not_before = now + (PACE if self._private else GROUP_PACE)
        try:
            await self._grow(text)
        except TelegramError as error:
            self._not_before = now + PAUSE
            logger.info("telegram_stream_paused", error=type(error).__name__)

    async def show(self, part: Part) -> None:
        """Show the answer; raises Unavailable, Unknown or Gone."""
        messages = render(part)
        with telegram_errors():
            if part.private and not self._private:
                await self._whisper(messages)
            else:
                await self._say(messages)

    async def ask(self, peek: Peek, token: str) -> None:
        """Ask for the words that a button's blank needs; raises like `show`."""
        with telegram_errors():
            if self._private:
                await self._say([question(peek, token, asker=None)])
            elif peek.private:
                await self._whisper([question(peek, token, asker=None)])
            else:
                asker = (self._sender.id, self._sender.name)
                await self._say([question(peek, token, asker=asker)])

    async def tell(self, sentence: str) -> None:
        """Say one sentence; raises like `show`."""
        await self.show(Part(sentence))

    async def _grow(self, text: str) -> None:
        if not self._typing:
            self._typing = True
            chat, thread = self._target.chat_id, self._target.thread_id
            await self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread)
        if not text.strip():
            return
        # When it has outgrown a message, its end: no character has more than two units.
        tail = text if units(text) <= MAX_TEXT else f"…{text[1 - MAX_TEXT // 2 :]}"
        message = Message(rich(tail))
        if self._growing is None:
            self._growing = await post(self._bot, self._target, message)
        else:
            await edit(self._bot, self._target, self._growing, message)

    async def _say(self, messages: Sequence[Message]) -> None:
        """Say it where the message came from, in the place of what has grown there."""
        grown, self._growing = self._growing, None
        first, *rest = messages
        editable = first.file is None and not first.asks
        if (
            grown is not None
            and editable
            and await edit(self._bot, self._target, grown, first, retries=RETRIES)
        ):
            grown, messages = None, rest
        for message in messages:
            await post(self._bot, self._target, message, retries=RETRIES)
        if grown is not None:
            try:
                await self._bot.delete_message(self._target.chat_id, grown)
            except TelegramError as error:  # the answer stands; a leftover does no harm
                logger.info("telegram_partial_left", error=type(error).__name__)

    async def _whisper(self, messages: Sequence[Message]) -> None:
        """Say it in the sender's own chat, and in the room only that it went there."""
        note = Message(rich(SENT_PRIVATELY))
        try:
            for message in messages:
                await post(self._bot, Target(int(self._sender.id)), message, retries=RETRIES)
        except TelegramError as error:
            if not isinstance(translated(error), Gone):
                raise
            link = f"https://t.me/{self._bot.username}"
            if self._token:  # the stored call runs again where its answer can be shown
                link += f"?start={self._token}"
            sentence = CANNOT_WRITE if self._token else ASK_AGAIN
            note = Message(rich(sentence), link=(OPEN_CHAT, link))
        await self._say([note])
