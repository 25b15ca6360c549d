"""Acts in the menus of messages and people.

https://docs.discord.com/developers/interactions/application-commands, user and message commands
"""

from functools import partial
from typing import Any

import discord
from discord import app_commands

from agents.act import Act, Acts
from agents.answer import Call
from agents.menus import Menu, On
from agents.quoting import Quoted
from bridges.discord.forms import open_form
from bridges.discord.passing import Passing
from bridges.discord.quoting import said_from, said_in, shown_in
from bridges.discord.translate import Interaction, sender_of
from bridges.protocol import Door


def add_menus(
    tree: app_commands.CommandTree[Any], acts: Acts, door: Door, passing: Passing
) -> None:
    """One entry for every act that declares one."""
    for act in acts:
        if act.menu is not None:
            tree.add_command(_entry(act, act.menu, door, passing))


def _entry(act: Act[Any], menu: Menu, door: Door, passing: Passing) -> app_commands.ContextMenu:
    async def on_person(interaction: Interaction, person: discord.User) -> None:
        about = sender_of(person)
        await passing.interaction(interaction, hidden=True, call=Call(act.name), about=about)

    async def on_message(interaction: Interaction, message: discord.Message) -> None:
        assert interaction.client.user is not None
        value = menu.of(act.parameter(menu.fills), shown_in(message, interaction.client.user.id))
        if value is not None:
            call = Call(act.name, {menu.fills: value})
            if not await open_form(interaction, door, call):
                await passing.interaction(interaction, hidden=True, call=call)
            return
        one = Quoted([said_in(message, interaction.user.id)], alone=True)
        if menu.asks and one.voices and await open_form(interaction, door, Call(act.name), one):
            return
        await passing.interaction(
            interaction,
            hidden=True,
            call=Call(act.name),
            quoted=one,
            reading=partial(said_from, interaction, message, door) if menu.around else None,
        )

    if menu.on is On.PERSON:
        return app_commands.ContextMenu(name=menu.label, callback=on_person)
    return app_commands.ContextMenu(name=menu.label, callback=on_message)
