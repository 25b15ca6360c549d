"""The discord.py client of one run: which events it hears, and whom it gives them to."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import ReconnectWebSocket

from agents.act import Acts
from bridges.discord.asking import answer_press
from bridges.discord.catching_up import CatchingUp
from bridges.discord.commands import EVERYWHERE, FOR_ALL, add_commands, sync
from bridges.discord.hearing import Hearing, overheard
from bridges.discord.pacing import Pacer
from bridges.discord.passing import Passing
from bridges.discord.posting import Posting
from bridges.discord.shards import Starts
from bridges.discord.translate import Interaction, foreign_in, speaks_to, words_of
from bridges.protocol import Door

GRACE = 20.0  # seconds for what is under way
LAUNCH = 60.0  # seconds for the first shard to connect


def intents(*, listening: bool) -> discord.Intents:
    """What Discord shall tell of; only `listening` needs the operator's click in its portal.

    What is said to the bot it may read all the same.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        message_content=listening,
    )


class JamfeedClient(discord.Client):
    """Listens for one door. It keeps no messages and no members."""

    def __init__(
        self,
        acts: Acts,
        door: Door,
        ready: Callable[[], None],
        *,
        listening: bool = False,
        starts: Starts | None = None,
        pacer: Pacer | None = None,
        **options: Any,
    ) -> None:
        pacer = pacer or Pacer()
        super().__init__(
            intents=intents(listening=listening),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            http_trace=pacer.trace(),
            **options,
        )
        self._door, self._tell_ready = door, ready
        self._starts = starts or Starts()
        self._open_socket = self.http.ws_connect
        self.http.ws_connect = self._connect  # type: ignore[method-assign]  # no hook comes so early
        self.connected = False
        self._passing = Passing(door, pacer)
        self.posting = Posting(self)
        self._hearing = Hearing(self, door)
        self._catching_up = CatchingUp(self, door)
        self.tree: app_commands.CommandTree[JamfeedClient] = app_commands.CommandTree(
            self, allowed_contexts=EVERYWHERE, allowed_installs=FOR_ALL
        )
        add_commands(self.tree, acts, door, self._passing)

    async def setup_hook(self) -> None:
        """Runs after the login and before the first event."""
        await sync(self.tree)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Runs before a session begins; one that is taken up again needs no leave."""
        await self._starts.turn(shard_id or 0)

    async def on_connect(self) -> None:
        """Events come from now on, also after each reconnect."""
        if not self.connected:
            self.connected = True
            self._tell_ready()

    async def on_ready(self) -> None:
        """All servers of this client are known; what was said until now was not told."""
        self._catching_up.begin()
        await self._hearing.here()

    async def on_message(self, message: discord.Message) -> None:
        """Pass on what is said to the bot."""
        assert self.user is not None
        if speaks_to(message, self.user.id):
            me = self.user.id
            await self._passing.message(message, words_of(message, me), foreign_in(message, me))
        elif overheard(message):
            me = self.user.id
            await self._passing.overheard(message, words_of(message, me), foreign_in(message, me))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message says something else now."""
        await self._hearing.reworded(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message is gone."""
        await self._hearing.deleted(event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages are gone."""
        await self._hearing.deleted(event.channel_id, sorted(event.message_ids))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Somebody put an emoji on a message."""
        await self._hearing.felt(event, on=True)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Somebody took an emoji away."""
        await self._hearing.felt(event, on=False)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server is no more."""
        await self._hearing.presence(guild, there=False)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot is in a server."""
        await self._hearing.presence(guild, there=True)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Pass on presses and forms; commands come by the tree."""
        await answer_press(interaction, self._door, self._passing)

    async def _connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        self._starts.require()
        return await self._open_socket(url, compress=compress)

    async def leave(self) -> None:
        """Let what is under way end, then hang up."""
        await self._catching_up.end()
        await self._passing.drain(GRACE)
        await self.close()


class ShardedClient(JamfeedClient, discord.AutoShardedClient):
    """The same for a bot in so many servers that Discord wants several connections."""

    async def on_ready(self) -> None:
        """All servers are known, unless another process has some of the connections."""
        self._catching_up.begin()
        if len(self.shard_ids or ()) == self.shard_count:
            await self._hearing.here()

    async def launch_shards(self) -> None:
        """Connect all of them.

        Raises:
            TimeoutError: Discord cannot be reached; discord.py alone would go on for ever.
        """
        count = self.shard_count or 1  # other processes may begin theirs first
        async with asyncio.timeout(LAUNCH + count * 2 * self._starts.apart):
            await super().launch_shards()

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect one; after an outage it takes its session up again, as a single client does.

        discord.py's own shards begin a new one then, and what was said meanwhile is lost.
        """
        await super().launch_shard(gateway, shard_id, initial=initial)
        shard = self.shards[shard_id]._parent  # nothing public leads there
        again = partial(shard.reidentify, ReconnectWebSocket(shard_id, resume=True))
        shard.reconnect = again  # type: ignore[method-assign]  # see above
