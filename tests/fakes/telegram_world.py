"""What the fake Telegram remembers: people, chats, messages and files."""

import hashlib
import io
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image, UnidentifiedImageError

from tests.fakes.telegram_html import Entity
from tests.fakes.telegram_limits import Refused, bad

Json = dict[str, Any]

MAX_PHOTO = 10_000_000
MAX_DOCUMENT = 50_000_000
MAX_DOWNLOAD = 20_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; their private chat with the bot has the same id."""

    id: int
    name: str
    username: str | None = None
    language: str = "en"
    bot: bool = False

    def wire(self) -> Json:
        """Return the Bot API's User."""
        user: Json = {"id": self.id, "is_bot": self.bot, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        return user if self.bot else {**user, "language_code": self.language}


ANA = Person(42, "Ana", "ana_maria")
BEN = Person(43, "Ben", "ben_the_bold")


Recording = Literal["audio", "video", "voice", "video_note"]
Kind = Literal["photo", "document", "audio", "video", "voice", "video_note"]
RECORDINGS: tuple[Recording, ...] = ("audio", "video", "voice", "video_note")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it is now, or one call that sent or changed a message."""

    method: str  # the Bot API method that made it so; "say" for what people wrote
    chat_id: int
    message_id: int
    sender_id: int
    text: str  # text or caption as it was sent, with its markup
    parse_mode: str | None
    plain: str  # text or caption as people read it
    entities: tuple[Entity, ...]
    buttons: tuple[tuple[str, str], ...]  # (label, callback data or URL)
    photo: bytes | None
    document: bytes | None
    recording: bytes | None  # audio, video or voice; `method` says which
    reply_markup: Json | None
    silent: bool
    topic: int | None
    reply_to: int | None
    reactions: tuple[str, ...]  # the bot's own
    at: float = field(compare=False)  # time.monotonic() when it was looked at


@dataclass(frozen=True, slots=True)
class File:
    """Stored bytes; the id is what the Bot API calls file_id."""

    id: str
    path: str
    content: bytes
    kind: Kind
    wire: Json


@dataclass(slots=True)
class Post:
    """A message in a chat; edits change it in place."""

    chat: "Chat"
    id: int
    sender: Person
    method: str
    source: str = ""
    parse_mode: str | None = None
    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    files: list[File] = field(default_factory=list)  # a photo's sizes, smallest first
    markup: Json | None = None
    silent: bool = False
    topic: int | None = None
    reply_to: int | None = None
    album: str | None = None
    date: int = field(default_factory=lambda: int(time.time()))
    edited: int | None = None
    service: Json = field(default_factory=dict)  # fields of a service message
    reactions: list[str] = field(default_factory=list)  # the bot's
    felt: dict[int, tuple[str, ...]] = field(default_factory=dict)  # other people's
    deleted: bool = False

    @property
    def media(self) -> File | None:
        """The picture in its largest size, or the only file."""
        return self.files[-1] if self.files else None

    def seen(self) -> Sent:
        """Return the message as a test reads it."""
        media = self.media
        content = {media.kind: media.content} if media else {}
        rows = (self.markup or {}).get("inline_keyboard", [])
        return Sent(
            method=self.method,
            chat_id=self.chat.id,
            message_id=self.id,
            sender_id=self.sender.id,
            text=self.source,
            parse_mode=self.parse_mode,
            plain=self.plain,
            entities=tuple(self.entities),
            buttons=tuple(
                (b["text"], str(b.get("callback_data", b.get("url", "")))) for r in rows for b in r
            ),
            photo=content.get("photo"),
            document=content.get("document"),
            recording=next((content[it] for it in RECORDINGS if it in content), None),
            reply_markup=self.markup,
            silent=self.silent,
            topic=self.topic,
            reply_to=self.reply_to,
            reactions=tuple(self.reactions),
            at=time.monotonic(),
        )

    def wire(self, *, with_reply: bool = True) -> Json:
        """Return the Bot API's Message."""
        if self.deleted:  # an InaccessibleMessage
            return {"chat": self.chat.wire(), "message_id": self.id, "date": 0}
        message: Json = {
            "message_id": self.id,
            "from": self.sender.wire(),
            "chat": self.chat.wire(),
            "date": self.date,
            **self.service,
        }
        media = self.media
        if media is not None and media.kind == "photo":
            message["photo"] = [file.wire for file in self.files]
        elif media is not None:
            message[media.kind] = media.wire
        words, marks = ("caption", "caption_entities") if media else ("text", "entities")
        if self.plain:
            message[words] = self.plain
        if self.entities:
            message[marks] = [entity.wire() for entity in self.entities]
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        if self.topic is not None:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        if self.album is not None:
            message["media_group_id"] = self.album
        if self.edited is not None:
            message["edit_date"] = self.edited
        replied = self.chat.posts.get(self.reply_to or 0)
        if with_reply and replied is not None and not replied.deleted:
            message["reply_to_message"] = replied.wire(with_reply=False)
        return message


@dataclass(slots=True)
class Chat:
    """A private chat, group or supergroup, and whether the bot may write there."""

    id: int
    title: str
    person: Person | None = None  # set in a private chat
    forum: bool = False
    topics: set[int] = field(default_factory=set)
    manages_topics: bool = False  # the bot is an administrator with that right
    posts: dict[int, Post] = field(default_factory=dict)
    closed: Refused | None = None  # what every call about this chat is answered with

    @property
    def kind(self) -> str:
        """The Bot API's type of this chat."""
        if self.person is not None:
            return "private"
        return "supergroup" if str(self.id).startswith("-100") else "group"

    def wire(self) -> Json:
        """Return the Bot API's Chat."""
        if self.person is not None:
            user = self.person.wire()
            named: Json = {key: user[key] for key in ("first_name", "username") if key in user}
            return {"id": self.id, "type": "private", **named}
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.kind, "title": self.title, **forum}

    def add(self, sender: Person, method: str) -> Post:
        """Add an empty message; its id counts within this chat."""
        post = Post(self, len(self.posts) + 1, sender, method)
        self.posts[post.id] = post
        return post

    def find(self, message_id: int | None, missing: str) -> Post:
        """Return a message that is still there; raises Refused with these words."""
        post = self.posts.get(message_id or 0)
        if post is None or post.deleted:
            raise bad(missing)
        return post


