"""What exists on the pretended Discord, what time it is there, and waiting for a change."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from tests.fakes.discord_errors import unknown
from tests.fakes.discord_things import DM, TEXT, THREAD, Channel, File, Guild, Message, User

T = TypeVar("T")


class Clock:
    """Unix seconds that a test may push forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


class World:
    """All there is, and a way to wait until it has changed."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.origin = ""  # http://127.0.0.1:port, once served
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.files: dict[int, File] = {}
        self.sent: list[Message] = []  # by the bot, in order, ephemeral ones too
        self._named: dict[str, User] = {}
        self._private: dict[int, Channel] = {}
        self._last_id = 0
        self._waiting: list[asyncio.Future[None]] = []
        self.bot = self.user("jamfeed", bot=True)

    def new_id(self) -> int:
        """Return a snowflake of the real time (clients compute ages from it), always rising."""
        born = int(time.time() * 1000) - 1_420_070_400_000
        self._last_id = max(self._last_id + 1, born << 22)
        return self._last_id

    def user(self, name: str, *, bot: bool = False) -> User:
        """Return the person of that name, made when first asked for."""
        if (known := self._named.get(name)) is not None:
            return known
        made = User(self.new_id(), name, bot)
        self.users[made.id] = self._named[name] = made
        return made

    def guild(self, name: str) -> Guild:
        made = Guild(self.new_id(), name)
        self.guilds[made.id] = made
        return made

    def channel(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        parent: Channel | None = None,
        kind: int = TEXT,
        number: int | None = None,
    ) -> Channel:
        """Make a channel, or a thread if it has a parent (under its root message's number)."""
        if parent is not None:
            guild, kind = parent.guild, THREAD
        made = Channel(number or self.new_id(), kind, name, guild, parent)
        made.created = self.clock.now()
        self.channels[made.id] = made
        return made

    def private(self, person: User) -> Channel:
        """Return the private channel of the bot and this person, made when first asked for."""
        if (known := self._private.get(person.id)) is not None:
            return known
        self._private[person.id] = made = self.channel(person.name, kind=DM)
        made.person = person
        return made

    def guild_of(self, number: str | int) -> Guild:
        """Find a guild the bot is in; refuse like Discord otherwise."""
        found = self.guilds.get(int(number))
        if found is None or found.gone:
            raise unknown("Guild")
        return found

    def keep_file(
        self, channel: Channel, name: str, data: bytes, *, alt: str | None = None
    ) -> File:
        number = self.new_id()
        url = f"{self.origin}/cdn/attachments/{channel.id}/{number}/{name}"
        self.files[number] = file = File(number, name, data, url, alt)
        return file

    def keep(self, message: Message) -> Message:
        self.messages[message.id] = message
        if not message.ephemeral:
            message.channel.last_message_id = message.id
        if message.author is self.bot:
            self.sent.append(message)
        self.changed()
        return message

    def changed(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def until(self, found: Callable[[], T | None], *, timeout: float, what: str) -> T:
        """Return what `found` finds once it is true, looking anew at every change."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := found()):
                    change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._waiting.append(change)
                    await change
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s: {what}") from None
        return value

    def channel_of(self, number: str | int) -> Channel:
        """Find a channel the bot can see; refuse like Discord otherwise."""
        found = self.channels.get(int(number))
        if found is None or (found.guild is not None and found.guild.gone):
            raise unknown("Channel")
        return found

    def message_of(self, channel: Channel, number: str | int) -> Message:
        """Find a message that can be fetched: not deleted, not ephemeral, in this channel."""
        found = self.messages.get(int(number))
        if found is None or found.deleted or found.ephemeral or found.channel is not channel:
            raise unknown("Message")
        return found
