"""The Bot API methods that send and change messages."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.telegram_calls import Parameters
from tests.fakes.telegram_html import Entity
from tests.fakes.telegram_limits import (
    MAX_CAPTION,
    MAX_TEXT,
    Pacing,
    bad,
    check_markup,
    read_text,
)
from tests.fakes.telegram_world import RECORDINGS, Chat, File, Json, Post, Sent, World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


class Messages:
    """Sends, edits and deletes as the Bot API documents them; each returns its `result`."""

    def __init__(self, world: World, pacing: Pacing) -> None:
        self.world = world
        self.pacing = pacing
        self.sent: list[Sent] = []

    def send_message(self, asked: Parameters) -> Json:
        """Send a text."""
        chat = self._chat(asked)
        source, mode = asked.text("text") or "", asked.text("parse_mode")
        plain, entities = read_text(
            source, mode, asked.objects("entities"), limit=MAX_TEXT, caption=False
        )
        if not plain:
            raise bad("message text is empty")
        self._check(chat, asked)
        return self._finish(self._post(chat, asked, "sendMessage", source, mode, plain, entities))

    def send_photo(self, asked: Parameters) -> Json:
        """Send a picture, uploaded or by file_id."""
        return self._send_file(asked, "sendPhoto", "photo")

    def send_document(self, asked: Parameters) -> Json:
        """Send a file of any type, uploaded or by file_id."""
        return self._send_file(asked, "sendDocument", "document")

    def send_audio(self, asked: Parameters) -> Json:
        """Send music: MP3 or M4A, uploaded or by file_id."""
        return self._send_file(asked, "sendAudio", "audio")

    def send_video(self, asked: Parameters) -> Json:
        """Send a video: MPEG-4, uploaded or by file_id."""
        return self._send_file(asked, "sendVideo", "video")

    def send_voice(self, asked: Parameters) -> Json:
        """Send a voice message: Ogg with Opus, uploaded or by file_id."""
        return self._send_file(asked, "sendVoice", "voice")

    def send_media_group(self, asked: Parameters) -> list[Json]:
        """Send 2 to 10 pictures or files as one album."""
        chat = self._chat(asked)
        items = asked.objects("media")
        if not 2 <= len(items) <= 10:
            raise bad("group send must contain 2-10 items")
        ready = [(item, *self._media(item, asked)) for item in items]
        self._check(chat, asked, count=len(items))
        album = str(time.monotonic_ns())
        posts = []
        for item, files, plain, entities in ready:
            source, mode = str(item.get("caption") or ""), item.get("parse_mode")
            post = self._post(chat, asked, "sendMediaGroup", source, mode, plain, entities)
            post.files, post.album, post.markup = files, album, None
            posts.append(post)
        return [self._finish(post) for post in posts]

    def edit_message_text(self, asked: Parameters) -> Json:
        """Replace a text message's text and keyboard."""
        post = self._editable(asked)
        if post.media is not None:
            raise bad("there is no text in the message to edit")
        source, mode = asked.text("text") or "", asked.text("parse_mode")
        plain, entities = read_text(
            source, mode, asked.objects("entities"), limit=MAX_TEXT, caption=False
        )
        if not plain:
            raise bad("message text is empty")
        return self._edit(post, asked, "editMessageText", source, mode, plain, entities)

    def edit_message_caption(self, asked: Parameters) -> Json:
        """Replace a picture's or file's caption and keyboard."""
        post = self._editable(asked)
        if post.media is None:
            raise bad("there is no caption in the message to edit")
        source, mode = asked.text("caption") or "", asked.text("parse_mode")
        given = asked.objects("caption_entities")
        plain, entities = read_text(source, mode, given, limit=MAX_CAPTION, caption=True)
        return self._edit(post, asked, "editMessageCaption", source, mode, plain, entities)

    def edit_message_reply_markup(self, asked: Parameters) -> Json:
        """Replace a message's keyboard; without one the keyboard goes away."""
        post = self._editable(asked)
        same = (post.source, post.parse_mode, post.plain, post.entities)
        return self._edit(post, asked, "editMessageReplyMarkup", *same)

    def edit_message_media(self, asked: Parameters) -> Json:
        """Replace a message's picture or file, its caption and its keyboard."""
        post = self._editable(asked)
        item = asked.json("media") or {}
        files, plain, entities = self._media(item, asked)
        source, mode = str(item.get("caption") or ""), item.get("parse_mode")
        return self._edit(post, asked, "editMessageMedia", source, mode, plain, entities, files)

    def delete_message(self, asked: Parameters) -> bool:
        """Delete a message: the bot's own, or any in a private chat or group."""
        chat = self._chat(asked)
        chat.find(asked.number("message_id"), "message to delete not found").deleted = True
        return True

    def delete_messages(self, asked: Parameters) -> bool:
        """Delete 1 to 100 messages; those already gone are skipped."""
        chat = self._chat(asked)
        for number in asked.json("message_ids") or []:
            if number in chat.posts:
                chat.posts[number].deleted = True
        return True

    def _send_file(self, asked: Parameters, method: str, kind: str) -> Json:
        chat = self._chat(asked)
        source, mode = asked.text("caption") or "", asked.text("parse_mode")
        given = asked.objects("caption_entities")
        plain, entities = read_text(source, mode, given, limit=MAX_CAPTION, caption=True)
        files = self._files(kind, asked.text(kind), asked, kind)
        self._check(chat, asked)
        post = self._post(chat, asked, method, source, mode, plain, entities)
        post.files = files
        return self._finish(post)

    def _media(self, item: Any, asked: Parameters) -> tuple[list[File], str, list[Entity]]:
        if not isinstance(item, Mapping) or item.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia: type must be photo or document")
        caption, mode = str(item.get("caption") or ""), item.get("parse_mode")
        given = item.get("caption_entities") or []
        plain, entities = read_text(caption, mode, given, limit=MAX_CAPTION, caption=True)
        kind = str(item["type"])
        return self._files(kind, str(item.get("media") or ""), asked, ""), plain, entities

    def _files(self, kind: str, named: str | None, asked: Parameters, field: str) -> list[File]:
        """Return an upload (in its own field or attached) or a stored file's id as files."""
        upload = asked.uploads.get((named or "").removeprefix("attach://") or field)
        if upload is None and not named:
            raise bad(f"there is no {kind} in the request")
        if upload is None:
            return self.world.again(named or "", kind)
        if kind == "photo":
            return self.world.keep_photo(upload.content)
        for recording in RECORDINGS:
            if kind == recording:
                return self.world.keep_recording(
                    upload.content, recording, upload.name, upload.mime
                )
        return self.world.keep_document(upload.content, upload.name, upload.mime)

    def _chat(self, asked: Parameters) -> Chat:
        return self.world.open_chat(asked.values.get("chat_id"))

    def _check(self, chat: Chat, asked: Parameters, count: int = 1) -> None:
        """Raise Refused unless a message with these parameters may be sent now."""
        check_markup(asked.json("reply_markup"))
        topic = asked.number("message_thread_id")
        if topic and topic not in chat.topics:
            raise bad("message thread not found")
        reply = asked.object("reply_parameters")
        if reply and not reply.get("allow_sending_without_reply"):
            chat.find(reply.get("message_id"), "message to be replied not found")
        self.pacing.take(chat.id, group=chat.person is None, count=count)

    def _post(
        self,
        chat: Chat,
        asked: Parameters,
        method: str,
        source: str,
        mode: str | None,
        plain: str,
        entities: Sequence[Entity],
    ) -> Post:
        post = chat.add(self.world.bot, method)
        post.source, post.parse_mode, post.plain = source, mode, plain
        post.entities, post.markup = list(entities), asked.json("reply_markup")
        post.silent = asked.switch("disable_notification")
        post.topic = asked.number("message_thread_id") or None
        replied = asked.object("reply_parameters").get("message_id")
        there = chat.posts.get(replied or 0)
        post.reply_to = replied if there is not None and not there.deleted else None
        return post

    def _finish(self, post: Post) -> Json:
        self.sent.append(post.seen())
        return post.wire()

    def _editable(self, asked: Parameters) -> Post:
        post = self._chat(asked).find(asked.number("message_id"), "message to edit not found")
        if post.sender != self.world.bot:
            raise bad("message can't be edited")
        return post

    def _edit(
        self,
        post: Post,
        asked: Parameters,
        method: str,
        source: str,
        mode: str | None,
        plain: str,
        entities: Sequence[Entity],
        files: list[File] | None = None,
    ) -> Json:
        markup = asked.json("reply_markup")
        check_markup(markup)
        rows = (markup or {}).get("inline_keyboard") or None
        had = (post.markup or {}).get("inline_keyboard") or None
        same = (plain, list(entities), rows) == (post.plain, post.entities, had)
        if same and files is None:
            raise bad(_NOT_MODIFIED)
        self.pacing.take(post.chat.id, group=post.chat.person is None)
        post.method, post.source, post.parse_mode, post.plain = method, source, mode, plain
        post.entities, post.markup = list(entities), markup if rows else None
        post.files = post.files if files is None else files
        post.edited = int(time.time())
        return self._finish(post)
