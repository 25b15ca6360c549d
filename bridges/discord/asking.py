"""Buttons and forms; both are known by their ids alone.

So they work after a restart: nothing about them is kept in this process.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from agents.quoting import Quoted
from bridges.beforehand import Peek
from bridges.discord.forms import PATIENCE, open_form, read_form
from bridges.discord.ids import peek_of, token_of
from bridges.discord.passing import Passing
from bridges.discord.quoting import may_read
from bridges.discord.translate import PLATFORM, Interaction, sender_of
from bridges.protocol import Door


async def answer_press(interaction: Interaction, door: Door, passing: Passing) -> None:
    """Pass on a pressed button or a sent form; anything else is not ours."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    if token := token_of(custom_id):
        peek = peek_of(custom_id) or await _peek(interaction, token, door)
        await _press(interaction, token, peek, door, passing)
    elif sent := read_form(interaction):
        hidden = sent.private
        if hidden is None:
            hidden = (await _peek(interaction, sent.token, door)).private
        await passing.interaction(
            interaction,
            hidden=hidden,
            token=sent.token,
            form=sent.filled,
            quoted=sent.quoted,
            reading=partial(_alone, interaction, sent.quoted, door) if sent.quoted else None,
            attachments=sent.files,
        )


async def _alone(interaction: Interaction, said: Quoted, door: Door) -> Quoted:
    """What the form shows, with whether there was more that could not be read."""
    return replace(said, alone=not await may_read(interaction, door))


async def _press(
    interaction: Interaction, token: str, peek: Peek, door: Door, passing: Passing
) -> None:
    if peek.opens and await open_form(interaction, door, token):
        return
    await passing.interaction(interaction, hidden=peek.private, token=token, redraws=peek.redraws)


async def _peek(interaction: Interaction, token: str, door: Door) -> Peek:
    """What the door knows; a call that it does not know is answered to the presser alone."""
    try:
        async with asyncio.timeout(PATIENCE):
            sender = sender_of(interaction.user)
            return await door.peek(sender, PLATFORM, token) or Peek(private=True)
    except TimeoutError:
        return Peek(private=True)
