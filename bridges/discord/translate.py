"""Discord's people, places, words and files in Jamfeed's terms."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import discord

from agents.turn import Place
from bridges.discord.places import PLATFORM as PLATFORM
from bridges.discord.places import place_in
from bridges.discord.troubles import NAME, TROUBLE
from bridges.protocol import Sender
from bridges.uploads import Spoken, Upload
from feed_core.errors import PictureRefused, Unavailable
from feed_core.shelving import TooManyFiles

MOST_FILES = 10  # of one message
LARGEST = 25 * 1024 * 1024  # bytes of all files of one message

EMOJI = re.compile(r"<a?:\w{1,40}:\d+>")

Interaction = discord.Interaction[Any]


def sender_of(user: discord.User | discord.Member, locale: str = "en") -> Sender:
    """Who wrote or pressed."""
    # Not the nickname: whoever looks after a server can choose that for others.
    return Sender(str(user.id), user.global_name or user.name, locale.partition("-")[0])


def place_of(event: discord.Message | Interaction) -> Place:
    """Where it was; private is only the bot's own chat with one person.

    An app that people install for themselves is also used in their chats with each other.
    """
    if isinstance(event, discord.Message):
        private = isinstance(event.channel, discord.DMChannel)
        return place_in(event.channel, event.guild, private=private)
    channel = event.channel or discord.Object(event.channel_id or 0)
    return place_in(channel, event.guild, private=event.context.dm_channel)


def words_of(message: discord.Message, me: int) -> str:
    """What was written, without the call by name; other people's names as they read."""
    names = {person.id: f"@{person.display_name}" for person in message.mentions}
    named = re.sub(
        r"<@!?(\d+)>",
        lambda match: "" if int(match[1]) == me else names.get(int(match[1]), match[0]),
        message.content,
    )
    return named.strip()


def foreign_in(message: discord.Message, me: int) -> list[str]:
    """What in a message somebody else chose: names of people, and of a server's own emoji."""
    names = [f"@{it.display_name}" for it in message.mentions if it.id != me]
    return list(dict.fromkeys([*names, *EMOJI.findall(message.content)]))


def speaks_to(message: discord.Message, me: int) -> bool:
    """Whether a person addresses the bot: in private, by name or by a reply."""
    if message.author.bot or message.webhook_id is not None or message.is_system():
        return False
    if isinstance(message.channel, discord.DMChannel) or any(
        it.id == me for it in message.mentions
    ):
        return True
    answered = message.reference.resolved if message.reference else None
    return isinstance(answered, discord.Message) and answered.author.id == me


def spoken_elsewhere(message: discord.Message) -> list[discord.Attachment]:
    """The voice message that a message forwards."""
    return [
        it
        for snapshot in message.message_snapshots
        for it in snapshot.attachments
        if it.is_voice_message()
    ]


def unreadable(message: discord.Message) -> bool:
    """Whether Discord kept the words back: in rooms it shows only what names the bot."""
    hidden = not (message.content or message.attachments or message.stickers)
    return hidden and not isinstance(message.channel, discord.DMChannel)


async def fetch(attachments: Sequence[discord.Attachment], *, by: str = "") -> list[Upload]:
    """The files that came along; `by` is who spoke what was spoken, "" for whoever sends it.

    Raises:
        TooManyFiles: there are more than Discord itself lets people send.
        PictureRefused: they hold more than 25 MB.
        Unavailable: they cannot be had.
    """
    if len(attachments) > MOST_FILES:
        raise TooManyFiles(len(attachments), MOST_FILES)
    if sum(it.size for it in attachments) > LARGEST:
        raise PictureRefused("too_large")
    try:
        async with asyncio.timeout(60):
            return [
                Upload(it.filename, await it.read(), it.description or "", _spoken(it, by))
                for it in attachments
            ]
    except (*TROUBLE, discord.DiscordException) as error:
        raise Unavailable(NAME) from error


def _spoken(attachment: discord.Attachment, by: str) -> Spoken | None:
    """How long a voice message is (its wave form tells it from other files)."""
    if not attachment.is_voice_message():
        return None
    return Spoken(max(round(attachment.duration or 0), 1), by)
