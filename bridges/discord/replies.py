"""The ways back: to a message in its room, and to a command or press by its own channel."""

from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import discord
import structlog

from agents.turn import Place
from bridges.discord.growing import Growing
from bridges.discord.render import Page, growing, pages
from bridges.discord.sentences import CANNOT_WRITE, MOMENT, SENT_PRIVATELY
from bridges.discord.translate import Interaction
from bridges.discord.troubles import TROUBLE, plainly
from bridges.protocol import Part

logger = structlog.get_logger(__name__)

# Unknown message, webhook or interaction; invalid token: this way back is closed.
CLOSED = {10008, 10015, 10062, 50027}


class RoomReply:
    """Answers in the room; what is private goes to the person's own chat with the bot."""

    def __init__(
        self,
        room: discord.abc.Messageable,
        person: discord.User | discord.Member,
        place: Place,
        message: discord.Message | None = None,
    ) -> None:
        self._room, self._person, self._place = room, person, place
        # None: in a private chat it is clear what is answered.
        self._reference = (
            message.to_reference(fail_if_not_exists=False)
            if message is not None and not place.private
            else None
        )
        self._growing = Growing(self._draw)
        self._grown: discord.Message | None = None
        self._signs = AsyncExitStack()

    async def begin(self) -> None:
        """Show that an answer is on its way, until the end."""
        with suppress(*TROUBLE):  # a room where that fails gets the answer all the same
            await self._signs.enter_async_context(self._room.typing())

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown."""
        self._growing.grow(text)

    async def show(self, part: Part) -> None:
        """Show the answer."""
        await self._growing.end()
        with plainly():
            if part.private and not self._place.private:
                await self._whisper(part)
            else:
                for page in pages(part):
                    await self._put(page)

    async def end(self) -> None:
        """Leave nothing under way."""
        await self._growing.end()
        await self._signs.aclose()

    async def _whisper(self, part: Part) -> None:
        told = SENT_PRIVATELY
        try:
            own = await self._person.create_dm()
            for page in pages(part):
                await own.send(view=page.view, files=page.files)
        except discord.Forbidden:
            told = CANNOT_WRITE
        for page in pages(Part(told)):
            await self._put(page)

    async def _draw(self, text: str) -> None:
        page = growing(text)
        if self._grown is None:
            self._grown = await self._send(page)
        else:
            await self._grown.edit(view=page.view)

    async def _put(self, page: Page) -> None:
        grown, self._grown = self._grown, None
        if grown is None:
            await self._send(page)
        else:
            await grown.edit(view=page.view, attachments=page.files)

    async def _send(self, page: Page) -> discord.Message:
        reference, self._reference = self._reference, None
        if reference is None:
            return await self._room.send(view=page.view, files=page.files)
        return await self._room.send(view=page.view, files=page.files, reference=reference)


class InteractionReply:
    """Answers a deferred command or press; after its 15 minutes, as a message in the room."""

    def __init__(self, interaction: Interaction, place: Place, room: RoomReply, *, hidden: bool):
        self._interaction, self._room = interaction, room
        self._hidden = hidden  # the defer said that only the person sees the answer
        self._alone = hidden or place.private
        self._deferred = False
        self._thinking = True  # nothing has taken the place of "thinking…" yet
        self._answered = False
        self._growing = Growing(self._draw)

    async def begin(self) -> None:
        """Acknowledge it, within its three seconds."""
        try:
            await self._interaction.response.defer(thinking=True, ephemeral=self._hidden)
            self._deferred = True
        except TROUBLE as error:
            logger.warning(
                "not_deferred", interaction_id=self._interaction.id, problem=type(error).__name__
            )

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown."""
        self._growing.grow(text)

    async def show(self, part: Part) -> None:
        """Show the answer."""
        await self._growing.end()
        with plainly():
            try:
                if not self._open:
                    await self._show_in_room(part)
                elif part.private and not self._alone:
                    await self._whisper(part)
                else:
                    for page in pages(part):
                        await self._put(page)
            except discord.HTTPException as error:
                if error.code not in CLOSED:
                    raise
                await self._show_in_room(part)

    async def end(self) -> None:
        """Leave nothing under way, and no "thinking…" behind."""
        await self._growing.end()
        if self._thinking and self._open:
            try:
                await self._interaction.delete_original_response()
            except TROUBLE as error:
                logger.info("nothing_taken_away", problem=type(error).__name__)

    @property
    def _open(self) -> bool:
        return self._deferred and not self._interaction.is_expired()

    async def _show_in_room(self, part: Part) -> None:
        """Show it as a message; what was promised to be unseen by others stays so."""
        await self._room.show(replace(part, private=part.private or self._hidden))

    async def _whisper(self, part: Part) -> None:
        """Answer unseen by others, although the defer promised them an answer.

        The first follow-up would be seen by all, as the defer was, whatever it asks for: so the
        deferred answer is given first and taken away last.
        """
        promised = not self._answered
        if promised:
            await self._put(growing(MOMENT))
        for page in pages(part):
            await self._follow_up(page, hidden=True)
        if promised:
            await self._interaction.delete_original_response()

    async def _draw(self, text: str) -> None:
        if self._open:
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
