"""Where on Discord something is: channels, threads and forums, and what stands below what."""

from typing import Any

import discord

from agents.turn import Place
from bridges.protocol import Under

PLATFORM = "discord"


def place_in(channel: Any, guild: discord.Guild | None, *, private: bool) -> Place:
    """A channel, thread or private chat; `channel` is as much of it as discord.py knows."""
    if guild is None or private:
        return Place(PLATFORM, str(channel.id), private)
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    return Place(
        PLATFORM,
        str(channel.id),
        private,
        open=_open_to_all(channel, guild),
        name=getattr(channel, "name", None) or "",
        server_id=str(guild.id),
        server=guild.name or "",
        parent=str(channel.parent_id) if isinstance(channel, discord.Thread) else "",
        parent_name=parent.name if parent else "",
    )


def below(
    channel: Any, *message_ids: int | None, me: int | None = None, words: str = ""
) -> Under | None:
    """What stands above something in a channel: these messages, and what its thread began with.

    None where there is nothing, or where the words name the bot: then it is spoken to.
    """
    if me is not None and (f"<@{me}>" in words or f"<@!{me}>" in words):
        return None
    above = [str(it) for it in message_ids if it is not None]
    place_id = channel.id
    if isinstance(channel, discord.Thread):
        place_id = channel.parent_id
        above.append(str(channel.id))  # its first message has the same id
    return Under(str(place_id), above) if above else None


def alone(channel: Any, message_id: int) -> Under:
    """One message of a channel or thread, and nothing above it."""
    thread = isinstance(channel, discord.Thread)
    return Under(str(channel.parent_id if thread else channel.id), [str(message_id)])


def _open_to_all(channel: Any, guild: discord.Guild) -> bool:
    """Whether everybody in the server may read it; as far as is known, yes."""
    if isinstance(channel, discord.Thread):
        if channel.is_private():
            return False
        channel = channel.parent
    if not isinstance(channel, discord.abc.GuildChannel) or guild.get_role(guild.id) is None:
        return True
    return channel.permissions_for(guild.default_role).view_channel
