"""Posts one message, as Telegram will have it."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

import telegram
from PIL import Image
from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import FileSizeLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated
from telegram.ext import ExtBot

from agents.answer import Attachment, Picture, Recording
from bridges.telegram.pacing import Held, Rank
from bridges.telegram.render import Message, markup
from bridges.telegram.spans import Rich, plain, to_html

OPUS, OPUS_WITHIN = b"OpusHead", 64  # bytes from the beginning of an Ogg file
T = TypeVar("T")
Bot = ExtBot[Any]
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST_SIDE = 2560  # of a photo, in pixels
NO_PHOTO = ("photo_", "image_process_failed")  # too many pixels, too narrow


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes; `reply_to` is the message there that it answers."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None

    @classmethod
    def of(cls, place_id: str, reply_to: int | None = None) -> Self:
        """The target of a place's id: "chat" or "chat:thread"."""
        chat, _, thread = place_id.partition(":")
        return cls(int(chat), int(thread) if thread else None, reply_to)

    @property
    def reply(self) -> ReplyParameters | None:
        """What it answers, as the Bot API takes it; a message that is gone is no hindrance."""
        if self.reply_to is None:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)


async def post(
    bot: Bot,
    target: Target,
    message: Message,
    *,
    rank: Rank | Held = Rank.ANSWER,
    silent: bool = False,
    moved_to: Callable[[int], Awaitable[None]] | None = None,
) -> int:
    """Post a message and return its id; raises the library's errors.

    `silent`: it is a sign of progress, or of no hurry, and makes no sound. `moved_to` is told the
    chat's new id, where it has one.
    """
    try:
        return await _post(bot, target, message, rank, silent)
    except ChatMigrated as moved:  # the group became a supergroup under another id
        if moved_to is not None:
            await moved_to(moved.new_chat_id)
        there = replace(target, chat_id=moved.new_chat_id)
        return await _post(bot, there, message, rank, silent)


async def edit(
    bot: Bot, target: Target, message_id: int, message: Message, *, rank: Rank = Rank.ANSWER
) -> bool:
    """Put a text in the place of one posted before; False when that cannot be edited any more."""

    async def try_it(text: str, mode: str | None) -> bool:
        await bot.edit_message_text(
            text,
            chat_id=target.chat_id,
            message_id=message_id,
            parse_mode=mode,
            reply_markup=keyboard(message),
            link_preview_options=NO_PREVIEW,
            rate_limit_args=rank,
        )
        return True

    try:
        return await formatted(message.text, try_it)
    except BadRequest as error:
        return "not modified" in error.message.lower()


async def _post(bot: Bot, target: Target, message: Message, rank: Rank | Held, silent: bool) -> int:
    where: dict[str, Any] = {
        "chat_id": target.chat_id,
        "message_thread_id": target.thread_id,
        "reply_markup": markup(message),
        "rate_limit_args": rank,
        "disable_notification": silent,
    }
    if target.reply is not None:
        where["reply_parameters"] = target.reply
    file = message.file

    async def text(text: str, mode: str | None) -> telegram.Message:
        return await bot.send_message(
            text=text, parse_mode=mode, link_preview_options=NO_PREVIEW, **where
        )

    async def attached(caption: str, mode: str | None) -> telegram.Message:
        assert file is not None
        where.update(caption=caption or None, parse_mode=mode, filename=file.name)
        if isinstance(file, Recording):
            return await _post_recording(bot, file, where)
        if stays_sharp(file):
            try:
                return await bot.send_photo(photo=file.content, **where)
            except BadRequest as error:
                if not refused_photo(error):
                    raise
        return await bot.send_document(document=file.content, **where)

    sent = await formatted(message.text, attached if file else text)
    return sent.message_id


async def _post_recording(bot: Bot, file: Recording, where: dict[str, Any]) -> telegram.Message:
    """Send a recording to be played where Telegram plays its kind, else as a file."""
    match file.type:
        case "video/mp4":
            return await bot.send_video(video=file.content, **where)
        case "audio/mpeg" | "audio/mp4":
            return await bot.send_audio(audio=file.content, **where)
        case "audio/ogg" if OPUS in file.content[:OPUS_WITHIN]:
            return await bot.send_voice(voice=file.content, **where)
        case _:
            return await bot.send_document(document=file.content, **where)


async def formatted(text: Rich, send: Callable[[str, str | None], Awaitable[T]]) -> T:
    """Send as HTML; should Telegram not understand it, as plain text rather than not at all."""
    try:
        return await send(to_html(text), ParseMode.HTML)
    except BadRequest as error:
        if "can't parse entities" not in error.message.lower():
            raise
        return await send(plain(text), None)


def refused_photo(error: BadRequest) -> bool:
    """Whether Telegram takes the picture as a file only."""
    return any(it in error.message.lower() for it in NO_PHOTO)


def stays_sharp(picture: Picture) -> bool:
    """Whether it is still itself as a photo; Telegram scales those down, and shows no SVG."""
    if isinstance(picture, Attachment) or picture.name.endswith(".svg"):
        return False
    if len(picture.content) > FileSizeLimit.PHOTOSIZE_UPLOAD:
        return False
    try:
        with Image.open(io.BytesIO(picture.content)) as opened:  # reads its head only
            return max(opened.size) <= LONGEST_SIDE
    except (OSError, Image.DecompressionBombError):
        return True  # Telegram may know what it is


def keyboard(message: Message) -> telegram.InlineKeyboardMarkup | None:
    """What may hang on an edited message: anything but a wish for words."""
    hanging = markup(message)
    return hanging if isinstance(hanging, telegram.InlineKeyboardMarkup) else None
