"""What stands in a message: the creations that a card of ours shows, or what somebody said.

A message comes along with a menu command, so that nothing has to be kept to know what it shows.
"""

import asyncio
from collections.abc import Iterator, Sequence

import discord

from agents.quoting import Quote, Quoted
from bridges.discord.render import HEADING, SMALL
from bridges.discord.translate import Interaction, place_of
from bridges.discord.troubles import TROUBLE
from bridges.protocol import Door

AROUND = 200  # messages that are read after the chosen one
PATIENCE = 20.0  # seconds for that


def shown_in(message: discord.Message, me: int) -> list[str]:
    """The numbers of what a message of ours shows as cards: "#12", "d1"."""
    if message.author.id != me:
        return []
    found = []
    for component in message.components:
        if isinstance(component, discord.Container):
            first = next(_texts([component]), "")  # of a digest it holds a heading for each item
            found += [heading["ref"] for heading in HEADING.finditer(first)]
    return found


def said_in(message: discord.Message, by: int) -> Quote:
    """What was said in it, also where it was forwarded; `by` is who points at it."""
    forwarded = [it.content for it in message.message_snapshots]
    words = [message.content, *forwarded, *_texts(message.components)]
    text = "\n".join(filter(None, words))
    author = message.author
    if forwarded and not message.content:  # Discord does not tell whose words they are
        return Quote("somebody", text, at=message.created_at)
    name = author.global_name or author.name
    return Quote(name, text, str(author.id), author.id == by, message.created_at)


async def may_read(interaction: Interaction, door: Door) -> bool:
    """Whether Jamfeed reads what is said there: in its own chats, and where it was let listen."""
    place = place_of(interaction)
    if place.private:
        return True
    return interaction.client.intents.message_content and await door.listens(place)


async def said_from(interaction: Interaction, message: discord.Message, door: Door) -> Quoted:
    """What was said from this message on; this alone where nothing more may be read."""
    one = said_in(message, interaction.user.id)
    if not await may_read(interaction, door):
        return Quoted([one], alone=True)
    said = [one]
    try:
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        async with asyncio.timeout(PATIENCE):
            after = channel.history(limit=AROUND, after=message, oldest_first=True)
            said += [said_in(it, interaction.user.id) async for it in after]
    except TROUBLE:
        return Quoted([one], alone=True)
    heard = [it for it in said if it.text.strip()]
    return Quoted(heard or [one], alone=len(said) > 1 and len(heard) < 2)


def _texts(components: Sequence[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay) and not component.content.startswith(SMALL):
            yield component.content
        elif isinstance(component, discord.Container | discord.SectionComponent):
            yield from _texts(list(component.children))
