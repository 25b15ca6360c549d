"""Who is told of an event, and what it says: intents, shards and the first events of a session.

Intents: https://docs.discord.com/developers/events/gateway#gateway-intents
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.discord_errors import Json
from tests.fakes.discord_things import (
    DM,
    THREAD,
    Channel,
    Guild,
    Message,
    User,
    everyone,
)
from tests.fakes.discord_world import World

GUILDS, MESSAGE_CONTENT = 1 << 0, 1 << 15
INTENTS = {  # event prefix: (intent in a guild, intent in a private channel)
    "MESSAGE_REACTION": (1 << 10, 1 << 13),
    "MESSAGE": (1 << 9, 1 << 12),
    "TYPING": (1 << 11, 1 << 14),
    "GUILD_MEMBER_": (1 << 1, 0),
    "GUILD": (GUILDS, GUILDS),
    "CHANNEL": (GUILDS, GUILDS),
    "THREAD": (GUILDS, GUILDS),
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where an event belongs, and the words in it that only some intents may read."""

    guild: Guild | None = None
    hidden: bool = False  # blank without the message content intent

    def seen_with(self, intents: int, data: Json) -> Json:
        if not self.hidden or intents & MESSAGE_CONTENT:
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}


def wanted(name: str, where: Addressed, intents: int, shard: tuple[int, int]) -> bool:
    """Whether a session with these intents and this shard hears the event."""
    number, total = shard
    home = (where.guild.id >> 22) % total if where.guild is not None else 0
    if home != number or (where.guild is not None and where.guild.gone and name != "GUILD_DELETE"):
        return False
    for prefix, (in_guild, in_private) in INTENTS.items():
        if name.startswith(prefix):
            needed = in_guild if where.guild is not None else in_private
            return bool(intents & needed)
    return True  # INTERACTION_CREATE and the like need no intent


def message_event(message: Message, bot: User) -> tuple[Json, Addressed]:
    """Return a message as the gateway tells it: with guild, member and mentioned people."""
    body, guild = message.payload(), message.channel.guild
    if guild is not None:
        body |= {"guild_id": str(guild.id), "member": message.author.member(whole=False)}
    above = message.reply_to
    # Discord counts a reply as a mention where its author left the ping on, but not below what
    # answered an interaction (discord-api-docs, issue 5395).
    answered = message.pings_author and above is not None and above.author is bot
    answered = answered and above is not None and above.asked is None
    named = f"<@{bot.id}>" in message.content or f"<@!{bot.id}>" in message.content
    if named or answered:
        body["mentions"] = [{**bot.payload(), "member": bot.member(whole=False)}]
    own = message.author is bot or named or answered or guild is None
    return body, Addressed(guild, hidden=not own)


def guild_body(world: World, guild: Guild) -> Json:
    """Return the whole guild as GUILD_CREATE tells it."""
    here = [channel for channel in world.channels.values() if channel.guild is guild]
    people = [user.member() for user in world.users.values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(next(user.id for user in world.users.values() if not user.bot)),
        "member_count": len(people),
        "large": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "preferred_locale": "en-US",
        "features": ["COMMUNITY"],
        "roles": [everyone(guild)],
        "emojis": [],
        "stickers": [],
        "members": people,
        "channels": [channel.payload() for channel in here if channel.kind != THREAD],
        "threads": [channel.payload() for channel in here if channel.kind == THREAD],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
    }


def first_events(
    world: World, session_id: str, intents: int, shard: tuple[int, int]
) -> Iterator[tuple[str, Json]]:
    """Yield READY and then a GUILD_CREATE for every guild of the shard."""
    number, total = shard
    mine = [g for g in world.guilds.values() if not g.gone and (g.id >> 22) % total == number]
    ready = {
        "v": 10,
        "user": {**world.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0},
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
        "session_id": session_id,
        "resume_gateway_url": world.origin.replace("http", "ws", 1) + "/gateway",
        "application": {"id": str(world.bot.id), "flags": 1 << 19},
        "shard": [number, total],
    }
    yield "READY", ready
    for guild in mine if intents & GUILDS else ():
        yield "GUILD_CREATE", {**guild_body(world, guild), "unavailable": False}


def channel_event(channel: Channel) -> tuple[str, Json, Addressed]:
    """Return the event that tells of a new channel or thread."""
    name = "THREAD_CREATE" if channel.kind == THREAD else "CHANNEL_CREATE"
    assert channel.kind != DM
    new = {"newly_created": True} if channel.kind == THREAD else {}
    return name, {**channel.payload(), **new}, Addressed(channel.guild)


def changed_event(channel: Channel) -> tuple[str, Json, Addressed]:
    """Return the event that tells of a changed channel or thread."""
    name = "THREAD_UPDATE" if channel.kind == THREAD else "CHANNEL_UPDATE"
    return name, channel.payload(), Addressed(channel.guild)


def reaction_event(
    message: Message, emoji: str, user: User, *, gone: bool = False
) -> tuple[str, Json, Addressed]:
    """Return the event that tells of a new reaction, or of one that is taken away."""
    guild = message.channel.guild
    body: Json = {
        "user_id": str(user.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        body["guild_id"] = str(guild.id)
    if gone:  # nothing is told then of whose it was but the id
        del body["message_author_id"]
        return "MESSAGE_REACTION_REMOVE", body, Addressed(guild)
    if guild is not None:
        body["member"] = user.member()
    return "MESSAGE_REACTION_ADD", body, Addressed(guild)
