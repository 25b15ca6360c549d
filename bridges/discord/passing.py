"""From Discord's events to the door: side by side, one person's in order, none left unanswered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4
from weakref import WeakValueDictionary

import discord
import structlog

from agents import wording
from agents.answer import Call
from agents.forms import Filled
from agents.quoting import Quoted
from agents.turn import Place
from bridges.discord.pacing import Pacer
from bridges.discord.pairs import Pairs, Turn
from bridges.discord.places import below
from bridges.discord.quoting import shown_in
from bridges.discord.redrawing import Redrawing
from bridges.discord.replies import InteractionReply, RoomReply
from bridges.discord.sentences import FORWARDED, SOMEBODY, TOO_OFTEN, UNREADABLE
from bridges.discord.translate import (
    Interaction,
    fetch,
    place_of,
    sender_of,
    spoken_elsewhere,
    unreadable,
)
from bridges.protocol import Door, Incoming, Part, Sender
from feed_core.errors import Refusal, Unavailable

logger = structlog.get_logger(__name__)


class Passing:
    """Hands what people do to the door and waits for its answer."""

    def __init__(self, door: Door, pacer: Pacer) -> None:
        self._door, self._pacer = door, pacer
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pairs = Pairs()
        self._redrawing = Redrawing()
        self._underway: set[asyncio.Task[None]] = set()

    async def message(self, message: discord.Message, text: str, foreign: Sequence[str]) -> None:
        """Pass on a message; `foreign` is what in its text others chose."""
        place = place_of(message)
        reply = RoomReply(
            message.channel, message.author, place, str(message.id), self._pacer, message
        )
        sender = sender_of(message.author)
        incoming = _said(message, place, sender, text, foreign)
        turn = self._pairs.turn(sender.id, place.id)
        if turn is Turn.LAST:
            await _say(reply, TOO_OFTEN)
        elif turn is Turn.ANSWERED and unreadable(message):
            await _say(reply, UNREADABLE)
        elif turn is Turn.ANSWERED and (spoken := spoken_elsewhere(message)) and not text:
            await self._pass_on(incoming, spoken, reply, spoken_by=SOMEBODY)
        elif turn is Turn.ANSWERED and message.message_snapshots and not text:
            await _say(reply, FORWARDED)
        elif turn is Turn.ANSWERED:
            await self._pass_on(incoming, message.attachments, reply)

    async def overheard(self, message: discord.Message, text: str, foreign: Sequence[str]) -> None:
        """Pass on what was not said to the bot."""
        place, sender = place_of(message), sender_of(message.author)
        incoming = replace(_said(message, place, sender, text, foreign), overheard=True)
        reply = RoomReply(
            message.channel, message.author, place, incoming.update_id, self._pacer, message
        )
        await self._pass_on(incoming, (), reply)

    async def interaction(
        self,
        interaction: Interaction,
        *,
        hidden: bool,
        call: Call | None = None,
        token: str | None = None,
        form: Filled | None = None,
        quoted: Quoted | None = None,
        about: Sender | None = None,
        attachments: Sequence[discord.Attachment] = (),
        reading: Callable[[], Awaitable[Quoted]] | None = None,
        redraws: bool = False,
    ) -> None:
        """Pass on a command, a press or a form; only the person sees the answer if `hidden`.

        `reading` finds what is quoted, once it is acknowledged. `redraws`: a card changes by it.
        In a private chat nobody else does, and what is hidden would be gone with the next start.
        """
        place = place_of(interaction)
        hidden = hidden and not place.private
        channel = interaction.client.get_partial_messageable(int(place.id))
        room = RoomReply(channel, interaction.user, place, str(interaction.id), self._pacer)
        reply = InteractionReply(
            interaction,
            place,
            room,
            self._pacer,
            hidden=hidden,
            redrawing=self._redrawing if redraws else None,
        )
        sender = sender_of(interaction.user, str(interaction.locale))
        incoming = Incoming(
            str(interaction.id),
            sender,
            place,
            call=call,
            token=token,
            form=form,
            quoted=quoted,
            about=about,
            shown=_shown(interaction) if token else (),
        )
        await self._pass_on(incoming, attachments, reply, reading)

    async def drain(self, seconds: float, cleaning: float = 5.0) -> None:
        """Wait for what is under way, and end what takes longer."""
        await asyncio.sleep(0)  # what has been dispatched begins
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._underway:
                    await asyncio.wait(self._underway)
        for task in self._underway:
            task.cancel()
        if self._underway:
            await asyncio.wait(self._underway, timeout=cleaning)

    async def _pass_on(
        self,
        incoming: Incoming,
        attachments: Sequence[discord.Attachment],
        reply: RoomReply | InteractionReply,
        reading: Callable[[], Awaitable[Quoted]] | None = None,
        spoken_by: str = "",
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._underway.add(task)
        line = self._lines.setdefault(incoming.sender.id, asyncio.Lock())
        if not incoming.overheard:
            reply.begin()  # at once, also when it stands in line
        try:
            async with line:
                uploads = await fetch(attachments, by=spoken_by)
                if reading is not None:
                    incoming = replace(incoming, quoted=await reading())
                await self._door.receive(replace(incoming, uploads=uploads), reply)
        except (Refusal, Unavailable) as error:
            logger.info("not_passed_on", update_id=incoming.update_id, code=error.code)
            await _say(reply, wording.sentence(error))
        except Exception:
            incident = uuid4().hex[:8]
            logger.exception("broken", incident=incident, update_id=incoming.update_id)
            await _say(reply, wording.broken(incident))
        finally:
            await reply.end()
            self._underway.discard(task)


def _shown(interaction: Interaction) -> list[str]:
    me, message = interaction.client.user, interaction.message
    return shown_in(message, me.id) if me is not None and message is not None else []


def _said(
    message: discord.Message, place: Place, sender: Sender, text: str, foreign: Sequence[str]
) -> Incoming:
    """What a message says; its author's own name for it is no word to the bot."""
    above = message.reference.message_id if message.reference else None
    me = message.guild.me.id if message.guild else None
    return Incoming(
        str(message.id),
        sender,
        place,
        text=text,
        foreign=foreign,
        under=below(message.channel, above, me=me, words=message.content),
        message_id=str(message.id),
        answers=str(above or ""),
    )


async def _say(reply: RoomReply | InteractionReply, sentence: str) -> None:
    try:
        await reply.show(Part(sentence))
    except Unavailable as outage:
        logger.warning("not_said", code=outage.code)
