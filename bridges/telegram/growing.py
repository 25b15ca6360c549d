"""An answer that is shown while it is written."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

SOON = 0.5  # seconds from the beginning until the bot is seen typing
TYPING = 4.5  # seconds until that is said again: Telegram shows it for five
FIRST = 2.0  # seconds from the first words until they are shown: what grows comes without a sound
AGAIN = 0.25  # seconds until it is looked again where nothing was left over for a sign
PAUSE = 5.0  # seconds without another sign after one failed
SILENCE = 300.0  # seconds without another word after which nobody waits for the end

logger = structlog.get_logger(__name__)


class Growing:
    """Shows that an answer comes: the bot is typing, then all that there is of it by then.

    One sign at a time, none after the end; where the bot's limits leave nothing over, it is
    skipped. The model's words never wait for it. `pace`: seconds between two drawings.
    """

    def __init__(
        self,
        type_: Callable[[], Awaitable[object]],
        draw: Callable[[str], Awaitable[object]],
        spare: Callable[[], bool],
        *,
        pace: float,
        first: float | None = None,
    ) -> None:
        self._type, self._draw, self._spare, self._pace = type_, draw, spare, pace
        self._first = FIRST if first is None else first
        self._text = self._drawn = ""
        self._heard = 0.0  # when there was more of it
        self._typing_at: float | None = None
        self._drawing_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sign: asyncio.Task[None] | None = None
        self._drawing = False
        self._ended = False

    def grow(self, text: str) -> None:
        """See that this is shown when it is time, or what there is more by then; "" is a begin."""
        self._text, self._heard = text, asyncio.get_running_loop().time()
        if self._ended:
            return
        begun = self._timer is not None
        if not begun:
            self._typing_at = self._heard + SOON
        if self._drawing_at is None and text.strip():
            self._drawing_at, begun = self._heard + self._first, False
        if not begun:
            self._plan()

    async def end(self) -> None:
        """Show no more; returns when nothing is under way that may still appear."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        if self._sign is not None and not self._sign.done():
            if not self._drawing:
                self._sign.cancel()
            await asyncio.wait({self._sign})

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = min(it for it in (self._typing_at, self._drawing_at) if it is not None)
        self._timer = asyncio.get_running_loop().call_at(due, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._ended or now > self._heard + SILENCE:
            return
        draws = self._drawing_at is not None and self._drawing_at <= now
        busy = self._sign is not None and not self._sign.done()
        waits = AGAIN if busy or not self._spare() else None
        if draws:
            self._drawing_at = now + (waits or self._pace)
        else:
            self._typing_at = now + (waits or TYPING)
        if waits is None and not (draws and self._text == self._drawn):
            self._drawing = draws
            self._sign = asyncio.create_task(self._show(self._text if draws else None))
        if draws:  # what stands there tells as much
            self._typing_at = None
        self._plan()

    async def _show(self, text: str | None) -> None:
        try:
            if text is None:
                await self._type()
            else:
                await self._draw(text)
                self._drawn = text
        except TelegramError as error:
            later = asyncio.get_running_loop().time() + PAUSE
            self._typing_at = self._typing_at and later
            self._drawing_at = self._drawing_at and later
            logger.info("telegram_stream_paused", error=type(error).__name__)
            if not self._ended:
                self._plan()
