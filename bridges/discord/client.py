"""The discord.py client of one run: which events it hears, and whom it gives them to."""

from collections.abc import Callable

import discord
from discord import app_commands

from agents.act import Acts
from bridges.discord.asking import answer_press
from bridges.discord.commands import EVERYWHERE, FOR_ALL, add_commands, sync
from bridges.discord.passing import Passing
from bridges.discord.translate import Interaction, foreign_in, speaks_to, words_of
from bridges.protocol import Door

# Without `message_content`: what is said to the bot it may read all the same.
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
GRACE = 20.0  # seconds for what is under way


class JamfeedClient(discord.Client):
    """Listens for one door. It keeps no messages and no members."""

    def __init__(self, acts: Acts, door: Door, ready: Callable[[], None]) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._door, self._tell_ready = door, ready
        self.listening = False
        self._passing = Passing(door)
        self.tree: app_commands.CommandTree[JamfeedClient] = app_commands.CommandTree(
            self, allowed_contexts=EVERYWHERE, allowed_installs=FOR_ALL
        )
        add_commands(self.tree, acts, door, self._passing)

    async def setup_hook(self) -> None:
        """Runs after the login and before the first event."""
        await sync(self.tree)

    async def on_connect(self) -> None:
        """Events come from now on, also after each reconnect."""
        if not self.listening:
            self.listening = True
            self._tell_ready()

    async def on_message(self, message: discord.Message) -> None:
        """Pass on what is said to the bot."""
        assert self.user is not None
        if speaks_to(message, self.user.id):
            me = self.user.id
            await self._passing.message(message, words_of(message, me), foreign_in(message, me))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Pass on presses and forms; commands come by the tree."""
        await answer_press(interaction, self._door, self._passing)

    async def leave(self) -> None:
        """Let what is under way end, then hang up."""
        await self._passing.drain(GRACE)
        await self.close()
