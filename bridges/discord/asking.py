"""Buttons and the forms that some of them open; both are known by their ids alone.

So they work after a restart: nothing about them is kept in this process.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord
import structlog
from discord import ui

from bridges.discord.markup import shortened
from bridges.discord.passing import Passing
from bridges.discord.sentences import TOO_LONG_TO_EDIT
from bridges.discord.translate import PLATFORM, Interaction, sender_of
from bridges.discord.troubles import TROUBLE
from bridges.protocol import Door, Peek

logger = structlog.get_logger(__name__)

BUTTON = re.compile(r"act:(?P<token>[\w-]{12})")
FORM = re.compile(r"ask:(?P<token>[\w-]{12})")
FIELD = "filled"
LONGEST_FIELD = 4000
PATIENCE = 2.0  # seconds; Discord waits three


async def answer_press(interaction: Interaction, door: Door, passing: Passing) -> None:
    """Pass on a pressed button or a sent form; anything else is not ours."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    if pressed := BUTTON.fullmatch(custom_id):
        await _press(interaction, pressed["token"], door, passing)
    elif sent := FORM.fullmatch(custom_id):
        peek = await _peek(interaction, sent["token"], door)
        filled = next(_values(data.get("components", [])), "")
        await passing.interaction(
            interaction, hidden=peek.private, token=sent["token"], filled=filled
        )


async def _press(interaction: Interaction, token: str, door: Door, passing: Passing) -> None:
    peek = await _peek(interaction, token, door)
    if not peek.question:
        await passing.interaction(interaction, hidden=peek.private, token=token)
        return
    try:
        await interaction.response.send_modal(_form(token, peek))
    except TROUBLE as error:
        logger.warning(
            "no_form_opened", interaction_id=interaction.id, problem=type(error).__name__
        )


async def _peek(interaction: Interaction, token: str, door: Door) -> Peek:
    """What the door knows; a call that it does not know is answered to the presser alone."""
    try:
        async with asyncio.timeout(PATIENCE):
            sender = sender_of(interaction.user)
            return await door.peek(sender, PLATFORM, token) or Peek(private=True)
    except TimeoutError:
        return Peek(private=True)


def _form(token: str, peek: Peek) -> ui.Modal:
    """One field under the question. Longer words than it holds are not put in, or their end
    would be lost."""
    fits = len(peek.prefill) <= LONGEST_FIELD
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=FIELD,
        style=discord.TextStyle.paragraph,
        default=peek.prefill if fits else None,
        placeholder=None if fits else TOO_LONG_TO_EDIT,
        max_length=LONGEST_FIELD,
    )
    form = ui.Modal(title=shortened(peek.question, 45), custom_id=f"ask:{token}", timeout=None)
    whole = None if len(peek.question) <= 45 else shortened(peek.question, 100)
    form.add_item(ui.Label(text="Your words", description=whole, component=words))
    form.stop()  # discord.py keeps no form either
    return form


def _values(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        if component.get("custom_id") == FIELD:
            yield str(component.get("value") or "")
        inner = component.get("component")
        yield from _values([inner] if inner else component.get("components", []))