class World:
    """Everything the fake Telegram remembers."""

    def __init__(self, bot: Person) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}

    def private(self, person: Person) -> Chat:
        """Return the person's chat with the bot, closed until they write to it."""
        if person.id not in self.chats:
            never = Refused(403, "Forbidden: bot can't initiate conversation with a user")
            self.chats[person.id] = Chat(person.id, person.name, person=person, closed=never)
        return self.chats[person.id]

    def room(self, chat_id: int) -> Chat:
        """Return a chat by id; a group comes into being when first named."""
        if chat_id not in self.chats:
            if chat_id > 0:
                raise LookupError(f"nobody with id {chat_id} is known here")
            self.chats[chat_id] = Chat(chat_id, f"Room {-chat_id}")
        return self.chats[chat_id]

    def open_chat(self, chat_id: object) -> Chat:
        """Return the chat a call is about; raises Refused when the bot cannot write there."""
        text = "" if chat_id is None else str(chat_id)
        if not text:
            raise bad("chat_id is empty")
        number = int(text) if text.lstrip("-").isdecimal() else 0
        chat = self.chats.get(number)
        if chat is None:
            raise bad("chat not found")
        if chat.closed is not None:
            raise chat.closed
        return chat

    def keep_photo(self, content: bytes) -> list[File]:
        """Store a picture in two sizes, smallest first; raises Refused if it is none."""
        if len(content) > MAX_PHOTO:
            raise Refused(413, "Request Entity Too Large")
        try:
            with Image.open(io.BytesIO(content)) as picture:
                width, height = picture.size
                if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                    raise bad("PHOTO_INVALID_DIMENSIONS")
                picture.thumbnail((90, 90))
                small = io.BytesIO()
                picture.convert("RGB").save(small, "JPEG")
                sizes = [(small.getvalue(), picture.size), (content, (width, height))]
        except (UnidentifiedImageError, OSError) as error:
            raise bad("IMAGE_PROCESS_FAILED") from error
        return [self._keep(body, "photo", width=w, height=h) for body, (w, h) in sizes]

    def keep_document(self, content: bytes, name: str, mime: str) -> list[File]:
        """Store a file of any type."""
        if len(content) > MAX_DOCUMENT:
            raise Refused(413, "Request Entity Too Large")
        if not content:
            raise bad("file must be non-empty")
        return [self._keep(content, "document", file_name=name, mime_type=mime)]

    def keep_recording(self, content: bytes, kind: Recording, name: str, mime: str) -> list[File]:
        """Store what is played in the chat; raises Refused where Telegram would not play it."""
        if len(content) > MAX_DOCUMENT:
            raise Refused(413, "Request Entity Too Large")
        plays = {
            "audio": content[:3] == b"ID3" or content[:1] == b"\xff" or content[4:8] == b"ftyp",
            "video": content[4:8] == b"ftyp",
            "voice": content[:4] == b"OggS" and b"OpusHead" in content[:64],
            "video_note": content[4:8] == b"ftyp",
        }
        if not plays[kind]:
            raise bad(f"can't use the file as {kind}")
        extra: dict[str, object] = {"mime_type": mime, "duration": 1}
        if kind == "video_note":
            return [self._keep(content, kind, length=32, duration=1)]
        if kind != "voice":
            extra["file_name"] = name
        if kind == "video":
            extra |= {"width": 32, "height": 32}
        return [self._keep(content, kind, **extra)]

    def again(self, file_id: str, kind: str) -> list[File]:
        """Return a stored file by its id; raises Refused when there is none of that kind."""
        file = self.files.get(file_id)
        if file is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return [file]

    def _keep(self, content: bytes, kind: Kind, **extra: object) -> File:
        unique = f"{kind[:2]}{hashlib.sha256(content).hexdigest()[:14]}"
        number = len(self.files)
        file_id = f"{unique}-{number}"
        ending = "jpg" if kind == "photo" else str(extra.get("file_name", "oga")).rpartition(".")[2]
        wire = {
            "file_id": file_id,
            "file_unique_id": unique,
            "file_size": len(content),
            **extra,
        }
        file = File(file_id, f"{kind}s/file_{number}.{ending}", content, kind, wire)
        self.files[file_id] = file
        return file
