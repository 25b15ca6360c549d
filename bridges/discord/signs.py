"""That an answer is on its way: "typing…", where it takes a while."""

import asyncio
from contextlib import suppress

import discord

from bridges.discord.pacing import Pacer, Passage, Rank, passing_as
from bridges.discord.troubles import TROUBLE

SOON = 0.3  # seconds; an answer that is there by then needs no sign
AGAIN = 8.0  # seconds; Discord shows it for ten


class Typing:
    """Shows it from soon after its beginning to its end; where that fails, nothing else does."""

    def __init__(self, room: discord.abc.Messageable, pacer: Pacer) -> None:
        self._room, self._pacer = room, pacer
        self._showing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Show it until the end, if that is not soon."""
        self._showing = asyncio.create_task(self._show())

    async def end(self) -> None:
        """Show it no more."""
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.wait({self._showing})

    async def _show(self) -> None:
        await asyncio.sleep(SOON)
        while True:
            if self._pacer.spare:
                with suppress(*TROUBLE), passing_as(Passage(Rank.SIGN)):
                    await self._room.typing()
            await asyncio.sleep(AGAIN)
