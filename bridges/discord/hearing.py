"""What happens in channels without a word to the bot, in Jamfeed's terms."""

from collections.abc import Sequence
from typing import Any

import discord

from bridges.discord.places import PLATFORM, alone, below, place_in
from bridges.discord.translate import sender_of, words_of
from bridges.protocol import Door, Felt, Presence, Reworded, Sender, Servers


class Hearing:
    """Tells the door what one client sees happen."""

    def __init__(self, client: discord.Client, door: Door) -> None:
        self._client, self._door = client, door

    async def reworded(self, event: discord.RawMessageUpdateEvent) -> None:
        """A person's message says something else; nothing where Discord does not show what."""
        message, channel = event.message, self._channel(event.channel_id)
        if event.guild_id is None or not message.content or message.author.bot:
            return
        assert self._client.user is not None
        words = words_of(message, self._client.user.id)
        await self._door.notice(Reworded(PLATFORM, alone(channel, message.id), words))

    async def deleted(self, channel_id: int, message_ids: Sequence[int]) -> None:
        """Messages are gone."""
        channel = self._channel(channel_id)
        for it in message_ids:
            await self._door.notice(Reworded(PLATFORM, alone(channel, it), None))

    async def felt(self, event: discord.RawReactionActionEvent, *, on: bool) -> None:
        """Somebody put an emoji on a message, or took it away."""
        member, emoji = event.member, event.emoji.name
        mine = self._client.user is not None and event.user_id == self._client.user.id
        if event.guild_id is None or mine or emoji is None or event.emoji.is_custom_emoji():
            return
        if member is not None and member.bot:
            return
        channel = self._channel(event.channel_id)
        under = alone(channel, event.message_id)
        sender = sender_of(member) if member is not None else Sender(str(event.user_id), "")
        place = place_in(channel, self._client.get_guild(event.guild_id), private=False)
        given = (emoji,)
        await self._door.notice(
            Felt(sender, place, under, added=given if on else (), removed=() if on else given)
        )

    async def here(self) -> None:
        """The bot is in just these servers."""
        ids = {str(it.id) for it in self._client.guilds}
        await self._door.notice(Servers(PLATFORM, ids))

    async def presence(self, guild: discord.Guild, *, there: bool) -> None:
        """The bot is in a server, or is not any more."""
        await self._door.notice(Presence(PLATFORM, str(guild.id), there))

    def _channel(self, channel_id: int) -> Any:
        return self._client.get_channel(channel_id) or discord.Object(channel_id)


def overheard(message: discord.Message) -> bool:
    """Whether a person's words, which Discord shows, stand below something in a server."""
    if message.guild is None or message.author.bot or message.webhook_id is not None:
        return False
    answered = message.reference.message_id if message.reference else None
    above = below(message.channel, answered)
    return bool(message.content) and not message.is_system() and above is not None
