"""What a Telegram message says, who says it and where."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath

from telegram import (
    Animation,
    Audio,
    Chat,
    Document,
    Message,
    MessageEntity,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
    User,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import ChatType, FileSizeLimit
from telegram.error import TelegramError

from agents.turn import Place
from bridges.protocol import Sender
from bridges.taking import TEXTS
from bridges.uploads import Spoken, Upload
from feed_core.errors import Unavailable

File = Animation | Audio | Document | PhotoSize | Video | VideoNote | Voice

COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?!\S)(.*)", re.DOTALL)
START = re.compile(r"/start\s+([A-Za-z0-9_-]{1,64})\s*")
PRESSED = re.compile(r"act:([A-Za-z0-9_-]{1,60})")
HEADING = re.compile(r"(?:#|[dc])\d+\b")
SOMEBODY = "somebody"  # who spoke, where that is not told
MARK = re.compile(r"↳ ([A-Za-z0-9_-]{1,60})")


def sender_of(user: User) -> Sender:
    """Who wrote or pressed."""
    language = (user.language_code or "en").partition("-")[0]
    return Sender(str(user.id), user.full_name, language)


def place_of(chat: Chat, thread_id: int | None) -> Place:
    """Where: a chat, or one topic of it; a group with a public name can be read by everybody."""
    id_ = str(chat.id) if thread_id is None else f"{chat.id}:{thread_id}"
    private = chat.type == ChatType.PRIVATE
    if private:
        return Place("telegram", id_, private=True)
    whole = thread_id is None
    title = chat.title or ""
    return Place(
        "telegram",
        id_,
        private=False,
        open=chat.username is not None,
        name=title if whole else "",
        server_id=str(chat.id),
        server=title,
        parent="" if whole else str(chat.id),
        parent_name="" if whole else title,
    )


def thread_of(message: Message) -> int | None:
    """The topic a message stands in; replies in an ordinary group have thread ids too."""
    return message.message_thread_id if message.is_topic_message else None


def words(message: Message, me: User, names: Mapping[str, str]) -> str | None:
    """What a message says to the bot; None when it was not meant for it.

    `names` are the acts' names by their form with an underscore, which commands have here. In a
    group the bot is spoken to by a command, its name, or a reply to what it said.
    """
    private = message.chat.type == ChatType.PRIVATE
    typed = (message.text or message.caption or "").strip()
    named = re.compile(rf"(?<!\w)@{me.username}\b[,:]?\s*", re.IGNORECASE)
    text = named.sub("", typed).strip()
    if command := COMMAND.match(text):
        name, addressee, rest = command.groups()
        if not private and addressee and addressee.lower() != str(me.username).lower():
            return None
        return f"/{names.get(name.lower(), name)}{rest}"
    return text if private or text != typed or _answered(message, me) else None


def forwarded(message: Message) -> bool:
    """Whether somebody else wrote what stands in the message: forwarded, or made by a bot."""
    if message.via_bot is not None:
        return True
    origin = message.forward_origin
    own = isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user
    return origin is not None and not own


def foreign_in(message: Message) -> list[str]:
    """What in a message somebody else chose: the names of those it mentions."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return list(dict.fromkeys(found.values()))


def shown_in(message: Message) -> list[str]:
    """The numbers with which the headings of what a message shows begin: "#12", "d1"."""
    kinds: list[str | None] = [MessageEntity.BOLD]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return [ref[0] for words in found.values() if (ref := HEADING.match(words))]


def answers_of(message: Message, me: User) -> str:
    """The id of the bot's own message that this one replies to, "" when it replies to none."""
    answered = _answered(message, me)
    return "" if answered is None else str(answered.message_id)


def blank_of(message: Message, me: User) -> str | None:
    """The token of the question that a message replies to, if it replies to one of ours."""
    asked = _answered(message, me)
    if asked is None:
        return None
    for text in asked.parse_entities([MessageEntity.CODE]).values():
        if mark := MARK.fullmatch(text):
            return mark[1]
    return None


class TooLarge(Exception):
    """A file is larger than a bot may fetch."""


async def uploads_of(message: Message) -> list[Upload]:
    """The picture, recording or text file that came with a message, downloaded.

    Raises:
        TooLarge: a bot may not fetch it.
        Unavailable: it could not be fetched.
    """
    found, name = _file_of(message)
    if found is None:
        return []
    if (found.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise TooLarge
    try:
        file = await found.get_file()
        return [Upload(name, bytes(await file.download_as_bytearray()), spoken=spoken(message))]
    except TelegramError as error:
        if "file is too big" in error.message.lower():
            raise TooLarge from error
        raise Unavailable("Telegram") from error


def note_in(message: Message) -> Voice | VideoNote | None:
    """What was spoken into the microphone, in a round video or without one."""
    return message.voice or message.video_note


def spoken(message: Message) -> Spoken | None:
    """How long a voice or video note is, and who spoke it where it was forwarded."""
    note = note_in(message)
    if note is None:
        return None
    length = note.duration
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    return Spoken(max(seconds, 1), _speaker(message) or SOMEBODY if forwarded(message) else "")


def _speaker(message: Message) -> str:
    """The name of whoever spoke; a deleted account has none."""
    match message.forward_origin:
        case MessageOriginUser(sender_user=user):
            return (
                user.full_name or ""
            ).strip()  # PTB gives None without one, whatever its type says
        case MessageOriginHiddenUser(sender_user_name=name):
            return (name or "").strip()
        case _:
            return ""


def _file_of(message: Message) -> tuple[File | None, str]:
    """The file of a message, and what it is called; Telegram names only some."""
    if message.photo:
        largest = message.photo[-1]
        return largest, "picture.jpg"
    if note := note_in(message):
        return note, "voice note.ogg" if message.voice else "video note.mp4"
    sent = message.audio or message.video or message.animation or message.document
    if sent is None:
        return None, ""
    name = sent.file_name or sent.file_unique_id
    shown = (sent.mime_type or "").startswith(("image/", "audio/", "video/"))
    return (sent, name) if shown or PurePath(name).suffix.lower() in TEXTS else (None, "")


def _answered(message: Message, me: User) -> Message | None:
    """The bot's own message that this one replies to; a topic's first message is no such."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.forum_topic_created:
        return None
    return answered if answered.from_user.id == me.id else None
