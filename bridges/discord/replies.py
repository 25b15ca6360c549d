"""The ways back: to a message in its room, and to a command or press by its own channel."""

import asyncio
from dataclasses import replace

import discord
import structlog

from agents.turn import Place
from bridges.discord.growing import Growing
from bridges.discord.pacing import Pacer
from bridges.discord.redrawing import Redrawing
from bridges.discord.render import Page, growing, pages
from bridges.discord.sentences import (
    BLOCKED_THERE,
    CANNOT_WRITE,
    CANNOT_WRITE_THERE,
    MOMENT,
    SENT_PRIVATELY,
)
from bridges.discord.signs import Typing
from bridges.discord.translate import Interaction
from bridges.discord.troubles import NAME, TROUBLE, blocked, closed, plainly
from bridges.protocol import Part
from feed_core.errors import Unavailable, Unknown

logger = structlog.get_logger(__name__)

# Unknown message, webhook or interaction; invalid token: this way back is closed.
CLOSED = {10008, 10015, 10062, 50027}


class RoomReply:
    """Answers in the room; what is private goes to the person's own chat with the bot.

    Every message has a key under which Discord posts it once (`nonce`), so that asking again is
    harmless, whatever came of the first time.
    """

    def __init__(
        self,
        room: discord.abc.Messageable,
        person: discord.User | discord.Member,
        place: Place,
        key: str,
        pacer: Pacer,
        message: discord.Message | None = None,
    ) -> None:
        self._room, self._person, self._place, self._key = room, person, place, key
        # None: in a private chat it is clear what is answered.
        self._reference = (
            message.to_reference(fail_if_not_exists=False)
            if message is not None and not place.private
            else None
        )
        self._growing = Growing(self._draw, pacer)
        self._grown: discord.Message | None = None
        self._typing = Typing(room, pacer)
        self._turned = Turned()

    def begin(self) -> None:
        """Show that an answer is on its way, until the end."""
        self._typing.begin()

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown."""
        self._growing.grow(text)

    async def show(self, part: Part) -> None:
        """Show the answer; asked again after a failure, it goes on where that was."""
        await self._growing.end()
        try:
            with plainly():
                if part.private and not self._place.private:
                    await self._whisper(part)
                else:
                    await self._show_here(part)
        except Unknown as error:
            raise Unavailable(NAME) from error  # a repeat is harmless

    async def end(self) -> None:
        """Leave nothing under way."""
        await self._growing.end()
        await self._typing.end()

    async def _show_here(self, part: Part) -> None:
        try:
            for number, page in self._turned.left(part):
                await self._put(page, number)
                self._turned.done()
        except discord.HTTPException as error:
            if self._place.private or not (blocked(error) or closed(error)):
                raise
            logger.info("room_closed", status=error.status, code=error.code)
            told = Part(BLOCKED_THERE)
            if not blocked(error):
                told = replace(part, text=f"{CANNOT_WRITE_THERE}\n\n{part.text}".strip())
            await self._send_privately(told)

    async def _whisper(self, part: Part) -> None:
        try:
            await self._send_privately(part)
        except discord.Forbidden:
            await self._show_here(Part(CANNOT_WRITE))
            return
        try:
            for number, page in self._turned.left(Part(SENT_PRIVATELY)):
                await self._put(page, number)
                self._turned.done()
        except discord.HTTPException as error:
            if not (blocked(error) or closed(error)):
                raise

    async def _send_privately(self, part: Part) -> None:
        own = await self._person.create_dm()
        for number, page in enumerate(pages(part)):
            await own.send(view=page.view, files=page.files, nonce=f"{self._key}p{number}")

    async def _draw(self, text: str) -> None:
        page = growing(text)
        if self._grown is None:
            self._grown = await self._send(page, 0)
        else:
            await self._grown.edit(view=page.view)

    async def _put(self, page: Page, number: int) -> None:
        if self._grown is None and number == 0 and self._growing.unsure:
            self._grown = await self._send(growing(MOMENT), number)  # or what is there already
        if self._grown is None:
            await self._send(page, number)
        else:
            await self._grown.edit(view=page.view, attachments=page.files)
        self._grown = None

    async def _send(self, page: Page, number: int) -> discord.Message:
        nonce = f"{self._key}-{number}"
        if self._reference is None or number:
            return await self._room.send(view=page.view, files=page.files, nonce=nonce)
        return await self._room.send(
            view=page.view, files=page.files, nonce=nonce, reference=self._reference
        )


class InteractionReply:
    """Answers a deferred command or press; after its 15 minutes, as a message in the room.

    With `redrawing` it is a press by which a card changes. The answer follows the card; a message
    that shows none, such as a question that only the presser sees, makes place for it.
    """

    def __init__(
        self,
        interaction: Interaction,
        place: Place,
        room: RoomReply,
        pacer: Pacer,
        *,
        hidden: bool,
        redrawing: Redrawing | None = None,
    ) -> None:
        self._interaction, self._room = interaction, room
        self._redrawing = redrawing
        message = interaction.message
        seen_alone = place.private or (message is not None and message.flags.ephemeral)
        shows = redrawing is not None and redrawing.pressed(interaction)
        self._replaces = redrawing is not None and not shows and seen_alone
        self._hidden = hidden  # the defer said that only the person sees the answer
        self._alone = hidden or place.private or self._replaces
        self._deferring: asyncio.Task[bool] | None = None
        self._thinking = True  # nothing has taken the place of "thinking…" yet
        self._answered = False
        self._growing = Growing(self._draw, pacer)
        self._turned = Turned()

    def begin(self) -> None:
        """Acknowledge it, whatever else there is to do."""
        self._deferring = asyncio.create_task(self._defer())

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown."""
        self._growing.grow(text)

    async def show(self, part: Part) -> None:
        """Show the answer; asked again after a failure, it goes on where that was."""
        await self._growing.end()
        try:
            with plainly():
                await self._show(part)
        except Unknown as error:
            if self._answered:
                raise
            raise Unavailable(NAME) from error  # changing the first message again is harmless

    async def _show(self, part: Part) -> None:
        try:
            if not await self._open():
                await self._show_in_room(part)
                return
            if part.private:
                await self._tell_alone(part)
            else:
                await self._turn(part)
            if self._redrawing is not None:
                await self._redrawing.redraw(self._interaction, part.redrawn)
        except discord.HTTPException as error:
            if blocked(error):
                await self._tell_alone(Part(BLOCKED_THERE))
            elif error.code in CLOSED:
                await self._show_in_room(part)
            else:
                raise

    async def end(self) -> None:
        """Leave nothing under way, and no "thinking…" behind."""
        await self._growing.end()
        if await self._open() and self._thinking:
            try:
                await self._interaction.delete_original_response()
            except TROUBLE as error:
                logger.info("nothing_taken_away", problem=type(error).__name__)
        await self._room.end()

    async def _defer(self) -> bool:
        try:
            if self._redrawing is not None:
                self._thinking, self._answered = False, not self._replaces
                await self._interaction.response.defer()
            else:
                await self._interaction.response.defer(thinking=True, ephemeral=self._hidden)
        except TROUBLE as error:
            number, problem = self._interaction.id, type(error).__name__
            logger.warning("not_deferred", interaction_id=number, problem=problem)
            return False
        return True

    async def _open(self) -> bool:
        """Whether it is acknowledged, which is waited for, and its 15 minutes are not over."""
        deferred = self._deferring is not None and await self._deferring
        return deferred and not self._interaction.is_expired()

    async def _show_in_room(self, part: Part) -> None:
        """Show it as a message; what was promised to be unseen by others stays so."""
        await self._room.show(replace(part, private=part.private or self._hidden))

    async def _turn(self, part: Part) -> None:
        for _, page in self._turned.left(part):
            await self._put(page)
            self._turned.done()

    async def _tell_alone(self, part: Part) -> None:
        """Answer unseen by others, although the defer may have promised them an answer.

        The first follow-up would be seen by all, as the defer was, whatever it asks for: so the
        deferred answer is given first and taken away last.
        """
        if self._alone:
            await self._turn(part)
            return
        promised = not self._answered
        if promised:
            await self._put(growing(MOMENT))
        for page in pages(part):
            await self._follow_up(page, hidden=True)
        if promised:
            await self._interaction.delete_original_response()

    async def _draw(self, text: str) -> None:
        if await self._open() and self._redrawing is None:
            await self._interaction.edit_original_response(view=growing(text).view)
            self._thinking = False

    async def _put(self, page: Page) -> None:
        if self._answered:
            await self._follow_up(page, hidden=self._hidden)
            return
        await self._interaction.edit_original_response(view=page.view, attachments=page.files)
        self._thinking, self._answered = False, True

    async def _follow_up(self, page: Page, *, hidden: bool) -> None:
        await self._interaction.followup.send(
            view=page.view, files=page.files, ephemeral=hidden, wait=True
        )


class Turned:
    """How far a part's pages have been turned: those that were shown are not shown again."""

    def __init__(self) -> None:
        self._part: Part | None = None
        self._before = self._shown = 0

    def left(self, part: Part) -> list[tuple[int, Page]]:
        """The pages that are yet to be shown, each with its number among all of this reply."""
        if part != self._part:
            self._part, self._before, self._shown = part, self._before + self._shown, 0
        return [(self._before + i, page) for i, page in enumerate(pages(part))][self._shown :]

    def done(self) -> None:
        """The next page was shown."""
        self._shown += 1
