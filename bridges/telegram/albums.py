"""Several pictures in a row, as one album (https://core.telegram.org/bots/api#sendmediagroup)."""

from collections.abc import Iterator, Sequence

import telegram
from telegram import InputMediaPhoto
from telegram.constants import MediaGroupLimit
from telegram.error import BadRequest, ChatMigrated

from agents.answer import Picture
from bridges.telegram.pacing import Rank
from bridges.telegram.posting import Bot, Target, formatted, post, refused_photo, stays_sharp
from bridges.telegram.render import MAX_CAPTION, Message, markup
from bridges.telegram.spans import beginning, joined

MOST = MediaGroupLimit.MAX_MEDIA_LENGTH


async def post_all(
    bot: Bot, target: Target, messages: Sequence[Message], *, silent: bool = False
) -> Sequence[int]:
    """Post messages and return their ids; raises the library's errors.

    Pictures in a row come as albums. One with a keyboard stays alone: albums carry none.
    """
    posted: list[int] = []
    for row in _rows(messages):
        if len(row) > 1:
            try:
                posted += await _post_album(bot, target, row, silent=silent)
                continue
            except ChatMigrated:  # nothing was taken
                pass
            except BadRequest as error:
                if not refused_photo(error):
                    raise
        for message in row:
            posted.append(await post(bot, target, message, silent=silent))
    return posted


def _rows(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """What comes together: up to ten pictures, or one message."""
    row: list[Message] = []
    for message in messages:
        picture = message.file
        joins = isinstance(picture, Picture) and markup(message) is None and stays_sharp(picture)
        if row and (not joins or len(row) == MOST):
            yield row
            row = []
        if joins:
            row.append(message)
        else:
            yield [message]
    if row:
        yield row


async def _post_album(
    bot: Bot, target: Target, row: Sequence[Message], *, silent: bool
) -> Sequence[int]:
    """Post pictures whose words stand together, under the first: only so all of them are seen."""
    pictures = [
        InputMediaPhoto(it.file.content, filename=it.file.name)
        for it in row
        if isinstance(it.file, Picture)
    ]

    async def send(caption: str, mode: str | None) -> Sequence[telegram.Message]:
        return await bot.send_media_group(
            target.chat_id,
            pictures,
            message_thread_id=target.thread_id,
            reply_parameters=target.reply,
            disable_notification=silent,
            caption=caption or None,
            parse_mode=mode,
            rate_limit_args=Rank.ANSWER,
        )

    words = beginning(joined([it.text for it in row], "\n"), MAX_CAPTION)
    return [it.message_id for it in await formatted(words, send)]
