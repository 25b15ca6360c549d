"""Cards that change where they stand."""

from collections.abc import Sequence

import discord
import structlog

from agents.answer import Card
from bridges.discord.render import redrawn
from bridges.discord.translate import Interaction
from bridges.discord.troubles import TROUBLE

logger = structlog.get_logger(__name__)


async def redraw(interaction: Interaction, message: discord.Message, cards: Sequence[Card]) -> None:
    """Show cards in the message with the pressed button as they are now, if they are in it."""
    view = redrawn(message, cards) if cards else None
    if view is None:
        return
    try:
        await interaction.edit_original_response(view=view)
    except TROUBLE as error:  # the answer tells it all the same
        logger.info("not_redrawn", problem=type(error).__name__)
