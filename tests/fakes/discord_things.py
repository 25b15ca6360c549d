"""The things on the pretended Discord: people, guilds, channels, files and messages."""

import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fakes.discord_errors import Json
from tests.fakes.discord_rules import EPHEMERAL, LOADING, pings, walk

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
# https://docs.discord.com/developers/resources/message#message-snapshot-structure
SNAPSHOT = (
    *("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp"),
    *("flags", "mentions", "mention_roles", "components"),
)
ALL_PERMISSIONS = str((1 << 50) - 1)


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@dataclass(slots=True, eq=False)
class User:
    id: int
    name: str
    bot: bool = False
    closed: bool = False  # takes no private messages

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name.capitalize(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }

    def member(self, *, whole: bool = True) -> Json:
        body: Json = {
            "nick": None,
            "avatar": None,
            "roles": [],
            "joined_at": stamp(1_700_000_000),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }
        return {**body, "user": self.payload()} if whole else body


@dataclass(slots=True, eq=False)
class Guild:
    id: int
    name: str
    gone: bool = False  # the bot was removed
    permissions: str = ALL_PERMISSIONS  # of the bot, by its roles


def everyone(guild: Guild) -> Json:
    """Return the one role there is: everybody's, with every right."""
    return {
        "id": str(guild.id),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": ALL_PERMISSIONS,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


@dataclass(slots=True, eq=False)
class Channel:
    id: int
    kind: int
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    person: User | None = None  # the other one in a private channel
    owner_id: int = 0
    closed: bool = False  # the bot may not write here
    fixed: bool = False  # the bot may not change the channel, such as the tags of a forum
    tags: list[Json] = field(default_factory=list)  # of a forum
    applied: list[str] = field(default_factory=list)  # ids of tags, of a post in a forum
    archived: bool = False
    created: float = 0.0
    last_message_id: int | None = None

    def payload(self) -> Json:
        last = str(self.last_message_id) if self.last_message_id else None
        body: Json = {"id": str(self.id), "type": self.kind, "last_message_id": last, "flags": 0}
        if self.kind == DM:
            assert self.person is not None
            return {**body, "recipients": [self.person.payload()]}
        assert self.guild is not None
        body |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.kind == THREAD:
            assert self.parent is not None
            return body | {
                "parent_id": str(self.parent.id),
                "owner_id": str(self.owner_id),
                "applied_tags": self.applied,
                "message_count": 0,
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.archived,
                    "locked": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": stamp(self.created),
                    "create_timestamp": stamp(self.created),
                },
            }
        return body | {
            "parent_id": None,
            "topic": None,
            "position": 0,
            "nsfw": False,
            "permission_overwrites": [],
            **({"available_tags": self.tags} if self.kind == FORUM else {}),
        }


@dataclass(slots=True, eq=False)
class File:
    id: int
    name: str
    data: bytes
    url: str
    alt: str | None = None
    ephemeral: bool = False
    seconds: float | None = None  # of a voice message, which has a wave form as well

    @property
    def content_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def payload(self) -> Json:
        body: Json = {
            "id": str(self.id),
            "filename": self.name,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.alt is not None:
            body["description"] = self.alt
        if self.seconds is not None:
            body |= {"duration_secs": self.seconds, "waveform": "AAAA"}
        return body | ({"ephemeral": True} if self.ephemeral else {})


@dataclass(slots=True, eq=False)
class Message:
    id: int
    channel: Channel
    author: User
    sent_at: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    allowed_mentions: Json | None = None
    reply_to: "Message | None" = None
    pings_author: bool = False  # of a reply
    forwards: "Message | None" = None
    reactions: dict[str, list[User]] = field(default_factory=dict)
    asked: Json | None = None  # interaction_metadata
    only_for: User | None = None  # an ephemeral message's reader
    edited_at: float | None = None
    shown_at: float = 0.0  # when it came to say what it says now
    deleted: bool = False
    history: list[str] = field(default_factory=list)  # its text before each edit

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Content, embeds and all text displays, in reading order."""
        parts = [self.content]
        parts += [e[key] for e in self.embeds for key in ("title", "description") if e.get(key)]
        parts += [c["content"] for c in walk(self.components) if c["type"] == 10]
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[tuple[str, str | None, str | None]]:
        """Every button as (label, custom_id, url)."""
        return [
            (c.get("label", ""), c.get("custom_id"), c.get("url"))
            for c in walk(self.components)
            if c["type"] == 2
        ]

    @property
    def pings(self) -> list[str]:
        """Who would be notified: `everyone`, user ids and `&role` ids."""
        return pings(self.text, self.allowed_mentions)

    def payload(self) -> Json:
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": stamp(self.sent_at),
            "edited_timestamp": stamp(self.edited_at) if self.edited_at else None,
            "tts": False,
            "mention_everyone": "everyone" in self.pings,
            "mentions": [],
            "mention_roles": [],
            "attachments": [file.payload() for file in self.files],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "flags": self.flags,
            "type": 0,
        }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.reactions:
            body["reactions"] = [_reaction(*given) for given in self.reactions.items()]
        if self.reply_to is not None:
            target = self.reply_to
            place = {"message_id": str(target.id), "channel_id": str(target.channel.id)}
            body |= {"type": 19, "message_reference": {"type": 0, **place}}
            body["referenced_message"] = None if target.deleted else target.payload()
        if self.forwards is not None:
            source = self.forwards
            place = {"message_id": str(source.id), "channel_id": str(source.channel.id)}
            body["message_reference"] = {"type": 1, **place}
            whole = source.payload()
            body["message_snapshots"] = [{"message": {key: whole[key] for key in SNAPSHOT}}]
        if self.asked is not None:
            application = str(self.author.id)
            body |= {"interaction_metadata": self.asked, "application_id": application}
            body |= {"webhook_id": application, "type": 20 if self.asked["type"] == 2 else 0}
        return body


def _reaction(emoji: str, users: list[User]) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "me": any(user.bot for user in users),
        "me_burst": False,
        "burst_colors": [],
    }
