"""Changes messages that were sent long ago."""

import io
from typing import Any

from PIL import Image
from telegram import InputMediaPhoto
from telegram.error import BadRequest

from bridges.telegram.failures import SERVICE
from bridges.telegram.pacing import Rank
from bridges.telegram.posting import NO_PREVIEW, Bot, Target, formatted, keyboard
from bridges.telegram.render import MAX_CAPTION, Message
from bridges.telegram.sentences import NOTHING_HERE
from bridges.telegram.spans import beginning, rich
from feed_core.errors import MessageGone

NO_TEXT = "there is no text in the message"
SAME = "not modified"
NOTHING_TO_DELETE, TOO_OLD = "message to delete not found", "message can't be deleted"
LOST = ("message to edit not found", "message_id_invalid", "message can't be edited")


async def amend(bot: Bot, target: Target, message_id: int, message: Message) -> None:
    """Let a message show this; a picture that is not shown any more gives way to an empty one.

    Raises the library's errors, and MessageGone when there is no such message.
    """
    where: dict[str, Any] = {
        "chat_id": target.chat_id,
        "message_id": message_id,
        "reply_markup": keyboard(message),
        "rate_limit_args": Rank.DELIVERY,
    }

    async def text(words: str, mode: str | None) -> None:
        await bot.edit_message_text(
            words, parse_mode=mode, link_preview_options=NO_PREVIEW, **where
        )

    async def caption(words: str, mode: str | None) -> None:
        if message.file is not None:  # nobody exchanges the picture of a creation
            await bot.edit_message_caption(caption=words, parse_mode=mode, **where)
            return
        blank = InputMediaPhoto(_blank(), caption=words, parse_mode=mode)
        await bot.edit_message_media(blank, **where)

    try:
        try:
            await formatted(message.text, text)
        except BadRequest as error:
            if NO_TEXT not in error.message.lower():
                raise
            await formatted(beginning(message.text, MAX_CAPTION), caption)
    except BadRequest as error:
        told = error.message.lower()
        if any(it in told for it in LOST):
            raise MessageGone(SERVICE) from error
        if SAME not in told:
            raise


async def take_away(bot: Bot, target: Target, message_id: int) -> None:
    """Delete a message; what is too old for that says nothing any more. Raises as `amend`.

    https://core.telegram.org/bots/api#deletemessage: within 48 hours, unless the bot may delete.
    """
    try:
        await bot.delete_message(target.chat_id, message_id)
    except BadRequest as error:
        told = error.message.lower()
        if NOTHING_TO_DELETE in told:
            raise MessageGone(SERVICE) from error
        if TOO_OLD not in told:
            raise
        await amend(bot, target, message_id, Message(rich(NOTHING_HERE)))


def _blank() -> bytes:
    """A picture of nothing."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 160), "#d8d4cf").save(buffer, "PNG")
    return buffer.getvalue()
