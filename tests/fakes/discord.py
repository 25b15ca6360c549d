"""A Discord of our own on loopback: REST v10, gateway v10 and file store over real sockets.

The real discord.py runs against it unmodified, once `Route.BASE` is `urls.api`,
`DiscordWebSocket.DEFAULT_GATEWAY` is `urls.gateway` and `Asset.BASE` is `urls.cdn`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from tests.fakes.discord_commands import Commands
from tests.fakes.discord_directory import Directory
from tests.fakes.discord_errors import Impossible
from tests.fakes.discord_events import Addressed, channel_event, guild_body
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_hooks import Hooks
from tests.fakes.discord_interactions import Interaction, Interactions
from tests.fakes.discord_people import People
from tests.fakes.discord_posting import Posting
from tests.fakes.discord_rest import Rooms
from tests.fakes.discord_things import FORUM, TEXT, THREAD, Channel, Guild, Message, User
from tests.fakes.discord_traffic import API, Request, Traffic
from tests.fakes.discord_world import Clock, World
from tests.fakes.distance import Away, distant

__all__ = [
    "Channel",
    "FakeDiscord",
    "Guild",
    "Impossible",
    "Interaction",
    "Message",
    "Urls",
    "User",
]

T = TypeVar("T")

PIXEL = bytes.fromhex(  # a PNG of one transparent pixel, for avatars
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Urls:
    api: str
    gateway: str
    cdn: str


class FakeDiscord(People):
    """One guild with a channel `general`, a bot with this token, and whoever a test names."""

    def __init__(self, token: str = "test.token") -> None:
        self.token = token
        self.world = World()
        self.world.user("ana")
        self.guild = self.world.guild("The Jam House")
        self.home = self.world.channel("general", guild=self.guild)
        self.gateway = Gateway(self.world, lambda: self.token)
        self.traffic = Traffic(self.world, lambda: self.token)
        self.commands = Commands(self.world)
        posting = Posting(self.world, self.gateway)
        self.interactions = Interactions(self.world, posting)
        self._rooms = Rooms(self.world, self.gateway, posting)
        self.directory = Directory(self.world, self.commands, self.gateway)
        self._hooks = Hooks(self.interactions)
        self._heard: set[int] = set()

    @asynccontextmanager
    async def serving(self, port: int = 0, *, away: Away | None = None) -> AsyncIterator[Urls]:
        """Serve on 127.0.0.1 until the end of the block; port 0 takes a free one. `away`: see
        `distant`.
        """
        app = web.Application(middlewares=[self.traffic.middleware], client_max_size=1 << 27)
        if away is not None:
            app.middlewares.insert(0, distant(away))
        app.add_routes([*self._rooms.routes(), *self.directory.routes(), *self._hooks.routes()])
        app.add_routes(
            [
                web.get("/gateway", self.gateway.handle),
                web.get("/gateway/", self.gateway.handle),
                web.get("/cdn/attachments/{channel}/{file}/{name}", self._file),
                web.get("/cdn/{family:embed|avatars|icons}/{rest:.+}", self._avatar),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            host, port = runner.addresses[0][:2]
            origin = f"http://{host}:{port}"
            self.world.origin = origin
            yield Urls(origin + API, f"ws://{host}:{port}/gateway", origin + "/cdn")
        finally:
            self.gateway.drop()
            await runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        file = self.world.files.get(int(request.match_info["file"]))
        if file is None or file.name != request.match_info["name"]:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.content_type)

    async def _avatar(self, request: web.Request) -> web.Response:
        return web.Response(body=PIXEL, content_type="image/png")

    # What there is

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def sent(self) -> list[Message]:
        """Every message the bot made, in order, answers to interactions included."""
        return self.world.sent

    @property
    def requests(self) -> list[Request]:
        return self.traffic.requests

    @property
    def typing(self) -> list[Channel]:
        """Channels in which the bot showed that it is typing, in order."""
        return self._rooms.typing

    def channel(self, name: str, *, guild: Guild | None = None, forum: bool = False) -> Channel:
        """Open a new channel and tell the bot."""
        kind = FORUM if forum else TEXT
        made = self.world.channel(name, guild=guild or self.guild, kind=kind)
        self.gateway.dispatch(*channel_event(made))
        return made

    def thread(self, name: str, *, parent: Channel | str | None = None) -> Channel:
        """Open a new thread and tell the bot."""
        made = self.world.channel(name, parent=self.place(parent))
        made.owner_id = self.person("ana").id
        self.gateway.dispatch(*channel_event(made))
        return made

    def remove(self, channel: Channel) -> None:
        """Delete a channel or thread for good."""
        name = "THREAD_DELETE" if channel.kind == THREAD else "CHANNEL_DELETE"
        del self.world.channels[channel.id]
        self.gateway.dispatch(name, channel.payload(), Addressed(channel.guild))

    def invite(self, name: str) -> Guild:
        """Bring the bot into one more guild, which has a channel of the same name."""
        guild = self.world.guild(name)
        self.world.channel(name, guild=guild)
        self.gateway.dispatch("GUILD_CREATE", guild_body(self.world, guild), Addressed(guild))
        return guild

    def expel(self, guild: Guild | None = None) -> None:
        """Throw the bot out of a guild."""
        guild = guild or self.guild
        guild.gone = True
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, Addressed(guild))

    # Waiting

    async def until(
        self, found: Callable[[], T | None], *, timeout: float = 5.0, what: str = "a condition"
    ) -> T:
        """Return what `found` finds once it is true, looking anew at every change."""
        return await self.world.until(found, timeout=timeout, what=what)

    async def connected(self, timeout: float = 10.0) -> None:
        """Wait until a bot has identified or resumed and its socket is open."""
        await self.until(lambda: self.gateway.ready, timeout=timeout, what="no bot connected")

    async def hears(self, channel: Channel | str | None = None, timeout: float = 5.0) -> Message:
        """Return the bot's next message, in this channel or anywhere, each once.

        Answers to interactions are not among them: they stand in their `Interaction`.
        """
        place = self.place(channel) if channel is not None else None

        def fresh() -> Message | None:
            for message in self.sent:
                new = message.id not in self._heard and not message.deleted and not message.asked
                if new and (place is None or message.channel is place):
                    self._heard.add(message.id)
                    return message
            return None

        return await self.until(fresh, timeout=timeout, what="the bot said nothing")
