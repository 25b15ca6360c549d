"""An answer that is shown while it is written."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bridges.discord.pacing import Pacer, Passage, Rank, passing_as
from bridges.discord.troubles import TROUBLE

logger = structlog.get_logger(__name__)
FIRST = 1.0  # seconds from the first words to the first drawing: a short answer is sent once
PACE = 1.0  # seconds between two edits
PATIENCE = 10.0  # seconds for one


class Growing:
    """Draws a growing text: one drawing at a time, not more than one a second, none after the end.

    Each draws all that is there by then; when Discord's limits leave nothing over, it is skipped.
    The whole answer is shown afterwards.
    """

    def __init__(
        self, draw: Callable[[str], Awaitable[None]], pacer: Pacer, *, first: float = FIRST
    ) -> None:
        self._draw, self._pacer = draw, pacer
        self._text, self._first = "", first
        self._next: float | None = None  # when the next may begin; None before the first words
        self._waiting: asyncio.TimerHandle | None = None
        self._drawing: asyncio.Task[None] | None = None
        self._passage = Passage(Rank.SIGN)
        self._ended = False
        self.unsure = False  # a drawing broke off that Discord may have taken

    def grow(self, text: str) -> None:
        """See that this is drawn when it is time, or what there is more by then."""
        self._text = text
        if self._ended or self._waiting is not None or not text.strip():
            return
        loop = asyncio.get_running_loop()
        if self._next is None:
            self._next = loop.time() + self._first
        self._waiting = loop.call_at(self._next, self._begin)

    async def end(self) -> None:
        """Draw no more; returns when nothing is under way.

        A drawing that has not left yet (its route's bucket is empty, say) is given up.
        """
        self._ended = True
        if self._waiting is not None:
            self._waiting.cancel()
        if self._drawing is None or self._drawing.done():
            return
        if not self._passage.out:
            self._drawing.cancel()
        await asyncio.wait({self._drawing})

    def _begin(self) -> None:
        self._waiting = None
        busy = self._drawing is not None and not self._drawing.done()
        if busy or not self._spare:
            return
        self._next = asyncio.get_running_loop().time() + PACE
        self._passage = Passage(Rank.SIGN, bucket=self._passage.bucket)
        self._drawing = asyncio.create_task(self._try(self._text))

    @property
    def _spare(self) -> bool:
        """Whether a drawing takes nothing from answers, of what all may ask and its route may."""
        bucket = self._passage.bucket
        return self._pacer.spare and not (bucket is not None and bucket.scarce)

    async def _try(self, text: str) -> None:
        try:
            with passing_as(self._passage):
                async with asyncio.timeout(PATIENCE):
                    await self._draw(text)
        except TROUBLE as error:
            self.unsure |= self._passage.went
            logger.info("growing_not_drawn", problem=type(error).__name__)
