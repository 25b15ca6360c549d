"""A pressed button: its wheel stops soon, and what can no longer be pressed goes away."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bridges.protocol import Door, Part
from bridges.telegram.cutting import units
from bridges.telegram.reading import PRESSED

WAIT = 1.0  # seconds that the wheel turns at most
# https://core.telegram.org/bots/api#answercallbackquery: 0-200 characters
BUBBLE = 200
GLANCE = 60  # more than this is not read in passing: the bubble then waits for a tap

logger = structlog.get_logger(__name__)


class Pressed:
    """The way back to one press; everything but `tidy` may be called again."""

    def __init__(self, query: CallbackQuery) -> None:
        self._query = query
        self._answered = asyncio.Event()

    async def stop_wheel(self, after: float = 0.0) -> None:
        """Say nothing, but let the button rest, after as many seconds without an answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(after):
                await self._answered.wait()
        await self._answer("")

    async def show(self, part: Part) -> bool:
        """Show a short answer to the presser alone; False when it has to be a message."""
        if part.buttons or not brief(part):
            await self.stop_wheel()
            return False
        return await self._answer(part.text)

    async def tell(self, sentence: str) -> bool:
        """Say this to the presser alone; False when it is too late for that."""
        return await self._answer(sentence)

    async def lead_to(self, link: str) -> bool:
        """Open a link to the bot for the presser; False when it is too late for that."""
        return await self._answer("", link)

    async def tidy(self, door: Door) -> None:
        """Take away the buttons that nobody can press any more."""
        message = self._query.message
        if not isinstance(message, Message) or message.reply_markup is None:
            return
        rows = message.reply_markup.inline_keyboard
        spent = await door.spent([it for row in rows for button in row if (it := token_of(button))])
        if not spent:
            return
        left = [[it for it in row if token_of(it) not in spent] for row in rows]
        try:
            await message.edit_reply_markup(_keyboard(left))
        except TelegramError as error:  # a button that stays says why it does nothing
            logger.info("telegram_keyboard_left", error=type(error).__name__)

    async def _answer(self, text: str, link: str | None = None) -> bool:
        if self._answered.is_set():
            return False
        self._answered.set()
        try:
            await self._query.answer(text or None, show_alert=len(text) > GLANCE, url=link)
        except TelegramError as error:  # too late: nobody sees the wheel any more
            logger.info("telegram_press_not_acknowledged", error=type(error).__name__)
            return False
        return True


def brief(part: Part) -> bool:
    """Whether a bubble can say all of it but its buttons."""
    short = part.text and units(part.text) <= BUBBLE
    return bool(short and not part.cards and not part.pictures and not part.groups)


def token_of(button: InlineKeyboardButton) -> str | None:
    """The token of the call behind a button of ours."""
    found = PRESSED.fullmatch(str(button.callback_data or ""))
    return found[1] if found else None


def _keyboard(rows: Sequence[Sequence[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None
