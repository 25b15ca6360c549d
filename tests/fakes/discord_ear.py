"""A discord.py client that only listens: what it is told, in order, and nothing said by itself."""

from typing import Any

import discord
from discord import app_commands

from tests.fakes.discord import FakeDiscord

Press = discord.Interaction[Any]


class Ear(discord.Client):
    """Remembers the events it is told, and acknowledges no interaction by itself."""

    def __init__(self, fake: FakeDiscord, intents: discord.Intents | None = None) -> None:
        intents = intents or discord.Intents.all()
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=100)
        self.tree = app_commands.CommandTree(self)
        self.told: list[Any] = []
        self._fake = fake

        @self.tree.command(description="Leave it to the test.")
        async def wait(interaction: Press) -> None:
            self.keep(interaction)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Skip the five seconds between two identifies."""

    def keep(self, event: object) -> None:
        self.told.append(event)
        self._fake.world.changed()

    async def heard(self, number: int) -> list[Any]:
        await self._fake.until(lambda: len(self.told) >= number, what=f"{number} events")
        return self.told

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.keep(message.content)

    async def on_message_edit(self, before: discord.Message, after: discord.Message) -> None:
        self.keep(f"{before.content} -> {after.content}")

    async def on_message_delete(self, message: discord.Message) -> None:
        self.keep(f"{message.content} deleted")

    async def on_reaction_add(self, reaction: discord.Reaction, user: discord.User) -> None:
        self.keep(f"{user.name} {reaction.emoji}")

    async def on_interaction(self, interaction: Press) -> None:
        if interaction.type in (
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        ):
            self.keep(interaction)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.keep(f"out of {guild.name}")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.keep(f"in {guild.name}")
