"""Cards that change where they stand, also by a press below an answer to a press of theirs."""

from collections import OrderedDict
from collections.abc import Sequence

import discord
import structlog

from agents.answer import Card
from bridges.discord.pacing import Passage, Rank, passing_as
from bridges.discord.quoting import shown_in
from bridges.discord.render import redrawn
from bridges.discord.translate import Interaction
from bridges.discord.troubles import TROUBLE

REMEMBERED = 1_000  # messages with cards that were pressed lately

logger = structlog.get_logger(__name__)


class Redrawing:
    """Draws cards anew in the messages that show them.

    What only one person sees can be changed by the press of one of its buttons alone, for a
    quarter of an hour; so the last one is remembered.
    """

    def __init__(self) -> None:
        self._lately: OrderedDict[int, Interaction] = OrderedDict()

    def pressed(self, interaction: Interaction) -> bool:
        """Note a press that may change a card; whether the message with its button shows cards."""
        message = interaction.message
        if message is None or not _shows(interaction, message):
            return False
        self._lately[message.id] = interaction
        self._lately.move_to_end(message.id)
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)
        return True

    async def redraw(self, interaction: Interaction, cards: Sequence[Card]) -> None:
        """Show cards as they are now in the message they stand in: that with the pressed button, or
        that whose button was pressed before."""
        message = interaction.message
        if message is None or not cards:
            return
        try:
            with passing_as(Passage(Rank.SIGN)):
                if _shows(interaction, message):
                    await _through(interaction, message, cards)
                elif above := _above(message):
                    await self._redraw_above(interaction, above, cards)
        except TROUBLE as error:  # the answer tells it all the same
            logger.info("not_redrawn", problem=type(error).__name__)

    async def _redraw_above(
        self, interaction: Interaction, above: int, cards: Sequence[Card]
    ) -> None:
        before = self._lately.get(above)
        if before is not None and not before.is_expired():
            await _through(before, await before.original_response(), cards)
            return
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        message = await channel.fetch_message(above)
        if (view := redrawn(message, cards)) is not None:
            await message.edit(view=view)


def _shows(interaction: Interaction, message: discord.Message) -> bool:
    me = interaction.client.user
    return me is not None and bool(shown_in(message, me.id))


def _above(message: discord.Message) -> int | None:
    """The message whose button was pressed so that this one came as the answer."""
    asked = message.interaction_metadata
    return asked.interacted_message_id if asked is not None else None


async def _through(
    interaction: Interaction, message: discord.Message, cards: Sequence[Card]
) -> None:
    if (view := redrawn(message, cards)) is not None:
        await interaction.edit_original_response(view=view)
